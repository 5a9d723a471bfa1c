"""Files of releases in the order of their versions, and the list that stands for them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ewarn.core import files, manifests
from ewarn.core.errors import BadInput
from ewarn.data.versions import Version

ENDINGS = (".csv", ".csv.gz", ".geojson", ".geojson.gz", ".json", ".xlsx")
_LIST = ".releases.json"
_STATED = (
    "an official file name such as GEDEvent_v26_0_10.csv, a manifest beside the file, a column"
    " `timestamp` as in ACLED's exports, or --release for each file"
)


@dataclass(frozen=True)
class Part:
    """One file of a release: `name` is its version, `rows` how many its manifest promises."""

    path: Path
    name: str
    digest: str
    rows: int | None = None

    @property
    def version(self) -> Version | None:
        """The version of UCDP that the name is, if it is one."""
        try:
            return Version.parse(self.name)
        except BadInput:
            return None


def parts(paths: Sequence[Path], names: Sequence[str] = ()) -> tuple[Part, ...]:
    """Return the files, and those of folders, from the oldest release to the newest.

    `names` are the user's own words for the releases, one a file, from the oldest on. Raises
    BadInput for a file whose version nothing states, or where two are of one version.
    """
    every = [one for path in paths for one in _expanded(path)]
    if names and len(names) != len(every):
        raise BadInput("--release", f"{len(names)} for {len(every)} files", "one for each file")
    facts = [manifests.read(path) for path in every]
    given = names or [_stated(path, fact) for path, fact in zip(every, facts, strict=True)]
    found = [
        Part(path, name, files.digest(files.content(path, "a release")), fact.get("rows"))
        for path, name, fact in zip(every, given, facts, strict=True)
    ]
    return tuple(found) if names and not found[0].version else _in_order(found)


def as_list(found: Sequence[Part]) -> tuple[str, bytes]:
    """Return the name and the text of the list that stands for those files, the same for the same
    contents.
    """
    entries = [
        {"file": one.path.name, "release": one.name, "digest": one.digest, "rows": one.rows}
        for one in found
    ]
    text = json.dumps({"releases": entries}, indent=1).encode()
    oldest, newest = found[0].path.name.partition(".")[0], found[-1].name.replace(":", "")
    return f"{oldest}-to-{newest}{_LIST}", text


def is_list(path: Path) -> bool:
    """Return whether a file is such a list."""
    return path.name.endswith(_LIST)


def listed(path: Path) -> tuple[Part, ...]:
    """Return the files of a list that lies in a store, each in the folder of its digest there."""
    entries = json.loads(files.content(path, "a list of releases"))["releases"]
    root = path.parents[1]
    return tuple(
        Part(
            root / one["digest"].removeprefix("sha256:") / one["file"],
            one["release"],
            one["digest"],
            one["rows"],
        )
        for one in entries
    )


def _expanded(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [
        one
        for one in sorted(path.iterdir())
        if one.name.lower().endswith(ENDINGS)
        and not one.name.startswith(".")
        and not one.name.endswith(manifests.ENDING)
    ]
    if not found:
        raise BadInput(path, "no file of events in it", "a folder of releases")
    return found


def _stated(path: Path, manifest: dict[str, Any]) -> str:
    for text in (manifest.get("version"), Version.of_file(path)):
        try:
            return str(Version.parse(str(text)))
        except BadInput:
            continue
    fetched = str(manifest.get("fetched_at", "")) or _newest_timestamp(path)
    if not fetched:
        raise BadInput(path, "several files of events, and no version of this one", _STATED)
    return fetched


def _newest_timestamp(path: Path) -> str:
    """Return the newest `timestamp` in a CSV export of ACLED, seconds since 1970, as a time in UTC;
    nothing where there is none.
    """
    if not path.name.lower().endswith((".csv", ".csv.gz")):
        return ""
    try:
        table = pd.read_csv(path, usecols=lambda name: name == "timestamp", encoding="latin-1")
    except (ValueError, OSError):  # whatever is wrong with it is reported when it is read
        return ""
    newest = pd.to_numeric(table.get("timestamp", pd.Series(dtype=float)), errors="coerce").max()
    if pd.isna(newest):
        return ""
    return datetime.fromtimestamp(int(newest), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _in_order(found: Sequence[Part]) -> tuple[Part, ...]:
    versions = [one.version for one in found]
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        name = next(one for one in names if names.count(one) > 1)
        same = ", ".join(sorted(one.path.name for one in found if one.name == name))
        raise BadInput(same, f"the release {name} twice", "each release once")
    if all(versions):
        return tuple(sorted(found, key=lambda one: Version.parse(one.name)))
    if any(versions):
        odd = next(one for one in found if one.version is None)
        raise BadInput(odd.path, f"the release {odd.name!r} among versions of UCDP", _STATED)
    return tuple(sorted(found, key=lambda one: one.name))  # times, in UTC
