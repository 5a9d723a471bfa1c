"""`ewarn digest` as an operator meets it."""

import pytest
from support import commands, mail_server, small_issue

from ewarn.core.settings import settings


@pytest.fixture
def ewarn(tmp_path, monkeypatch, capsys):
    """Runs `ewarn digest` on the small issue: status, standard output, standard error."""
    small_issue.written(tmp_path / "mlruns/issues")
    monkeypatch.setenv("EWARN_HOME", str(tmp_path))
    monkeypatch.setenv("EWARN_MAIL_FROM", "ewarn@example.net")
    monkeypatch.setenv("EWARN_SMTP_SECURITY", "none")
    settings.cache_clear()
    yield commands.runner(monkeypatch, capsys, "digest")
    settings.cache_clear()


def test_help_has_an_example(ewarn):
    status, out, _ = ewarn("--help")
    assert status == 0
    assert "ewarn digest --language fr" in out.split("Example", 1)[1]


def test_files_are_written_beside_the_issue_or_where_one_likes(ewarn, tmp_path):
    status, out, err = ewarn()
    assert (status, err) == (0, "")
    assert "digest-en.html" in out
    assert ewarn("--out", str(tmp_path / "here"), "--language", "fr")[0] == 0
    assert {one.name for one in (tmp_path / "here").glob("[!.]*")} == {
        "digest-fr.html", "digest-fr.md", "map.png"
    }  # fmt: skip


def test_a_dry_run_shows_it_and_writes_and_sends_nothing(ewarn):
    status, out, _ = ewarn("--dry-run", "--to", "desk@example.org", "--language", "fr")
    assert status == 0
    assert "Nouvelle édition" in out
    assert "would be sent to desk@example.org" in out
    assert not settings().digests.exists()


def test_it_is_sent_and_what_was_not_ends_with_status_1(ewarn, monkeypatch):
    with mail_server.running() as (handler, port):
        monkeypatch.setenv("EWARN_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("EWARN_SMTP_PORT", str(port))
        settings.cache_clear()
        handler.at_rcpt = lambda to, _n: "550 no" if to.startswith("b") else mail_server.OK
        status, out, err = ewarn("--to", "a@example.org", "--to", "b@example.org")
        assert status == 1
        assert "sent         a@example.org" in out
        assert "not sent     b@example.org: refused: 550 no" in err
        handler.at_rcpt = lambda _to, _n: mail_server.OK
        status, out, _ = ewarn("--to", "a@example.org", "--to", "b@example.org")
        assert status == 0
        assert "sent before  a@example.org" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2019-01-x"], "unknown issue '2019-01-x'"),
        (["--watchlist", "Sahel"], "unknown watch list 'Sahel'"),
        (["--to", "desk"], "one mail address"),
        (["--to", "desk@example.org"], "EWARN_SMTP_HOST: found nothing"),
        (["--language", "de"], "'de' is not one of"),
    ],
)
def test_bad_input_is_named_with_status_2(ewarn, arguments, message):
    status, _, err = ewarn(*arguments)
    assert (status, message in " ".join(err.split())) == (2, True)
    assert not settings().digests.exists()
