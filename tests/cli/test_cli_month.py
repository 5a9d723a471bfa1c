"""Test `ewarn month` as an operator types it: configuration, plan, statuses."""

import json
from functools import partial

import pytest
from support.commands import runner
from support.local_server import Answer, serving
from support.made_up import TOKEN

from ewarn.core import configuration
from ewarn.core.errors import BadInput
from ewarn.data.connectors import Web


@pytest.fixture
def month(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("EWARN_UCDP_TOKEN", TOKEN)
    monkeypatch.setattr("ewarn.cli._month.settings", _settings(tmp_path))
    return runner(monkeypatch, capsys, "month")


def _settings(home):
    from ewarn.core.settings import Settings  # noqa: PLC0415

    return lambda: Settings(home=home)


def test_init_writes_a_configuration_that_is_read_as_the_defaults(month, tmp_path):
    status, out, _ = month("--init")
    assert status == 0
    assert "ewarn.toml" in out
    found = configuration.read(tmp_path / "ewarn.toml")
    assert found.source.folder == tmp_path / "ged"
    plain = configuration.Configuration()
    assert found.forecast == plain.forecast
    assert found.data == plain.data
    status, _, err = month("--init")
    assert (status, "does not write over" in err) == (2, True)


def test_without_a_configuration_it_names_the_command_that_writes_one(month):
    status, _, err = month()
    assert status == 2
    assert "ewarn month --init" in err


BAD = [
    ("[source]\nfoldr = 'a'\n", r"key source\.foldr: found an unknown key; .*connector, folder"),
    ("[sorce]\n", r"key sorce: found an unknown key; expected one of source, data, forecast"),
    ("[data]\nmax_set_aside = 2\n", r"key data\.max_set_aside: found 2"),
    ("[data]\ncountries = ['Mali']\n", r"key data\.countries\.0: found 'Mali'"),
    ("[data\n", "expected TOML"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_wrong_configuration_is_refused_by_key(tmp_path, text, message):
    (tmp_path / "ewarn.toml").write_text(text)
    with pytest.raises(BadInput, match=message):
        configuration.read(tmp_path / "ewarn.toml")


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_source_that_is_down_has_a_status_of_its_own(month, tmp_path, monkeypatch, more):
    monkeypatch.setattr("ewarn.data.connectors.Web", partial(Web, sleep=lambda _seconds: None))
    with serving(lambda _: Answer(b"down", 503)) as server:
        (tmp_path / "ewarn.toml").write_text(f'[source]\nurl = "{server.url}"\n')
        status, out, _ = month("--json", *more)
    steps = json.loads(out)
    assert steps[0]["name"] == "releases"
    assert steps[0]["state"] == "source down"
    assert status == 5
