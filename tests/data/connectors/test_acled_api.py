"""The API of ACLED, behaving in each way that has been seen or is to be feared."""

from datetime import date

import pytest
from support.local_server import as_json
from support.made_up import Acled, acled

from ewarn.core.errors import BadInput
from ewarn.data import sources


def test_acled_is_fetched_without_its_deleted_events(events, server):
    path, manifest = events(Acled(acled(25)), where={"region": "1|2"})
    rows = sources.read(path, "events")
    assert (rows.source, len(rows.table)) == ("acled", 24)
    assert "MLI7" not in rows.table["event_id"].to_list()
    assert (manifest["rows"], manifest["pages"]) == (24, 4)
    assert manifest["notes"] == ["1 events that ACLED has deleted are left out"]
    asked = server.asked[1].query
    assert asked == {"_format": "json", "region": "1|2", "event_date": "2021-01-01|2021-12-31",
                     "event_date_where": "BETWEEN", "limit": "10", "page": "1"}  # fmt: skip


def test_a_token_that_expires_on_the_way_is_renewed(events):
    source = Acled(acled(35), lasting=3)
    _, manifest = events(source)
    assert manifest["rows"] == 34
    assert source.logins == 5  # 14 requests, 3 a token


def test_a_token_that_is_never_accepted_ends_after_a_second_one(events, nothing):
    source = Acled(acled(5), lasting=0)
    with pytest.raises(BadInput, match=r"page 1: found HTTP 401 .*; expected a user or token"):
        events(source)
    assert source.logins == 2
    nothing()


def test_a_wrong_password_is_said_and_not_told(events, monkeypatch, nothing):
    monkeypatch.setenv("EWARN_ACLED_PASSWORD", 'other "word"/')
    with pytest.raises(BadInput, match="acled login: found HTTP 400") as caught:
        events(Acled(acled(5)))
    assert "other" not in str(caught.value)
    nothing()


def test_a_token_that_works_while_data_are_refused(events, waits, nothing):
    source = Acled(acled(5))
    source.table = lambda *_: as_json({"message": "Consent to the terms first"}, 403)
    with pytest.raises(BadInput, match=r"HTTP 403 .*Consent to .* an account that may read these"):
        events(source)
    assert waits == []
    nothing()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"data": [], "count": 0, "messages": ["No access to this data"]},
         r"page 1: found no rows \(No access to this data\); expected at least one"),
        ({"success": False, "message": "quota of rows used"}, r"found no data \(quota of rows"),
        ({"data": None}, r"found no data \(.*success.*; expected data"),
        ({"count": 11}, "found 5 rows; expected as many as its count, 11"),
        ({"data_query_restrictions": {"date_recency": {"date": "2021-06-30"}}},
         "found an account that may read events to 2021-06-30 only; expected --last 2021-06-30 or"),
    ],
)  # fmt: skip
def test_an_account_that_is_refused_with_http_200(events, nothing, more, said):
    with pytest.raises(BadInput, match=said):
        events(Acled(acled(5), **more))
    nothing()


def test_an_empty_list_of_deleted_events_is_not_believed(events, nothing):
    with pytest.raises(BadInput, match="acled deleted, page 1: found no rows"):
        events(Acled(acled(5), gone=[]))
    nothing()


def test_a_short_page_with_rows_behind_it_is_refused(events, nothing):
    """As where a source serves fewer rows than it was asked for, and says nothing."""
    source = Acled(acled(25))
    source.table = lambda rows, asked: as_json({"data": rows[10 * asked.page - 10 :][:6]})
    with pytest.raises(BadInput, match="page 1: found 6 rows; expected 10, as page 2 has rows too"):
        events(source)
    nothing()


def test_days_that_were_not_asked_for_are_refused(events, nothing):
    with pytest.raises(BadInput, match="found the day '2021-03-04' of MLI1; expected days"):
        events(Acled(acled(5)), first=date(2021, 5, 1))
    nothing()
