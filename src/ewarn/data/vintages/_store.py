"""The folder of vintages: objects by digest, records of readings, changes as Parquet."""

import io
from collections.abc import Collection
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from ewarn.core import files
from ewarn.core.errors import BadInput
from ewarn.data.vintages._record import Vintage


class Store:
    """Vintages kept below a folder, which is made when the first one is.

    With `only`, none but vintages of these digests are there, and nothing can be kept.
    """

    def __init__(self, folder: Path, only: Collection[str] | None = None) -> None:
        self.folder, self._only = folder, only

    def admitted(self, series: str) -> tuple[Vintage, ...]:
        """Return the vintages of that series whose changes are kept, the oldest first."""
        found = (one for one in self._records(series) if self._changes(one).exists())
        return tuple(sorted(found, key=lambda one: one.fetched_at))

    def find(self, series: str, digest: str) -> Vintage | None:
        """Return the record of that content in that series, admitted or not."""
        return next((one for one in self._records(series) if one.digest == digest), None)

    def path(self, digest: str, file: str) -> Path:
        """Return where the content of that digest lies, under that name; raises BadInput if it is
        gone.
        """
        found = self._object(digest) / file
        if not found.exists() or files.digest(found.read_bytes()) != digest:
            what = "changed" if found.exists() else "gone"
            raise BadInput(found, f"the vintage {digest} of {file} is {what}", "it as it was read")
        return found

    def changes(self, vintage: Vintage) -> pd.DataFrame:
        """Return the changes of an admitted vintage on the one before it."""
        path = self._changes(vintage)
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise BadInput(path, str(error), "the changes of a vintage, as Parquet") from error

    def keep(self, source: Path | bytes, vintage: Vintage, changes: pd.DataFrame | None) -> None:
        """Keep the file, or its content, and the record of its reading, and, if it is to be
        admitted, its changes.

        Each is whole or not there, and a record is there only with its object. What is kept
        already is not written again. Raises BadInput where the file is no longer what was read.
        """
        if self._only is not None:
            raise ValueError("a store of some vintages alone is only read")
        with files.alone(self.folder):
            self._keep_object(source, vintage.digest, vintage.file)
            found = self.find(vintage.series, vintage.digest)
            if found is None:
                files.put_whole(self._record(vintage), vintage.model_dump_json(indent=1).encode())
            if changes is not None and not self._changes(found or vintage).exists():
                files.put_whole(self._changes(found or vintage), _parquet(changes))

    def keep_part(self, path: Path, digest: str) -> None:
        """Keep a file that a kept list of releases names."""
        with files.alone(self.folder):
            self._keep_object(path, digest, path.name)

    def _keep_object(self, source: Path | bytes, digest: str, file: str) -> None:
        stored = self._object(digest) / file
        same = next(stored.parent.glob("[!.]*"), None)
        if same is None:
            files.put_whole(stored, _content(source, digest))
        elif not stored.exists():
            stored.hardlink_to(same)  # another name for the same bytes

    def _records(self, series: str) -> list[Vintage]:
        paths = sorted((self.folder / "readings" / series).glob("[!.]*.json"))
        found = [_read(path) for path in paths]
        return [one for one in found if self._only is None or one.digest in self._only]

    def _object(self, digest: str) -> Path:
        return self.folder / "objects" / digest.removeprefix("sha256:")

    def _record(self, vintage: Vintage) -> Path:
        return self.folder / "readings" / vintage.series / f"{_name(vintage)}.json"

    def _changes(self, vintage: Vintage) -> Path:
        return self.folder / "changes" / vintage.series / f"{_name(vintage)}.parquet"


def _name(vintage: Vintage) -> str:
    return f"{vintage.fetched_at:%Y%m%dT%H%M%SZ}-{vintage.digest.removeprefix('sha256:')[:12]}"


def _read(path: Path) -> Vintage:
    try:
        return Vintage.model_validate_json(files.content(path, "the record of a reading"))
    except ValidationError as error:
        raise BadInput(path, error.errors()[0]["msg"], "the record of a reading") from error


def _content(source: Path | bytes, digest: str) -> bytes:
    if isinstance(source, bytes):
        return source
    content = files.content(source, "the file that was read")
    if files.digest(content) != digest:
        raise BadInput(source, "another content than was read", "a file that stays as it is")
    return content


def _parquet(table: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    table.to_parquet(sink, index=False)
    return sink.getvalue()
