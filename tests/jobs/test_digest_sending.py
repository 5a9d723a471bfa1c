"""Digests of an issue: written for each list, sent once to each recipient, and logged."""

from datetime import UTC, datetime, timedelta

import pytest
from support import issue_chain, mail_server, small_issue

from ewarn import jobs
from ewarn.alerting import mail, runs
from ewarn.alerting.mail import Later, Refused, Unsure, Unusable
from ewarn.core.errors import BadInput, Unknown
from ewarn.core.settings import settings
from ewarn.database import Database, digests, keys, watchlists
from ewarn.jobs import Recipients, _digest_delivery
from ewarn.publishing import issue as issues

NOW = datetime(2021, 1, 15, 8, 30, tzinfo=UTC)
ALL = Recipients(addresses=("desk@example.org", "lead@example.org"))
LIST = {
    **{"name": "Mali", "units": ["MLI-gao", "MLI-mopti"], "leads": [1, 2], "simulated": True},
    **{"thresholds": {"risk": 0.05}, "budget": None, "past": None, "extremes": {}},
    **{"ends_below": 1.0, "cooldown": 0},
}


@pytest.fixture
def ewarn(tmp_path, monkeypatch):
    """A home with two issues, and settings of a mail server."""
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("EWARN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("EWARN_SMTP_SECURITY", "none")
    monkeypatch.setenv("EWARN_MAIL_FROM", "ewarn@example.net")
    settings.cache_clear()
    before = small_issue.earlier(settings().issues)
    small_issue.written(settings().issues, last_issue=before.id)
    yield Ewarn(Database(settings().database))
    settings.cache_clear()


class Ewarn:
    """The job, on the newest issue; `letters` has what was handed to the mail server."""

    def __init__(self, database):
        self.database, self.letters, self.errors = database, [], {}
        self.issue = issues.newest(settings().issues)

    def send(self, _server, letter):
        self.letters.append(letter)
        if letter.to in self.errors:
            raise self.errors[letter.to]

    def digest(self, *recipients, **more):
        given = (settings().mlruns, self.database, self.issue, recipients or (ALL,), NOW)
        return jobs.digest(*given, **{"send": self.send} | more)

    def log(self):
        with self.database.reading() as session:
            rows = digests.of_issue(session, self.issue.id)
        return {one.recipient: (one.state, one.attempts, one.last_error) for one in rows}

    def watchlist(self):
        with self.database.writing() as session:
            key = keys.create(session, "watcher", ["read"])
            return watchlists.add(session, key.key.id, LIST).id


def test_it_is_sent_once_to_each_recipient(ewarn):
    first, second = ewarn.digest(), ewarn.digest()
    assert (first.sent, first.already, first.failed) == ([*ALL.addresses], [], [])
    assert (second.sent, second.already) == ([], [*ALL.addresses])
    assert [one.to for one in ewarn.letters] == [*ALL.addresses]
    assert ewarn.log() == dict.fromkeys(ALL.addresses, ("sent", 1, None))


def test_an_address_written_otherwise_is_the_same_recipient(ewarn):
    ewarn.digest(Recipients(addresses=("desk@Example.ORG", " desk@example.org")))
    assert len(ewarn.letters) == 1


def test_languages_and_issues_are_sent_apart(ewarn):
    ewarn.digest(Recipients(None, "en", ("a@b.org",)), Recipients(None, "fr", ("a@b.org",)))
    assert [one.language for one in ewarn.letters] == ["en", "fr"]
    assert "Nouvelle édition" in ewarn.letters[1].html
    assert len({one.id for one in ewarn.letters}) == 2


@pytest.mark.parametrize("error", [Refused("refused: 550 x"), Later("451 x"), Unsure("no answer")])
def test_what_fails_is_logged_and_tried_by_the_next_run_with_the_same_id(ewarn, error):
    ewarn.errors = {"desk@example.org": error}
    done = ewarn.digest()
    assert (done.sent, done.failed) == (["lead@example.org"], [("desk@example.org", str(error))])
    assert ewarn.log()["desk@example.org"] == ("failed", 1, str(error))
    ewarn.errors = {}
    again = ewarn.digest()
    assert (again.sent, again.already) == (["desk@example.org"], ["lead@example.org"])
    assert ewarn.log()["desk@example.org"] == ("sent", 2, None)
    assert ewarn.letters[0].id == ewarn.letters[-1].id


def test_a_server_that_is_away_leaves_the_rest_queued(ewarn):
    ewarn.errors = {"desk@example.org": Unusable("away")}
    assert ewarn.digest().failed == [(to, "away") for to in ALL.addresses]
    assert len(ewarn.letters) == 1
    assert ewarn.log()["lead@example.org"] == ("queued", 0, None)


def test_a_run_killed_while_sending_is_taken_up_after_a_while(ewarn, monkeypatch):
    """Whether it arrived is unknown; within 15 minutes another run may still be sending it."""

    def killed(_server, _letter):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ewarn.digest(send=killed)
    assert ewarn.log()["desk@example.org"] == ("sending", 1, None)
    assert ewarn.digest().failed == [("desk@example.org", _digest_delivery.UNDER_WAY)]
    later = datetime.now(UTC) + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(_digest_delivery, "now", lambda: later)
    assert ewarn.digest().sent == ["desk@example.org"]
    assert ewarn.log()["desk@example.org"] == ("sent", 2, None)


def test_files_are_written_for_each_list_and_language(ewarn):
    own = ewarn.watchlist()
    done = ewarn.digest(Recipients(), Recipients("Mali", "fr"))
    folder = settings().digests / ewarn.issue.id
    names = ["digest-en.html", "digest-en.md", f"digest-{own}-fr.html", f"digest-{own}-fr.md"]
    assert [one.name for one in done.written] == names
    assert (folder / "map.png").read_bytes() == small_issue.FILES["map.png"]
    assert 'src="map.png"' in (folder / names[0]).read_text()
    assert ewarn.digest(Recipients()).written == [folder / name for name in names[:2]]


def test_a_list_has_its_alerts_once_they_were_run(ewarn):
    own = ewarn.watchlist()
    ewarn.digest(Recipients(own, "en", ("a@b.org",)))
    assert "have not been run on this issue" in ewarn.letters[0].text
    runs.evaluate(settings().mlruns, ewarn.database)
    ewarn.digest(Recipients("Mali", "en", ("c@b.org",)))
    # Risks of both units are 0.06 in February, the second month: from 0.05 they are alerts.
    assert ewarn.letters[1].text.count("February 2021 6%") == 2
    assert "the threshold of the list: risk 5%." in ewarn.letters[1].text
    assert ewarn.letters[1].subject.endswith("2 new alerts")
    assert set(ewarn.log()) == {"a@b.org", "c@b.org"}


def test_a_list_there_is_not_is_unknown_and_nothing_is_written(ewarn):
    ewarn.watchlist()
    with pytest.raises(Unknown, match="watch list 'Malo'; known: Mali"):
        ewarn.digest(ALL, Recipients("Malo"))
    assert not settings().digests.exists()


def test_a_name_of_two_lists_must_be_an_id(ewarn):
    ids = [ewarn.watchlist()]
    with ewarn.database.writing() as session:
        key = keys.create(session, "other", ["read"])
        ids.append(watchlists.add(session, key.key.id, LIST).id)
    with pytest.raises(BadInput, match="2 named 'Mali'"):
        ewarn.digest(Recipients("Mali"))
    assert len(ewarn.digest(Recipients(ids[0])).written) == 2


def test_an_address_or_a_server_that_cannot_be_used_stops_all(ewarn, monkeypatch):
    with pytest.raises(BadInput, match="one mail address"):
        ewarn.digest(ALL, Recipients(addresses=("nobody",)))
    monkeypatch.setenv("EWARN_SMTP_HOST", "")
    settings.cache_clear()
    with pytest.raises(BadInput, match="EWARN_SMTP_HOST"):
        ewarn.digest()
    assert (ewarn.log(), ewarn.letters) == ({}, [])
    assert ewarn.digest(Recipients()).failed == []  # files need no server


def test_through_a_real_server(ewarn, monkeypatch):
    with mail_server.running() as (handler, port):
        monkeypatch.setenv("EWARN_SMTP_PORT", str(port))
        settings.cache_clear()
        handler.at_data = lambda to, _n: "550 no" if to.startswith("lead") else mail_server.DROP
        assert ewarn.digest(send=mail.send).sent == []
        assert [state for state, *_ in ewarn.log().values()] == ["failed", "failed"]
        handler.at_data = lambda _to, _n: mail_server.OK
        assert len(ewarn.digest(send=mail.send).sent) == 2
        assert ewarn.digest(send=mail.send).sent == []
    # The first was accepted before the connection ended, so it arrived twice, with one id.
    ids = [one["Message-ID"] for one in handler.accepted if one["To"].startswith("desk")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


# How the issue before did


def test_the_record_is_of_the_forecast_before_beside_the_counts_of_this_issue(tmp_path):
    """The base of each unit is 0.1, so an increase is from 5.1 deaths: in January Gao has none and
    Mopti 5, no increases; the other four have 20 to 50.
    """
    folder = tmp_path / "mlruns/issues"
    before = issue_chain.issued(folder, "2020-12")
    told = {("MLI-mopti", "2021-01"): 5.0}
    after = issue_chain.issued(folder, "2021-01", told, last_issue=before.id)
    database = Database(f"sqlite:///{tmp_path}/ewarn.db")
    (text,) = jobs.digest_texts(tmp_path / "mlruns", database, after, (Recipients(),), NOW)
    assert "Forecast for January 2021, made 1 month ahead by issue 2020-12" in text
    assert "over 6 units and one month" in text
    assert "Of 6 flagged, 4 escalated and 2 did not; 0 escalated without" in text
    assert "False alarms | Gao, Mali; Mopti, Mali" in text


def test_a_void_or_missing_issue_before_is_no_record(tmp_path):
    folder = tmp_path / "mlruns/issues"
    before = issue_chain.issued(folder, "2020-12")
    after = issue_chain.issued(folder, "2021-01", last_issue=before.id)
    database = Database(f"sqlite:///{tmp_path}/ewarn.db")
    void = jobs.VoidRequest((before.id,), "cut short")
    jobs.verify(tmp_path / "mlruns", database, lambda some, _what: some, void)
    given = (tmp_path / "mlruns", database, after, (Recipients(),), NOW)
    assert "The forecasts of the issue before are void." in jobs.digest_texts(*given)[0]
    (before.folder / "risks.parquet").chmod(0o644)
    (before.folder / "risks.parquet").write_bytes(b"")
    other = Database(f"sqlite:///{tmp_path}/other.db")
    given = (tmp_path / "mlruns", other, *given[2:])
    assert "is no longer there, or was changed" in jobs.digest_texts(*given)[0]
