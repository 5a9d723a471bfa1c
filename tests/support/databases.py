"""The databases that records are kept in, for tests: SQLite, and a PostgreSQL of our own."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
# It need not survive a crash of the machine, only one of its own.
_SETTINGS = "fsync=off full_page_writes=off shared_buffers=16MB"
_number = count(1)


def binaries() -> Path | None:
    """The folder of Debian's newest PostgreSQL, if there is one."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda b: int(b.parent.name), default=None)


class Cluster:
    """A PostgreSQL server of our own on a free port, which may be stopped and started."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._data, self._programs = folder / "data", programs
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "--no-sync", "--auth=trust", "--username=ewarn", "--encoding=UTF8")
        options = [f"-c {option}" for option in _SETTINGS.split()]
        options += [f"-p {self.port}", "-h 127.0.0.1", f"-k {folder}"]
        self._options = " ".join(options)
        self.start()

    def start(self) -> None:
        self._run("pg_ctl", "--wait", "--silent", f"--log={self._data}.log",
                  f"--options={self._options}", "start")  # fmt: skip

    def stop(self) -> None:
        self._run("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(_number)}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://ewarn:unused@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, f"--pgdata={self._data}", *arguments]
        as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be the server's too, and never end
            stderr=subprocess.STDOUT,
            check=False,
            **(as_user if os.geteuid() == 0 else {}),  # it refuses to run as root
        )
        assert done.returncode == 0, f"{program} failed; see {self._data}.log"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server, gone afterwards; the test is skipped where there is no PostgreSQL."""
    programs = binaries()
    if programs is None:
        pytest.skip("there is no PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="ewarn-pg-"))  # pytest's own folders are closed to others
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        server = Cluster(folder, programs)
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder)
