"""Bring a database to a revision, by the files of `_migrations/versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ewarn.core.errors import BadInput, Unknown

HEAD, BASE = "head", "base"
VERSION_TABLE = "ewarn_version"  # not Alembic's own name: MLflow may share the database


def scripts() -> ScriptDirectory:
    """Return the migrations there are."""
    return ScriptDirectory.from_config(_config())


def revisions() -> list[str]:
    """Their revisions, the first one first."""
    return [script.revision for script in scripts().walk_revisions()][::-1]


def current(connection: Connection) -> str:
    """Return the revision a database is at."""
    options = {"version_table": VERSION_TABLE}
    return MigrationContext.configure(connection, opts=options).get_current_revision() or BASE


def move(connection: Connection, revision: str) -> None:
    """Bring the tables forward or back, within the connection's transaction.

    Raises Unknown for a revision there is not, BadInput where the database is at one.
    """
    known = [BASE, *revisions()]
    wanted = known[-1] if revision == HEAD else revision
    if wanted not in known:
        raise Unknown("revision of the database", wanted, known)
    found = current(connection)
    if found not in known:
        expected = f"a revision up to {known[-1]}: a newer ewarn changed it"
        raise BadInput("database", f"revision {found}", expected)
    if found != wanted:
        go = command.upgrade if known.index(found) < known.index(wanted) else command.downgrade
        go(_config(connection), wanted)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection, "version_table": VERSION_TABLE})
    config.set_main_option("script_location", str(Path(__file__).with_name("_migrations")))
    return config
