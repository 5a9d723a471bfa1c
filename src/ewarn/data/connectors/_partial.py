"""What a download has received so far, kept beside its target until it is whole."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MOST_AGE = timedelta(hours=24)  # older pieces may be of another state of the source


class PartialFile:
    """The folder .NAME.partial: pieces of one download, each written whole or not at all.

    Pieces of another request, or of one begun more than a day ago, are thrown away.
    """

    def __init__(self, target: Path, asked: Mapping[str, object]) -> None:
        self.folder = target.with_name(f".{target.name}.partial")
        self._asked = dict(asked)
        if not self._is_of_this_request():
            self.clear()

    def get(self, name: str) -> Any:
        """Return the piece of that name, or None."""
        path = self.folder / f"{name}.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def put(self, name: str, piece: object) -> None:
        """Keep a piece, in place of an earlier one of that name."""
        write(self.path(f"{name}.json"), json.dumps(piece).encode())

    def path(self, name: str) -> Path:
        """Return where a file of that name lies, in a folder that is there."""
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.put("request", {"asked": self._asked, "begun": datetime.now(UTC).isoformat()})
        return self.folder / name

    def drop(self, names: str) -> None:
        """Throw away the pieces whose names begin so."""
        for path in self.folder.glob(f"{names}*"):
            path.unlink()

    def clear(self) -> None:
        """Throw all pieces away."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _is_of_this_request(self) -> bool:
        try:
            request = self.get("request") or {}
            begun = datetime.fromisoformat(request["begun"])
        except (ValueError, KeyError):
            return False
        return request["asked"] == self._asked and datetime.now(UTC) - begun < MOST_AGE


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)
