"""Test the monthly cycle from January to June against a source that plays UCDP's API."""

import contextlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from support import mail_server
from support.local_server import Answer, as_json, serving
from support.made_up import TOKEN, page_of

from ewarn.alerting.webhooks import Post
from ewarn.core import configuration, files
from ewarn.core.settings import settings
from ewarn.data.connectors import Web
from ewarn.database import Database, keys, watchlists
from ewarn.database.watchlists import Evaluation
from ewarn.jobs import month
from ewarn.jobs.month import Cycle
from ewarn.publishing import issue

PLACES = {"Gao": (16.25, -0.5), "Kidal": (19.0, 1.0), "Mopti": (14.6, -4.0), "Segou": (13.6, -5.9)}
YEARLY = [(year, number) for year in (2021, 2022, 2023, 2024, 2025) for number in range(1, 13)]


def _rows(year, number, times=1):
    """The events of a month: in each place, on each third day, with deaths that vary."""
    return [
        {
            "id": f"{year}{number:02d}{day:02d}{name}",
            "date_start": f"{year}-{number:02d}-{day:02d}T00:00:00",
            "date_end": f"{year}-{number:02d}-{day:02d}T00:00:00",
            "type_of_violence": 1, "side_a": "Army", "side_b": "Rebels",
            "best": (day * number * at) % 7 * times,
            "country": "Mali", "adm_1": name, "latitude": place[0], "longitude": place[1],
        }
        for day in range(1, 28, 3)
        for at, (name, place) in enumerate(PLACES.items(), start=1)
    ]  # fmt: skip


class Source:
    """UCDP's API: the yearly release 26.1, and the candidates published by the day it is."""

    def __init__(self):
        self.is_down, self.rows = False, {"25.1": _all(YEARLY[:-12]), "26.1": _all(YEARLY)}

    def publish(self, number, times=1):
        self.rows[f"26.0.{number}"] = _rows(2026, number, times)

    def __call__(self, asked):
        if self.is_down:
            return Answer(b"down", 503)
        version = asked.path.rpartition("/")[2]
        if version not in self.rows:
            return Answer(b"no such version", 404)
        return as_json(page_of(self.rows[version], asked.page, int(asked.query["pagesize"])))


def _all(pairs):
    return [row for year, number in pairs for row in _rows(year, number)]


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("EWARN_UCDP_TOKEN", TOKEN)
    return Source()


@pytest.fixture
def inbox(monkeypatch):
    """A mail server, and what it accepted."""
    with mail_server.running() as (handler, port):
        monkeypatch.setenv("EWARN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("EWARN_SMTP_PORT", str(port))
        monkeypatch.setenv("EWARN_SMTP_SECURITY", "none")
        monkeypatch.setenv("EWARN_MAIL_FROM", "ewarn@example.net")
        settings.cache_clear()
        yield handler
        settings.cache_clear()


@pytest.fixture
def team(tmp_path, source, inbox):
    """Runs the cycle on a day: the state of each step by name, and the status."""
    mlruns = tmp_path / "mlruns"
    path = tmp_path / "ewarn.toml"

    def configure(url):
        path.write_text(
            f'[source]\nfolder = "ged"\nurl = "{url}"\n[data]\ncountries = ["MLI"]\n'
            '[forecast]\nmodel = "conflictology"\n[[digest]]\nto = ["team@example.org"]\n'
        )

    def run(day, is_plan=False, **more):
        with Web(sleep=lambda _seconds: None) as web:
            cycle = Cycle(
                configuration=configuration.read(path), mlruns=mlruns,
                database=Database(f"sqlite:///{tmp_path / 'ewarn.db'}"), today=day, web=web,
                post=Post(), track=lambda steps, _: steps, **more,
            )  # fmt: skip
            steps = month.run(cycle, lambda _step: None, is_plan)
        return {step.name: step.state for step in steps} | {"status": month.status(steps)}

    with serving(source) as server:
        configure(server.url)
        run.mlruns, run.path, run.inbox = mlruns, path, inbox
        run.database = Database(f"sqlite:///{tmp_path / 'ewarn.db'}")
        yield run


def _issues(team):
    cards = issue.survey(team.mlruns / "issues").cards
    return sorted(card.reference_month for card in cards)


def _watch(team):
    """A watch list of Mali at any risk above nothing."""
    said = {
        "name": "Mali", "units": ["MLI-GA", "MLI-KD"], "leads": [1, 2], "simulated": False,
        "thresholds": {"risk": 0.0}, "budget": None, "past": None, "extremes": {},
        "ends_below": 0.5, "cooldown": 0,
    }  # fmt: skip
    with team.database.writing() as session:
        key = keys.create(session, "team", ["read", "watchlists"])
        watchlists.add(session, key.key.id, said)


def _evaluated(team):
    with team.database.reading() as session:
        return [one.issue_id for one in session.scalars(select(Evaluation))]


def _at(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 6, tzinfo=UTC), tick=False)


@pytest.mark.slow
def test_a_half_year_of_daily_runs_makes_each_issue_once(team, source):
    _watch(team)
    day, made = date(2026, 1, 22), []
    while day <= date(2026, 7, 25):
        if day.day == 21:  # candidates of the month before come out on the 21st
            source.publish(day.month - 1)
        source.is_down = day.day in (11, 12)
        with _at(day):
            states = team(day)
        assert states["status"] == (5 if source.is_down else states["status"])
        assert states["status"] in (0, 3, 5)
        if states["status"] == 0:
            made.append(day.isoformat())
            assert {states[name] for name in ("issue", "alerts", "verification", "digest")} == {
                "done"
            }
        day += timedelta(days=1 if day.day in (20, 21, 10, 11, 12) else 4)
    assert made == ["2026-01-22", *(f"2026-{number:02d}-21" for number in range(2, 8))]
    assert _issues(team) == ["2025-12", *(f"2026-{number:02d}" for number in range(1, 7))]
    assert len(_evaluated(team)) == len(set(_evaluated(team))) == 7  # once an issue
    mails = [(one["Message-ID"], one["To"]) for one in team.inbox.accepted]
    assert len(mails) == len(set(mails)) == 7
    report = json.loads((team.mlruns / "month" / "last.json").read_text())
    assert [step["name"] for step in report][:3] == ["releases", "data", "issue"]


@pytest.fixture
def today(team):
    """A first issue, made on 22 January 2026; runs on the days after."""
    with _at(date(2026, 1, 22)):
        assert team(date(2026, 1, 22))["status"] == 0
    return team


def _run(team, number, **more):
    with _at(date(2026, number, 22)):
        return team(date(2026, number, 22), **more)


def test_data_changed_under_the_same_version_are_fetched_again_and_issued_once(today, source):
    source.publish(1)
    assert _run(today, 2)["issue"] == "done"
    source.rows["26.0.1"] = source.rows["26.0.1"][:-2]
    assert _run(today, 2)["issue"] == "done"
    assert _issues(today) == ["2025-12", "2026-01", "2026-01"]
    assert _run(today, 2)["status"] == 3


def test_a_finding_holds_the_issue_and_nothing_else(today, source):
    source.publish(1, times=3000)  # thousands of deaths where there were some
    states = _run(today, 2)
    assert (states["issue"], states["status"]) == ("held", 4)
    assert _issues(today) == ["2025-12"]
    assert _run(today, 2)["status"] == 4  # as long as the data are these
    source.publish(1)
    source.rows["26.0.1"].pop()  # the source mends it
    assert _run(today, 2)["status"] == 0
    assert _issues(today) == ["2025-12", "2026-01"]


def test_a_finding_that_was_accepted_is_issued(today, source):
    source.publish(1, times=3000)
    with _at(date(2026, 2, 22)):
        found = _findings(today)
    states = _run(today, 2, accept=found)
    assert (states["issue"], states["status"]) == ("done", 0)


def _findings(team):
    assert team(date(2026, 2, 22))["status"] == 4
    report = json.loads((team.mlruns / "month" / "last.json").read_text())
    detail = next(step["detail"] for step in report if step["name"] == "issue")
    return tuple(re.findall(r"--accept (\S+)", detail))


def test_a_month_that_is_missing_between_two_is_named_and_nothing_is_issued(today, source):
    source.publish(2)
    states = _run(today, 3)
    assert (states["data"], states["status"]) == ("failed", 2)
    report = (today.mlruns / "month" / "last.json").read_text()
    assert "none covers 2026-01; expected the release 26.0.1" in report
    assert _issues(today) == ["2025-12"]


def test_one_run_at_a_time(today):
    with files.alone(today.mlruns / "month"), pytest.raises(month.Busy):
        _run(today, 1)


def test_a_plan_writes_nothing(today, source):
    source.publish(1)
    before = sorted(today.path.parent.rglob("*"))
    with _at(date(2026, 2, 22)):
        states = today(date(2026, 2, 22), is_plan=True)
    assert states["releases"] == "planned"
    assert sorted(today.path.parent.rglob("*")) == before


@pytest.mark.slow
def test_a_process_killed_at_thirty_moments_loses_and_doubles_nothing(team, tmp_path):
    _watch(team)
    environment = os.environ | {
        "EWARN_HOME": str(tmp_path), "EWARN_DATABASE_URL": f"sqlite:///{tmp_path / 'ewarn.db'}",
        "EWARN_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", "from ewarn.cli import main; main()", "month"]
    command += ["--config", str(team.path)]
    for seconds in [0.4 + 0.35 * number for number in range(30)]:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        process.wait()
    end = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert end.returncode in (0, 3), end.stdout + end.stderr
    assert _issues(team) == ["2025-12"]
    assert len(_evaluated(team)) == 1
    assert len({one["Message-ID"] for one in team.inbox.accepted}) == 1
    assert not [path for path in (team.mlruns / "issues").iterdir() if path.name.startswith(".t")]
