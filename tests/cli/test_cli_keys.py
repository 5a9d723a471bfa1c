"""`ewarn keys` as an operator meets it: the secret once, clear refusals, nothing of it kept."""

import re

import pytest
from support import commands

from ewarn.core.settings import settings

COMMANDS = ["create", "list", "rotate", "revoke", "audit"]
SECRET = re.compile(r"ewarn_[0-9a-f]{8}_[A-Za-z0-9_-]{43}\n")


@pytest.fixture
def ewarn(tmp_path, monkeypatch, capsys, database_url):
    """Runs `ewarn keys` on an empty database: status, standard output, standard error."""
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("EWARN_DATABASE_URL", database_url)
    settings.cache_clear()
    yield commands.runner(monkeypatch, capsys, "keys")
    settings.cache_clear()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("database_url", ["sqlite:///unused.db"])
def test_help_has_an_example(ewarn, command):
    status, out, _ = ewarn(command, "--help")
    assert status == 0
    assert f"ewarn keys {command}" in out.split("Example", 1)[1]


@pytest.mark.slow
def test_a_key_from_its_making_to_its_end(ewarn):
    status, first, err = ewarn("create", "who", "--scope", "watchlists", "--days", "30")
    assert status == 0
    assert SECRET.fullmatch(first)  # alone, so that it can be piped
    assert "who" in err
    assert "not shown again" in err
    status, second, _ = ewarn("rotate", "who", "--grace-hours", "0")
    assert SECRET.fullmatch(second)
    assert second != first
    _, listed, _ = ewarn("list")
    assert "watchlists" in listed
    assert second[:15] in listed
    assert first[:15] not in listed  # it ended at once
    assert ewarn("revoke", "who")[0] == 0
    assert "revoked" in ewarn("list")[1]
    status, _, err = ewarn("rotate", "who")
    assert (status, err) == (
        2, "ewarn: key who: found revoked; expected a key in use; make a new one\n",
    )  # fmt: skip
    _, log, _ = ewarn("audit", "--key", "who")
    lines = [line for line in log.splitlines() if "command line" in line]
    assert [re.search(r"(\w+) key", line)[1] for line in lines] == ["revoke", "rotate", "create"]
    for secret in (first, second):
        assert secret[15:].strip() not in listed + log


@pytest.mark.slow
def test_what_cannot_be_ends_with_status_2_and_one_line(ewarn):
    ewarn("create", "who")
    for arguments, said in (
        (("create", "who"), "found 'who'; expected one that no key has"),
        (("create", "x", "--scope", "write"), "unknown scope 'write'"),
        (("revoke", "whom"), "unknown key 'whom'; known: who"),
        (("audit", "--key", "nobody-else"), "unknown key 'nobody-else'"),
    ):
        status, out, err = ewarn(*arguments)
        assert (status, out) == (2, "")
        assert said in err
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("database_url", ["postgresql://ewarn:tellnobody@127.0.0.1:1/none"])
def test_a_database_that_is_away_is_said_without_its_password(ewarn):
    status, out, err = ewarn("create", "who")
    assert (status, out) == (2, "")
    assert "the database cannot be used" in err
    assert "tellnobody" not in err
