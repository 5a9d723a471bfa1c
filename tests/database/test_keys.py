"""Keys on both databases: made once, recognised exactly, rotated, revoked; and no secret kept."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from ewarn.core.errors import BadInput, Unknown
from ewarn.database import Base, Database, audit, keys

DAY = datetime(2021, 1, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return Database(f"sqlite:///{tmp_path_factory.mktemp('empty')}/ewarn.db")


@pytest.fixture
def clock(monkeypatch):
    """Sets the time that keys go by; it starts at DAY."""

    def at(moment):
        monkeypatch.setattr(keys, "now", lambda: moment)

    at(DAY)
    return at


@pytest.fixture
def made(records, clock):  # noqa: ARG001
    """A key for watch lists that lasts ten days."""
    with records.writing() as session:
        return keys.create(session, "who", ["watchlists", "read"], DAY + timedelta(days=10))


def opened(records, secret):
    with records.reading() as session:
        return keys.recognise(session, secret).name


def refusal(records, secret):
    with records.reading() as session, pytest.raises(keys.Refused) as raised:
        keys.recognise(session, secret)
    return str(raised.value), raised.value.key_id


def test_a_secret_is_256_random_bits_and_a_prefix_one_can_see(made):
    prefix, bits = re.fullmatch(r"ewarn_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", made.secret).groups()
    assert len(bits) * 6 >= 256
    assert made.secret not in repr(made)
    assert prefix != made.key.id


def test_only_the_hash_of_a_secret_is_in_the_database(records, made):
    with records.reading() as session:
        rows = [list(session.execute(select(table))) for table in Base.metadata.sorted_tables]
    kept = str(rows)
    assert sha256(made.secret.encode()).hexdigest() in kept
    assert made.secret.split("_", 2)[2] not in kept


def test_no_two_secrets_are_the_same(records):
    with records.writing() as session:
        some = [keys.create(session, f"k{number}", ["read"]).secret for number in range(50)]
    assert len(set(some)) == 50


def test_a_secret_opens_its_own_key_and_nothing_else_does(records, made):
    with records.writing() as session:
        other = keys.create(session, "other", ["read"])
    assert opened(records, made.secret) == "who"
    assert opened(records, other.secret) == "other"
    crossed = made.secret[:15] + other.secret[15:]
    near = made.secret[:-1] + ("A" if made.secret[-1] != "A" else "B")
    for wrong in (crossed, near, made.secret.upper(), made.secret + "A", made.secret[:-1], ""):
        assert refusal(records, wrong) == ("there is no such key", None)


@given(st.text())
def test_anything_may_be_sent_as_a_secret(empty, text):
    assert refusal(empty, text) == ("there is no such key", None)


def test_secrets_are_compared_in_constant_time(records, made, monkeypatch):
    seen = []
    monkeypatch.setattr(keys, "compare_digest", lambda a, b: seen.append((a, b)) or a == b)
    opened(records, made.secret)
    refusal(records, "ewarn_00000000_" + "A" * 43)
    assert len(seen) == 2
    assert {len(text) for pair in seen for text in pair} == {64}


def test_a_key_expires_at_its_moment(records, made, clock):
    clock(DAY + timedelta(days=10, seconds=-1))
    assert opened(records, made.secret) == "who"
    clock(DAY + timedelta(days=10))
    assert refusal(records, made.secret) == ("the key is expired", made.key.id)


def test_a_revoked_key_opens_nothing_ever_after(records, made):
    for _ in range(2):
        with records.writing() as session:
            assert keys.revoke(session, "who").revoked_at == DAY
    assert refusal(records, made.secret) == ("the key is revoked", made.key.id)
    with records.writing() as session, pytest.raises(BadInput, match="revoked"):
        keys.rotate(session, "who")
    with records.writing() as session, pytest.raises(BadInput, match="no key has"):
        keys.create(session, "who", ["read"])


def test_an_old_secret_is_good_for_its_grace(records, made, clock):
    with records.writing() as session:
        second = keys.rotate(session, made.key.id, timedelta(hours=1))
    assert {opened(records, one.secret) for one in (made, second)} == {"who"}
    with records.reading() as session:
        assert len(keys.prefixes(session)[made.key.id]) == 2
    clock(DAY + timedelta(hours=1))
    assert refusal(records, made.secret) == ("the key has a newer secret", made.key.id)
    assert opened(records, second.secret) == "who"


def test_rotation_may_end_the_old_secret_at_once_and_never_lengthens_it(records, made):
    with records.writing() as session:
        second = keys.rotate(session, "who", timedelta(0))
    assert refusal(records, made.secret)[0] == "the key has a newer secret"
    with records.writing() as session:
        keys.rotate(session, "who", timedelta(days=5))
    assert refusal(records, made.secret)[0] == "the key has a newer secret"
    assert opened(records, second.secret) == "who"


@pytest.mark.parametrize(
    ("scopes", "may"),
    [
        (["read"], ["read"]),
        (["watchlists"], ["watchlists"]),
        (["admin"], ["read", "watchlists", "admin"]),
        (["read", "watchlists"], ["read", "watchlists"]),
    ],
)
def test_a_key_may_what_it_is_for_and_admin_may_all(scopes, may):
    key = keys.Key(scopes=scopes)
    assert [scope for scope in keys.SCOPES if key.may(scope)] == may


@pytest.mark.usefixtures("made")
def test_use_is_noted_once_a_minute(records, clock):
    noted = []
    for seconds in (0, 1, 59, 60, 61, 125):
        clock(DAY + timedelta(seconds=seconds))
        with records.writing() as session:
            key = keys.find(session, "who")
            is_due = keys.is_use_due(key)
            keys.note_use(session, key.id)  # another worker may have, between the two
        with records.reading() as session:
            at = keys.find(session, "who").last_used_at
        assert is_due == (at == DAY + timedelta(seconds=seconds))
        noted.append((at - DAY).seconds)
    assert noted == [0, 0, 0, 60, 60, 125]


@pytest.mark.usefixtures("made")
def test_a_name_or_scope_that_cannot_be_is_refused(records):
    for name in ("who", "", "a" * 101, "a\nb", "<b>"):
        with records.writing() as session, pytest.raises(BadInput, match="name"):
            keys.create(session, name, ["read"])
    with records.writing() as session:
        with pytest.raises(Unknown, match="unknown scope 'write'"):
            keys.create(session, "x", ["write"])
        with pytest.raises(BadInput, match="scopes"):
            keys.create(session, "x", [])
        with pytest.raises(BadInput, match="to come"):
            keys.create(session, "x", ["read"], DAY)
        with pytest.raises(Unknown, match="known: who"):
            keys.revoke(session, "whom")


def test_every_event_of_a_key_is_in_the_audit_log(records, made):
    with records.writing() as session:
        keys.rotate(session, "who", timedelta(hours=2))
        keys.revoke(session, "who")
        keys.create(session, "other", ["admin"])
    with records.reading() as session:
        lines = [(one.action, one.result) for one in audit.latest(session, 10, made.key.id)]
        assert len(audit.latest(session, 10)) == 4
        assert len(audit.latest(session, 2)) == 2
    assert lines == [
        ("revoke key", "done"),
        ("rotate key", "old secret good until 2021-01-15 02:00"),
        ("create key", "scopes read, watchlists"),
    ]


def test_a_key_is_found_whatever_a_name_holds(records):
    name = "Robert DROP TABLE keys"
    with records.writing() as session:
        keys.create(session, name, ["read"])
        assert session.scalar(text("SELECT count(*) FROM keys")) == 1
