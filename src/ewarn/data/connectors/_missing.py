"""Releases that a folder lacks, and those in it that the source has changed since."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ewarn.core import manifests
from ewarn.core.errors import BadInput
from ewarn.data.connectors._download import filter_words
from ewarn.data.connectors._listing import Listed, Listing
from ewarn.data.versions import Version

_ENDINGS = (".csv", ".csv.gz", ".geojson", ".geojson.gz", ".xlsx")  # of files that can be read
_VERSION = re.compile(r"\d+(\.\d+)+")  # of a file that is not from the API a manifest has an ETag


@dataclass(frozen=True)
class Held:
    """A file of a release in a folder; `manifest` is empty where none lies beside it."""

    path: Path
    version: Version
    manifest: Mapping[str, Any]

    @property
    def filter(self) -> str:
        """The filter that it was requested with; none where there is no manifest."""
        return str(self.manifest.get("asked", {}).get("where", ""))

    def covers(self, version: Version) -> bool:
        """Return whether the months of a version need no other file than this one."""
        if version.is_final or self.version.is_final:
            return self.version == version
        return self.version.covers(version.first_month) and self.version.covers(version.last_month)

    def is_changed(self, listed: Listed) -> bool:
        """Return whether the source now promises other rows of the same version than it did."""
        promised = self.manifest.get("promised", {}).get("rows")
        return self.version == listed.version and promised not in (None, listed.rows)


def held(folder: Path, where: Mapping[str, str]) -> list[Held]:
    """Return the releases in a folder; raises BadInput where one was filtered otherwise."""
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [one for path in paths if (one := _held(path)) is not None]
    wanted = filter_words(where)
    for one in found:
        if _same(one.filter) != _same(wanted):
            found_filter = _shown(one.filter) if one.manifest else "no manifest, so no filter"
            expected = f"{_shown(wanted)}, as requested now: files of one folder have one filter"
            raise BadInput(one.path, found_filter, expected)
    return found


def lacking(listing: Listing, there: list[Held]) -> list[Version]:
    """Return the versions that are needed and not held, from the older to the newer.

    None is older than the newest yearly one that is held, even if the source has that no more.
    """
    held_final = [one.version for one in there if one.version.is_final]
    needed = [each.version for each in listing.needed]
    newer = [version for version in needed if not held_final or version > max(held_final)]
    return [version for version in newer if not any(one.covers(version) for one in there)]


def changed(listing: Listing, there: list[Held]) -> list[Held]:
    """Return what is held of the needed versions with another number of rows than there is now."""
    return [one for each in listing.needed for one in there if one.is_changed(each)]


def _held(path: Path) -> Held | None:
    name = path.name
    version = Version.of_file(name)
    if version is None or name.startswith(".") or not name.lower().endswith(_ENDINGS):
        return None
    manifest = manifests.read(path)
    reported = str(manifest.get("version"))
    if reported != str(version) and _VERSION.fullmatch(reported):
        raise BadInput(path, f"version {reported} in its manifest", f"version {version}, as named")
    return Held(path, version, manifest)


def _same(words: str) -> list[str]:
    """Return a filter in a form in which equal ones are equal: names have no case, no order."""
    pairs = (pair.partition("=") for pair in words.split("&") if pair)
    return sorted(f"{name.lower()}={value}" for name, _, value in pairs)


def _shown(words: str) -> str:
    return f"the filter {words}" if words else "no filter"
