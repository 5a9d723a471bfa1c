"""Sessions on a database, which is migrated when it is first used."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from ewarn.core import files
from ewarn.core.errors import BadInput, EwarnError
from ewarn.database import _engine, _migrate

_LOCK = 0x6577_6172_6E  # "ewarn": the advisory lock of PostgreSQL that migrations hold


class Unreachable(EwarnError):
    """The database cannot be used: it is away, full, or locked by another for too long."""


class Database:
    """What the service remembers. Connects, and migrates, when it is first used; thread-safe.

    `reading()` and `writing()` give sessions; both raise Unreachable, and work again when the
    database does.
    """

    def __init__(self, url: str) -> None:
        """Raise BadInput for what is no address of a database ewarn can use."""
        self.url = _engine.address(url)
        self._lock = threading.Lock()
        self._is_current = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that only reads; what it found stays usable after it."""
        self.migrate()
        with _reached(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that writes: all of it at the end, or nothing if something is raised."""
        self.migrate()
        engine = self._engine.execution_options(is_writing=True)
        with _reached(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def migrate(self) -> None:
        """Bring the tables up to date, once a process; others who try meanwhile wait.

        Raises Unreachable, also where a newer ewarn has changed the database.
        """
        with self._lock:
            if self._is_current:
                return
            try:
                self.migrate_to(_migrate.HEAD)
            except BadInput as error:
                raise Unreachable(f"the database cannot be used: {error}") from error
            self._is_current = True

    def migrate_to(self, revision: str) -> None:
        """Bring the tables forward or back to a revision; "base" is before the first.

        Raises Unreachable, Unknown for a revision there is not, BadInput where it is at one.
        """
        with _reached():
            if _engine.is_sqlite(self.url):
                self._migrate_file(revision)
                return
            with self._engine.begin() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                _migrate.move(connection, revision)

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        return _engine.of(self.url)

    def _migrate_file(self, revision: str) -> None:
        """The same for SQLite: the lock is a file, for the first change to WAL waits for nobody."""
        engine = self._engine.execution_options(is_writing=True)
        folder = Path(self.url.database or "").resolve().parent
        with files.alone(folder), engine.begin() as connection:
            _migrate.move(connection, revision)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        why, *_ = (str(getattr(error, "orig", None) or error).strip() or repr(error)).splitlines()
        raise Unreachable(f"the database cannot be used: {why}") from error
    except DBAPIError as error:
        # SQLite has no class of its own for a file that is damaged, or no database.
        if not error.connection_invalidated and type(error) is not DatabaseError:
            raise
        raise Unreachable(f"the database cannot be used: {error.orig}") from error
