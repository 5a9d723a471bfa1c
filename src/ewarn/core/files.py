"""Write files that survive a crash, and read files or refuse them with a clear message."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ewarn.core.errors import BadInput


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes, as sha256:<hex>."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def content(path: Path, what: str = "a file of the issue") -> bytes:
    """Return the bytes of a file; raises BadInput, with what it should have been, if there are
    none.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(path, error.strerror, what) from error


def put(path: Path, content: bytes) -> None:
    """Write a new file, readable only, and waits until the disk has it; raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except OSError as error:  # a write knows no file name, and "disk full" should
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        os.close(handle)


def sync(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(folder: Path, wait: bool = True) -> Iterator[None]:
    """Make the folder, and holds other writers off it; the lock ends with the process.

    Without `wait` raises BlockingIOError where another has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def remove_unfinished(folder: Path) -> None:
    """Remove what writers that died left behind; only for the one who is alone there."""
    for child in folder.iterdir():
        if child.name.startswith(".") and child.is_dir():
            shutil.rmtree(child)


def put_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and its folder; only for the one who is alone there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}")
    aside.unlink(missing_ok=True)  # what a writer that died left behind
    try:
        put(aside, content)
        os.rename(aside, path)  # noqa: PTH104 (patched with its siblings by the fault tests)
        sync(path.parent)
    finally:
        aside.unlink(missing_ok=True)
