"""Read a file's bytes, their digest, and the tables of text in it."""

import codecs
import gzip
import zlib
from hashlib import sha256
from pathlib import Path

from ewarn.core.errors import BadInput
from ewarn.data.sources import _formats, _pages
from ewarn.data.sources._table import Table

READERS = {
    ".csv": _formats.from_csv,
    ".geojson": _formats.from_geojson,
    ".json": _pages.from_json,
    **dict.fromkeys((".tsv", ".tab", ".txt"), _formats.from_csv),
}
SEPARATORS = {b",": "comma", b";": "semicolon", b"\t": "tab", b"|": "bar"}
EXPECTED = "a .csv, .tsv, .txt, .geojson or .json file, plain or .gz, or an .xlsx file"


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


def tables(name: str, data: bytes, encoding: str = "") -> list[Table]:
    """Return the tables in a file's bytes, by the ending of its name: one, or one a sheet of a
    workbook.

    Text is UTF-8, or UTF-16 with its mark, or in the encoding stated. Raises BadInput for other
    endings, no content, broken gzip, and text in another encoding.
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
    return [reader(name, _decode(name, data, encoding))]


def _gunzip(name: str, data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except EOFError as error:
        raise BadInput(name, "a gzip file that is cut short", "a whole gzip file") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BadInput(
            name, f"no gzip content ({error})", "a gzip file, as it ends in .gz"
        ) from error


def _decode(name: str, data: bytes, encoding: str) -> str:
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    used = encoding or ("utf-16" if is_utf16 else "utf-8-sig")
    if not encoding and not is_utf16 and b"\x00" in data[:4]:
        found = "text with empty bytes, as UTF-16 without its mark has"
        raise BadInput(name, found, "--encoding utf-16-le or --encoding utf-16-be")
    try:
        return data.decode(used)
    except LookupError as error:
        raise BadInput("encoding", repr(encoding), "one that Python has, such as cp1252") from error
    except UnicodeError as error:
        raise _not_text(name, data, getattr(error, "start", 0), encoding) from error


def _not_text(name: str, data: bytes, start: int, encoding: str) -> BadInput:
    line = data.count(b"\n", 0, start) + 1
    found = f"the byte 0x{data[start]:02x}, which is not {encoding or 'UTF-8'}"
    separator = max(SEPARATORS, key=data.partition(b"\n")[0].count)
    expected = (
        "text in the encoding UTF-8; name another with --encoding (cp1252 for files of Excel in"
        f" Western Europe); the separator of this file is the {SEPARATORS[separator]}"
    )
    return BadInput(f"{name}, row {line}", found, expected)
