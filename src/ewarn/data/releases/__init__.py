"""Releases of a source and the months they cover; may import core only."""

from ewarn.data.releases._version import Version

__all__ = ["Version"]
