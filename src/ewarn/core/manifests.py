"""Manifests of downloads: NAME.manifest.json beside the file NAME."""

import json
from pathlib import Path
from typing import Any

from ewarn.core.errors import BadInput

ENDING = ".manifest.json"


def beside(path: Path) -> Path:
    """Return where the manifest of a file lies, if it has one.

    >>> beside(Path("ged/GEDEvent_v26_1.csv")).name
    'GEDEvent_v26_1.csv.manifest.json'
    """
    return path.with_name(path.name + ENDING)


def read(path: Path) -> dict[str, Any]:
    """Return the manifest of a file, empty where it has none; raises BadInput for what is no JSON
    object.
    """
    manifest = beside(path)
    if not manifest.is_file():
        return {}
    try:
        return dict(json.loads(manifest.read_bytes()))
    except (ValueError, TypeError) as error:
        raise BadInput(manifest, f"no JSON ({error})", "the manifest of a download") from error
