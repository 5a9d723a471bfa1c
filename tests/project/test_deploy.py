"""The files to deploy by: settings and commands that exist, nothing run as root."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from ewarn.cli import app
from ewarn.core.settings import Settings
from ewarn.data.connectors import _ucdp_api, acled

DEPLOY = Path(__file__).parents[2] / "api/deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
NAMES = {f"EWARN_{name.upper()}" for name in Settings.model_fields}
SECRETS = {_ucdp_api.TOKEN, acled.USER, acled.PASSWORD}
UNITS = [path.name for path in FILES if path.suffix == ".service"]
TIMERS = [path.name for path in FILES if path.suffix == ".timer"]
MONTH = "/opt/ewarn/bin/ewarn month --config /etc/ewarn.toml"
COMMANDS = {command.name for command in app.registered_commands}


def test_there_are_a_container_units_and_settings():
    assert [path.name for path in FILES] == [
        "Containerfile",
        "ewarn-alerts.service",
        "ewarn-month.cron",
        "ewarn-month.service",
        "ewarn-month.timer",
        "ewarn-month.workflow.yml",
        "ewarn.env.example",
        "ewarn.service",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_is_one(path):
    named = set(re.findall(r"EWARN_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert named or path.suffix == ".timer"
    assert named <= NAMES | SECRETS


def test_the_example_holds_values_that_the_settings_take(monkeypatch):
    text = (DEPLOY / "ewarn.env.example").read_text(encoding="utf-8")
    pairs = re.findall(r"^#?(EWARN_\w+)=(.*)$", text, re.M)
    settings = [(name, value) for name, value in pairs if name not in SECRETS]
    for name, value in settings:
        monkeypatch.setenv(name, value)
    made = Settings()
    assert (made.workers, made.https, made.read) == (2, True, "open")
    assert len(pairs) == text.count("EWARN_") - 1  # one is named in a comment


def unit(name, section="Service"):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(DEPLOY / name, encoding="utf-8")
    return read[section]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_there_is_and_not_as_root(name):
    program, *arguments = unit(name)["ExecStart"].split()
    assert program.endswith("/bin/ewarn")
    assert unit(name)["User"] != "root"
    if arguments[0] == "month" and "month" not in COMMANDS:
        pytest.skip("there is no command month yet")
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code == 0


def test_the_service_is_waited_for_longer_than_answers_may_take():
    waits = int(unit("ewarn.service")["TimeoutStopSec"])
    assert waits > Settings.model_fields["stop_seconds"].default


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze not found")
@pytest.mark.parametrize("name", [*UNITS, *TIMERS])
def test_a_unit_is_one_that_systemd_takes(tmp_path, name):
    for path in (DEPLOY / name, DEPLOY / f"{Path(name).stem}.service"):
        text = path.read_text(encoding="utf-8")
        there = text.replace("/opt/ewarn/bin/ewarn", shutil.which("true"))  # it must exist
        (tmp_path / path.name).write_text(there, encoding="utf-8")
    done = subprocess.run(
        [shutil.which("systemd-analyze"), "verify", "--man=no", str(tmp_path / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"{name}:" not in done.stderr, done.stderr


def test_the_monthly_job_runs_daily_and_nothing_new_is_no_failure():
    service, timer = unit("ewarn-month.service"), unit("ewarn-month.timer", "Timer")
    assert (service["Type"], service["ExecStart"]) == ("oneshot", MONTH)
    assert service["SuccessExitStatus"] == "3"
    assert timer["OnCalendar"] == "*-*-* 05:30:00 UTC"
    assert timer["Persistent"] == "true"


def test_the_line_of_cron_is_daily_as_a_user_of_its_own():
    text = (DEPLOY / "ewarn-month.cron").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if re.match(r"[\d*]", line)]
    minute, hour, *daily, user, command = line.split(maxsplit=6)
    assert (int(minute) in range(60), int(hour) in range(24)) == (True, True)
    assert (daily, user) == (["*", "*", "*"], "ewarn")
    assert command.endswith(MONTH)
    assert "%" not in command  # cron would end the line there
    assert text.endswith("\n")  # or cron leaves the line out


def test_the_workflow_runs_daily_and_keeps_what_was_made():
    text = (DEPLOY / "ewarn-month.workflow.yml").read_text(encoding="utf-8")
    tree = yaml.safe_load(text)
    triggers = tree[True]  # YAML 1.1 reads the key `on` so
    assert [re.sub(r"^\d+ \d+", "M H", each["cron"]) for each in triggers["schedule"]] == [
        "M H * * *"
    ]
    job = tree["jobs"]["month"]
    assert job["steps"][-1]["run"] == "ewarn month --config ewarn.toml || [ $? -eq 3 ]"
    kept = [
        step["with"]["path"].split() for step in job["steps"] if "cache" in step.get("uses", "")
    ]
    assert kept == [["ged", "mlruns"]]


@pytest.mark.parametrize(("status", "result"), [(0, 0), (3, 0), (2, 1), (4, 1), (5, 1)])
def test_the_workflow_fails_where_the_job_did_not_end_well(status, result):
    step = f"(exit {status}) || [ $? -eq 3 ]"
    done = subprocess.run([shutil.which("bash"), "-e", "-c", step], check=False)
    assert done.returncode == result


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
