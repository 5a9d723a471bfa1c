"""What is recorded of one reading of a file, and when that file was fetched."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from ewarn.core import manifests, months
from ewarn.core.errors import BadInput


class Vintage(BaseModel):
    """One state of a source: a file's contents, when they were fetched, and what they cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    source: str
    series: str
    file: str
    fetched_at: AwareDatetime
    digest: str
    first_month: str | None
    last_month: str | None
    rows: int
    final_through: str | None = None
    again_through: str | None = None

    @property
    def day(self) -> date:
        """The day, in UTC, from whose evening it was at hand."""
        return self.fetched_at.astimezone(UTC).date()

    @property
    def covered(self) -> tuple[int, int]:
        """The first and the last month covered; one that had not ended when fetched is not."""
        if self.first_month is None or self.last_month is None:
            raise ValueError(f"{self.file} covers no months")
        ended = months.last_complete(self.day)
        return months.parse(self.first_month), min(months.parse(self.last_month), ended)


def series(source: str, file: str, column_map: str = "") -> str:
    """Return the name that the vintages of one file share: its source, and its name without digits.

    >>> series("ucdp_ged", "ged211_africa.csv.gz")
    'ucdp_ged-ged-africa'
    """
    stem = re.sub(r"[^a-z]+", "-", file.lower().partition(".")[0]).strip("-")
    mapped = column_map.removeprefix("sha256:")[:8]
    return "-".join(filter(None, (source, stem, mapped)))


def fetched_at(path: Path, digest: str) -> datetime:
    """Return when a file of that digest was fetched, by the manifest of its download; without
    one, now, in UTC.

    Raises BadInput for a manifest without a time, or of another content.
    """
    manifest = manifests.beside(path)
    if not manifest.is_file():
        return datetime.now(UTC)
    try:
        reported = _Manifest.model_validate_json(manifest.read_bytes())
    except ValidationError as error:
        raise BadInput(manifest, "no fetched_at", "a time with its zone, ISO 8601") from error
    if reported.digest not in (None, digest):
        raise BadInput(manifest, f"the digest {reported.digest}", f"that of {path.name}, {digest}")
    return reported.fetched_at


class _Manifest(BaseModel):
    fetched_at: AwareDatetime
    digest: str | None = None
