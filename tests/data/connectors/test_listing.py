"""The releases that a source has on a day: there, absent though due, or not due yet."""

from datetime import date

import pytest
from support.local_server import Answer, as_json
from support.made_up import TOKEN, Ucdp

from ewarn.core.errors import BadInput
from ewarn.data import connectors
from ewarn.data.connectors import Again, Web, ucdp_ged
from ewarn.data.sources import ucdp_ged as source

DAY = date(2026, 5, 25)  # April was due on 20 May


@pytest.fixture
def listed(server, waits):
    """Lists the versions of a source that answers so, on a day."""

    def run(answer, day=DAY, **where):
        server.answer = answer
        with Web(sleep=waits.append) as web:
            listing = connectors.versions("ucdp_ged", web, day, where, server.url)
        there = {str(each.version): each.rows for each in listing.there}
        return there, [str(version) for version in listing.absent]

    return run


def asked(server) -> list[str]:
    return [each.path.rpartition("/")[2] for each in server.asked]


def test_yearly_versions_and_the_candidates_since(listed, server):
    publisher = Ucdp(v25_1=40, v26_1=50, v25_0_12=9, v26_0_1=5, v26_0_2=6, v26_0_3=7, v26_0_4=8)
    there, absent = listed(publisher)
    assert there == {"25.1": 40, "26.1": 50, "26.0.1": 5, "26.0.2": 6, "26.0.3": 7, "26.0.4": 8}
    assert absent == []
    assert asked(server) == ["25.1", "26.1", "26.0.1", "26.0.2", "26.0.3", "26.0.4"]
    assert {one.query["pagesize"] for one in server.asked} == {"1"}
    assert {one.headers["x-ucdp-access-token"] for one in server.asked} == {TOKEN}


def test_before_the_yearly_version_candidates_go_back_to_the_year_before(listed):
    publisher = Ucdp(v25_1=40, **{f"v25_0_{month}": month for month in range(1, 13)}, v26_0_1=5)
    there, absent = listed(publisher, date(2026, 2, 21))
    assert list(there) == ["25.1", *(f"25.0.{month}" for month in range(1, 13)), "26.0.1"]
    assert absent == []


def test_a_hole_is_absent_and_does_not_end_the_listing(listed):
    there, absent = listed(Ucdp(v26_1=50, v26_0_1=5, v26_0_3=7))
    assert list(there) == ["26.1", "26.0.1", "26.0.3"]
    assert absent == ["26.0.2", "26.0.4"]


@pytest.mark.parametrize(
    ("day", "absent", "last"),
    [
        (date(2026, 4, 20), [], "26.0.3"),  # the 20th day after March: due by its end
        (date(2026, 4, 21), ["26.0.3"], "26.0.3"),
        (date(2026, 4, 30), ["26.0.3"], "26.0.3"),  # April has not ended
        (date(2026, 5, 1), ["26.0.3"], "26.0.4"),
    ],
)
def test_a_month_is_due_twenty_days_after_its_end(listed, server, day, absent, last):
    assert listed(Ucdp(v26_1=50, v26_0_1=5, v26_0_2=6), day) == (
        {"26.1": 50, "26.0.1": 5, "26.0.2": 6},
        absent,
    )
    assert asked(server)[-1] == last


def test_the_delay_is_that_of_the_source():
    assert ucdp_ged.DELAY_DAYS == source.DELAY_DAYS


NOTHING = [
    as_json({"TotalCount": 0, "TotalPages": 0, "Result": []}),
    as_json({"TotalCount": 0, "TotalPages": 0, "Result": None}),
    as_json({"TotalCount": 1000, "TotalPages": 1000, "Result": []}),  # counted too much
    Answer(b"", 404),
    Answer(b"version 26.0.2 does not exist", 400),
]


@pytest.mark.parametrize("nothing", NOTHING)
def test_each_way_in_which_a_version_is_not_there(listed, nothing):
    publisher = Ucdp(v26_1=50, v26_0_1=5, v26_0_3=7, v26_0_4=8)
    publisher.instead = {"26.0.2": nothing}
    assert listed(publisher)[1] == ["26.0.2"]


FAILS = [
    (Answer(b"", 503), Again, "ucdp_ged 26.0.2: found HTTP 503"),
    (Answer(b"too many requests", 429), Again, r"found HTTP 429 \(too many requests\)"),
    (Answer(b"rate limit of this version", 400), Again, r"found HTTP 400 \(rate limit of this v"),
    (Answer(b"", 401), BadInput, "found HTTP 401; expected a user or token that is accepted"),
    (Answer(b"", 400), BadInput, "found HTTP 400; expected HTTP 200"),
    (Answer(b"<title>Maintenance</title>"), BadInput, r"found an HTML page \(Maintenance\)"),
    (as_json({}), BadInput, "expected TotalCount, TotalPages and Result"),
    (
        as_json({"TotalCount": 7, "TotalPages": 7, "Result": []}),
        BadInput,
        "found no rows, though it promises 7; expected the first of them",
    ),
]


@pytest.mark.parametrize(("answer", "error", "message"), FAILS)
def test_a_source_that_fails_is_never_one_without_the_version(listed, answer, error, message):
    publisher = Ucdp(v26_1=50, v26_0_1=5, v26_0_3=7)
    publisher.instead = {"26.0.2": answer}
    with pytest.raises(error, match=message) as caught:
        listed(publisher)
    assert isinstance(caught.value, Again) == (error is Again)


def test_a_source_that_is_back_is_listed(listed, waits):
    publisher = Ucdp(v26_1=50, v26_0_1=5)
    down = iter([Answer(b"", 503)] * 3)
    there, _ = listed(lambda one: next(down, None) or publisher(one), date(2026, 2, 22))
    assert list(there) == ["26.1", "26.0.1"]
    assert len(waits) == 3


def test_an_address_without_any_version_is_an_error(listed):
    with pytest.raises(BadInput, match=r"found neither 25\.1 nor 26\.1; expected one of these"):
        listed(Ucdp())


def test_a_filter_counts_its_own_rows_and_an_empty_month_is_there(listed):
    publisher = Ucdp(v26_1=50, v26_0_1=5, v26_0_2=6)
    publisher.rows["26.0.1"] = [row | {"country_id": 436} for row in publisher.rows["26.0.1"]]
    publisher.rows["26.0.2"][0]["country_id"] = 436
    there, absent = listed(publisher, date(2026, 4, 1), Country="432")
    assert there == {"26.1": 50, "26.0.1": 0, "26.0.2": 5}
    assert absent == []


def test_a_filter_may_not_choose_the_page(listed):
    with pytest.raises(BadInput, match="--where: found page; expected other words than page"):
        listed(Ucdp(v26_1=50), page="3")


@pytest.mark.parametrize("name", ["acled", "csv", "hdx"])
def test_other_sources_have_no_releases(name):
    with Web() as web, pytest.raises(BadInput, match="one that publishes them: ucdp_ged"):
        connectors.versions(name, web, DAY)


def test_without_a_token_nothing_is_requested(listed, monkeypatch, server):
    monkeypatch.delenv("EWARN_UCDP_TOKEN")
    with pytest.raises(BadInput, match=r"EWARN_UCDP_TOKEN: found nothing; .*ucdp\.uu\.se/apidocs/"):
        listed(Ucdp(v26_1=50))
    assert server.asked == []


def test_an_account_of_acled_is_registered_at_its_site(events, monkeypatch):
    monkeypatch.delenv("EWARN_ACLED_PASSWORD")
    with pytest.raises(
        BadInput, match=r"EWARN_ACLED_PASSWORD: .*myACLED .*https://acleddata\.com/"
    ):
        events(lambda _: Answer(b""))
