"""Write rows as CSV, and count the rows of a file while checking them."""

import csv
import gzip
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import openpyxl

from ewarn.data.connectors._page_checks import Row, Unsound

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
# What openpyxl lets through from the zip, the compression and the XML of a damaged workbook.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, SyntaxError)


def write_csv(path: Path, rows: Callable[[], Iterator[Row]]) -> int:
    """Return how many rows were written; their columns are all that any row has, in order of
    mention.
    """
    columns = list(dict.fromkeys(column for row in rows() for column in row))
    written = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        for row in rows():
            out.writerow(row)
            written += 1
    if not written:
        raise Unsound(path.name, "no rows", "at least one")
    return written


def unzip(archive: Path, into: Path) -> None:
    """Take the one CSV file out of an archive; raises Unsound where its checksum is wrong."""
    where = into.name
    try:
        with zipfile.ZipFile(archive) as zipped:
            tables = [name for name in zipped.namelist() if name.lower().endswith(".csv")]
            if len(tables) != 1:
                found = f"{len(tables)} CSV files: {', '.join(tables) or 'none'}"
                raise Unsound(where, found, "an archive with one CSV file")
            with zipped.open(tables[0]) as packed, into.open("wb") as file:
                shutil.copyfileobj(packed, file)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unsound(where, f"a broken archive ({error})", "a whole ZIP archive") from error


def in_csv(path: Path) -> int:
    """Return how many rows a CSV file, packed by gzip or not, has below its header: at least one,
    each as wide as the header.
    """
    try:
        with _text(path) as text:
            return _counted(path.name, csv.reader(text, strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unsound(path.name, f"no CSV ({error})", "CSV in the encoding UTF-8") from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unsound(path.name, f"a broken gzip file ({error})", "a whole gzip file") from error


def _text(path: Path) -> IO[str]:
    if starts(path, GZIP):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def starts(path: Path, magic: bytes) -> bool:
    """Return whether a file begins with those bytes."""
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _counted(where: str, records: Iterator[list[str]]) -> int:
    filled = (cells for cells in records if any(map(str.strip, cells)))
    header = next(filled, [])
    if len(header) < 2 or header[0].lstrip().startswith(("<", "{", "[")):
        raise Unsound(where, repr(",".join(header)[:80]), "a CSV header of two columns or more")
    count = 0
    for count, cells in enumerate(filled, start=1):
        if len(cells) != len(header):
            found = f"{len(cells)} cells in data row {count:,}"
            raise Unsound(where, found, f"{len(header)}, as in the header")
    if not count:
        raise Unsound(where, "a header and no rows", "at least one row of data")
    return count


def in_workbook(path: Path) -> int:
    """Return how many rows the longest sheet of a workbook has below its header; at least one."""
    try:
        book = openpyxl.load_workbook(path, read_only=True)
        count = max(sum(map(any, sheet.values)) for sheet in book.worksheets) - 1
        book.close()
    except _BROKEN as error:
        raise Unsound(path.name, f"no workbook ({error})", "a whole xlsx workbook") from error
    if count < 1:
        raise Unsound(path.name, "a workbook without rows", "at least one row of data")
    return count
