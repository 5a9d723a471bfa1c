"""Put a downloaded file in its place, with a manifest beside it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from ewarn.core import manifests
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._partial import write


def manifest(name: str, request: FetchRequest, download: Download) -> dict[str, Any]:
    """Return the manifest of a file: its origin, time, and the length and rows that were
    promised.
    """
    with download.path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {
        "source": name,
        "url": download.url,
        "asked": request.named,
        "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "digest": f"sha256:{digest}",
        "rows": download.rows,
        "promised": download.promised,
        "version": download.version,
        "pages": download.pages,
        "notes": list(download.notes),
    }


def put(made: Path, target: Path, told: Mapping[str, Any]) -> None:
    """Put a file and its manifest in place; until both are there, there is no manifest."""
    beside = manifests.beside(target)
    unfinished = made.with_name(beside.name)
    write(unfinished, json.dumps(told, indent=2).encode())
    beside.unlink(missing_ok=True)
    made.replace(target)
    unfinished.replace(beside)
