"""Make a database engine from an address, with the settings that each database needs."""

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ewarn.core.errors import BadInput

_SETTING = "EWARN_DATABASE_URL"
_SHAPE = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
_BUSY_MS = 5_000  # how long a SQLite connection waits for one that writes
_POSTGRESQL = {
    "pool_pre_ping": True,  # a restarted server is noticed at once
    "pool_timeout": 5,
    "connect_args": {"connect_timeout": 3, "tcp_user_timeout": 5000, "application_name": "ewarn"},
}


def address(text: str) -> URL:
    """Return the address of a database; raises BadInput, without the password."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadInput(_SETTING, "what is no address of a database", _SHAPE) from None
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise BadInput(_SETTING, url.render_as_string(hide_password=True), _SHAPE)
    return url


def of(url: URL) -> Engine:
    """Return the engine of a database, which connects when it is first used."""
    try:
        options = {} if is_sqlite(url) else _POSTGRESQL
        engine = create_engine(url, hide_parameters=True, **options)  # in errors and in logs
    except (SQLAlchemyError, TypeError) as error:
        shown = url.render_as_string(hide_password=True)
        raise BadInput(_SETTING, f"{shown} ({error})", _SHAPE) from None
    if is_sqlite(url):
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def is_sqlite(url: URL) -> bool:
    """Return whether the database is a SQLite file."""
    return url.get_backend_name() == "sqlite"


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions: the driver leaves out reads and DDL
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")  # readers and a writer go on side by side
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin a transaction that will write as such: one that turns to writing may fail at once."""
    how = "IMMEDIATE" if connection.get_execution_options().get("is_writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {how}")
