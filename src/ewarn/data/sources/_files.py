"""Read a file's bytes, their digest, and the tables of text in it."""

import gzip
import zlib
from hashlib import sha256
from pathlib import Path

from ewarn.core.errors import BadInput
from ewarn.data.sources import _formats
from ewarn.data.sources._table import Table

READERS = {
    ".csv": _formats.from_csv,
    ".geojson": _formats.from_geojson,
    ".json": _formats.from_geojson,
}
EXPECTED = "a .csv, .csv.gz, .geojson, .geojson.gz or .xlsx file"


def content(path: Path) -> bytes:
    """Return the bytes of a file; raises BadInput when there is no such file, or it cannot
    be read.
    """
    if path.is_dir():
        raise BadInput(path, "a folder", EXPECTED)
    if not path.exists():
        raise BadInput(path, "no such file", EXPECTED)
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(path, error.strerror or "an unreadable file", EXPECTED) from error


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, as "sha256:..."."""
    return f"sha256:{sha256(data).hexdigest()}"


def tables(name: str, data: bytes) -> list[Table]:
    """Return the tables in a file's bytes, by the ending of its name: one, or one a sheet of a
    workbook.

    Raises BadInput for other endings, no content, broken gzip, and text that is not UTF-8.
    """
    ending = name.lower().removesuffix(".gz")
    if not data:
        raise BadInput(name, "an empty file", "a header and at least one row of data")
    if ending.endswith(".xlsx"):
        return _formats.from_xlsx(name, data)
    reader = READERS.get(Path(ending).suffix)
    if reader is None:
        raise BadInput(name, f"the ending {Path(name).suffix!r}", EXPECTED)
    if name.lower().endswith(".gz"):
        data = _gunzip(name, data)
    return [reader(name, _decode(name, data))]


def _gunzip(name: str, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except EOFError as error:
        raise BadInput(name, "a gzip file that is cut short", "a whole gzip file") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BadInput(
            name, f"no gzip content ({error})", "a gzip file, as it ends in .gz"
        ) from error


def _decode(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"the byte 0x{data[error.start]:02x}, which is not UTF-8"
        raise BadInput(f"{name}, row {line}", found, "text in the encoding UTF-8") from error
