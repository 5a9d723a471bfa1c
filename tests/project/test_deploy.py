"""The files to deploy by: settings and commands that exist, nothing run as root."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ewarn.cli import app
from ewarn.core.settings import Settings

DEPLOY = Path(__file__).parents[2] / "api/deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
NAMES = {f"EWARN_{name.upper()}" for name in Settings.model_fields}
UNITS = [path.name for path in FILES if path.suffix == ".service"]
COMMANDS = {command.name for command in app.registered_commands}


def test_there_are_a_container_units_and_settings():
    assert [path.name for path in FILES] == [
        "Containerfile",
        "ewarn-alerts.service",
        "ewarn.env.example",
        "ewarn.service",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_is_one(path):
    named = set(re.findall(r"EWARN_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named
    assert named <= NAMES


def test_the_example_holds_values_that_the_settings_take(monkeypatch):
    text = (DEPLOY / "ewarn.env.example").read_text(encoding="utf-8")
    pairs = re.findall(r"^#?(EWARN_\w+)=(.*)$", text, re.M)
    for name, value in pairs:
        monkeypatch.setenv(name, value)
    made = Settings()
    assert (made.workers, made.https, made.read) == (2, True, "open")
    assert len(pairs) == text.count("EWARN_") - 1  # one is named in a comment


def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(DEPLOY / name, encoding="utf-8")
    return read["Service"]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_there_is_and_not_as_root(name):
    program, *arguments = unit(name)["ExecStart"].split()
    assert program.endswith("/bin/ewarn")
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0
    assert unit(name)["User"] != "root"


def test_the_service_is_waited_for_longer_than_answers_may_take():
    waits = int(unit("ewarn.service")["TimeoutStopSec"])
    assert waits > Settings.model_fields["stop_seconds"].default


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze not found")
@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_one_that_systemd_takes(tmp_path, name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    there = text.replace("/opt/ewarn/bin/ewarn", shutil.which("true"))  # it must exist
    (tmp_path / name).write_text(there, encoding="utf-8")
    done = subprocess.run(
        [shutil.which("systemd-analyze"), "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"{name}:" not in done.stderr, done.stderr


def test_the_container_copies_what_there_is_runs_as_no_root_and_serves():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    root = DEPLOY.parents[1]
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.M):
        for name in line.split()[:-1]:
            assert (root / name).exists(), name
    assert re.search(r"^USER ewarn$", text, re.M)
    assert re.search(r'^CMD \["ewarn", "(\w+)"\]$', text, re.M)[1] in COMMANDS
    assert all(":3.11." in image for image in re.findall(r"^FROM (\S+)", text, re.M))


def test_every_setting_is_in_the_docs():
    docs = Path(__file__).parents[2] / "docs"
    pages = ("serving.md", "access.md", "digest.md")
    told = "".join((docs / name).read_text() for name in pages)
    assert set(re.findall(r"`(EWARN_[A-Z_]+)`", told)) == NAMES
