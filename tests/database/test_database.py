"""The database of records, on SQLite and PostgreSQL alike: migrations, sessions, failures."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from ewarn.core.errors import BadInput, Unknown
from ewarn.database import Base, Database, Unreachable, _migrate, audit, keys

REVISIONS = _migrate.revisions()


def tables(records):
    with records._engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {_migrate.VERSION_TABLE}


def differences(records):
    with records._engine.connect() as connection:
        options = {"version_table": _migrate.VERSION_TABLE, "compare_type": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)


# Migrations


def test_migrations_are_one_line_of_numbers():
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


@pytest.mark.slow
def test_the_tables_are_those_the_code_declares(records):
    assert differences(records) != []
    records.migrate()
    assert differences(records) == []


@pytest.mark.slow
def test_migrations_go_forwards_and_back_one_by_one(records):
    seen = [tables(records)]
    for revision in REVISIONS:
        records.migrate_to(revision)
        seen.append(tables(records))
    assert seen[-1] == set(Base.metadata.tables)
    for before, revision in zip(seen[-2::-1], ["base", *REVISIONS][-2::-1], strict=True):
        records.migrate_to(revision)
        assert tables(records) == before
    records.migrate()
    assert differences(records) == []


def test_a_migration_that_fails_leaves_what_was(records, monkeypatch):
    def fails(config, revision):
        real(config, revision)
        raise RuntimeError(revision)

    real = _migrate.command.upgrade
    monkeypatch.setattr(_migrate.command, "upgrade", fails)
    with pytest.raises(RuntimeError):
        records.migrate()
    assert tables(records) == set()
    monkeypatch.undo()
    records.migrate()
    assert tables(records) == set(Base.metadata.tables)


def test_a_database_that_a_newer_ewarn_changed_is_refused(records):
    records.migrate()
    with records.writing() as session:
        session.execute(text("UPDATE ewarn_version SET version_num = '9999'"))
    again = Database(records.url.render_as_string(hide_password=False))
    with pytest.raises(Unreachable, match=r"revision 9999.*a newer ewarn"), again.reading():
        pass
    with pytest.raises(BadInput, match="9999"):
        again.migrate_to("base")
    again.close()


def test_a_revision_there_is_not_is_unknown(records):
    with pytest.raises(Unknown, match="0001"):
        records.migrate_to("0000")


def _first_use(url, name, barrier):
    made = Database(url)
    barrier.wait()
    with made.writing() as session:
        keys.create(session, name, ["read"])


@pytest.mark.slow
def test_many_workers_may_be_the_first(database_url):
    spawn = multiprocessing.get_context("spawn")
    names, barrier = {f"w{number}" for number in range(4)}, spawn.Barrier(4)
    workers = [spawn.Process(target=_first_use, args=(database_url, n, barrier)) for n in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    with Database(database_url).reading() as session:
        assert {key.name for key in keys.everyone(session)} == names


# Sessions


@pytest.mark.slow
def test_many_threads_write_at_once(records):
    def write(number):
        with records.writing() as session:
            session.execute(select(audit.Entry))  # to read first is what makes SQLite refuse
            audit.note(session, "test", str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with records.reading() as session:
        assert {entry.subject for entry in audit.latest(session, 100)} == set(map(str, range(40)))


def test_all_or_nothing_is_written(records):
    with pytest.raises(RuntimeError), records.writing() as session:
        keys.create(session, "lost", ["read"])
        raise RuntimeError
    with records.reading() as session:
        assert keys.everyone(session) == []
        assert audit.latest(session, 10) == []


def test_a_row_without_its_owner_is_refused(records):
    orphan = keys.Secret(prefix="p", key_id="nobody", digest="0" * 64, created_at=datetime.now(UTC))
    with pytest.raises(IntegrityError), records.writing() as session:
        session.add(orphan)


def test_moments_keep_their_zone_and_none_is_refused(records):
    at = datetime(2021, 1, 15, 12, 30, 0, 250, tzinfo=timezone(timedelta(hours=3)))
    key = keys.Key(id="k", name="k", scopes=["read"], created_at=at)
    with records.writing() as session:
        session.add(key)
    with records.reading() as session:
        kept = keys.find(session, "k").created_at
        assert (kept, kept.utcoffset()) == (at, timedelta(0))
    with pytest.raises(Exception, match="no time zone"), records.writing() as session:
        keys.find(session, "k").created_at = datetime(2021, 1, 15)
        session.flush()


def test_sqlite_writes_beside_readers_and_holds_references(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/deep/er/ewarn.db")
    with made.reading() as session:
        pragmas = [
            session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")
        ]
        assert pragmas == ["wal", 2]
        with made.writing() as other:
            keys.create(other, "beside", ["read"])


# Failures


@pytest.mark.parametrize(
    "url", ["", "x", "mysql://ewarn:tellnobody@h/d", "sqlite://", "sqlite:///:memory:"]
)
def test_what_is_no_address_is_refused_without_its_password(url):
    with pytest.raises(BadInput, match="EWARN_DATABASE_URL") as raised:
        Database(url)
    assert "tellnobody" not in str(raised.value)


def test_either_name_of_postgresql_will_do():
    names = {
        Database(f"{name}://h/d").url.drivername for name in ("postgresql", "postgresql+psycopg")
    }
    assert names == {"postgresql+psycopg"}


def test_nothing_is_opened_before_it_is_used(tmp_path):
    Database(f"sqlite:///{tmp_path}/new/ewarn.db")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("how", ["reading", "writing"])
def test_a_server_that_is_away_is_unreachable_and_no_secret_told(how):
    made = Database("postgresql://ewarn:tellnobody@127.0.0.1:1/none")
    with pytest.raises(Unreachable, match="cannot be used: conn") as raised, getattr(made, how)():
        pass
    assert "tellnobody" not in str(raised.value)


def test_a_file_that_is_no_database_is_unreachable(tmp_path):
    (tmp_path / "ewarn.db").write_text("not a database, and long enough to be looked at" * 100)
    with pytest.raises(Unreachable, match="not a database"):
        Database(f"sqlite:///{tmp_path}/ewarn.db").migrate()


def test_a_disk_that_is_full_is_said_and_nothing_is_lost(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/ewarn.db")
    with made.writing() as session:
        keys.create(session, "before", ["read"])
        pages = session.scalar(text("PRAGMA page_count"))
    with pytest.raises(Unreachable, match="full"), made.writing() as session:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for number in range(1000):
            audit.note(session, "fill", str(number) * 100, "x" * 200)
    with made.reading() as session:
        assert [key.name for key in keys.everyone(session)] == ["before"]
        assert [one.action for one in audit.latest(session, 9)] == ["create key"]


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_server_started_anew_is_found_again(postgresql):
    made = Database(postgresql.database())
    with made.writing() as session:
        keys.create(session, "before", ["read"])
    postgresql.stop()
    for _ in range(2):
        with pytest.raises(Unreachable), made.reading() as session:
            keys.everyone(session)
    postgresql.start()
    with made.reading() as session:
        assert [key.name for key in keys.everyone(session)] == ["before"]
