"""The API of UCDP, behaving in each way that has been seen or is to be feared."""

import json
from hashlib import sha256

import pytest
from support.local_server import Answer, Asked, as_json
from support.made_up import SIZE, TOKEN, ged, page_of, pages

from ewarn.core.errors import BadInput
from ewarn.data import sources


def numbers(server) -> list[int]:
    return [asked.page for asked in server.asked]


def test_a_version_is_fetched_whole_with_its_manifest(ucdp, server):
    path, manifest = ucdp(pages(ged(25)))
    rows = sources.read(path, "events")
    assert (rows.source, len(rows.table), rows.table["fatalities"].sum()) == ("ucdp_ged", 25, 50)
    assert manifest == json.loads(path.with_name("ged.csv.manifest.json").read_text())
    assert manifest["digest"] == f"sha256:{sha256(path.read_bytes()).hexdigest()}" == rows.digest
    assert manifest["url"] == f"{server.url}/gedevents/26.0.10"
    assert (manifest["source"], manifest["version"]) == ("ucdp_ged", "26.0.10")
    assert (manifest["rows"], manifest["pages"], manifest["notes"]) == (25, 3, [])
    assert manifest["promised"] == {"rows": 25, "pages": 3}
    assert manifest["fetched_at"].endswith("+00:00")
    assert numbers(server) == [0, 1, 2, 0, 1, 2]  # each a second time, to prove it the same
    assert server.asked[0].headers["x-ucdp-access-token"] == TOKEN


def test_a_page_size_above_1000_is_refused_before_anything_is_asked(fetch, nothing, server):
    with pytest.raises(BadInput, match=r"--page-size: found 1,001; expected from 1 to 1,000: abov"):
        fetch("ucdp_ged", pages(ged(1)), version="26.1", page_size=1001)
    assert server.asked == []
    nothing()


def test_never_more_than_1000_rows_a_page_are_asked_for(fetch, server):
    fetch("ucdp_ged", pages(ged(3)), version="26.1")
    assert {asked.query["pagesize"] for asked in server.asked} == {"1000"}


def test_rows_dropped_from_pages_in_between_are_refused(ucdp, nothing):
    def answer(asked: Asked) -> Answer:
        whole = page_of(ged(25), asked.page, SIZE)
        return as_json(whole | {"Result": whole["Result"][:7]})

    with pytest.raises(BadInput, match=r"26\.0\.10, page 0: found 7 rows; expected 10, as page 1"):
        ucdp(answer)
    nothing()


def test_more_rows_than_asked_for_are_refused(ucdp, nothing):
    with pytest.raises(BadInput, match="page 0: found 25 rows; expected at most 10, as requested"):
        ucdp(lambda _: as_json(page_of(ged(25), 0, 25)))
    nothing()


def test_a_rate_limit_told_by_http_400_is_waited_for(ucdp, waits):
    answers = iter([Answer(b"Rate limit exceeded, try later", 400)] * 3)
    _, manifest = ucdp(lambda asked: next(answers, None) or pages(ged(25))(asked))
    assert manifest["rows"] == 25
    assert len(waits) == 3
    assert waits == sorted(waits)


def test_any_other_http_400_is_not_repeated(ucdp, waits, nothing):
    with pytest.raises(BadInput, match=r"page 0: found HTTP 400 \(no such parameter\); expected"):
        ucdp(lambda _: Answer(b"no such parameter", 400))
    assert waits == []
    nothing()


def test_a_rate_limit_that_does_not_end_keeps_the_pages_that_came(ucdp, waits, nothing, server):
    def limited(asked: Asked) -> Answer:
        return Answer(b"too many requests", 400) if asked.page == 2 else pages(ged(25))(asked)

    with pytest.raises(BadInput, match=r"page 2: found HTTP 400 \(too many requests\); expected a"):
        ucdp(limited)
    assert len(waits) == 6
    assert 120 < sum(waits) < 180
    nothing(kept=True)
    _, manifest = ucdp(pages(ged(25)))
    assert manifest["rows"] == 25
    assert numbers(server) == [0, 2, 0, 1, 2]  # page 1 was kept, and then proved to be the same


def test_retry_after_is_obeyed_but_not_for_longer_than_ten_minutes(ucdp, waits):
    answers = iter([Answer(b"", 429, {"Retry-After": "77"})])
    ucdp(lambda asked: next(answers, None) or pages(ged(5))(asked))
    assert waits == [77]
    with pytest.raises(BadInput, match="found HTTP 429, with a wait of 3600 s"):
        ucdp(lambda _: Answer(b"", 429, {"Retry-After": "3600"}))
    assert waits == [77]


def test_a_total_about_1000_too_high_is_accepted_and_told(fetch, server):
    path, manifest = fetch("ucdp_ged", pages(ged(2500), 3500), version="26.1")
    assert len(path.read_text().splitlines()) == 2501
    assert (manifest["rows"], manifest["promised"]) == (2500, {"rows": 3500, "pages": 4})
    assert manifest["notes"] == [
        "3,500 rows were promised and 2,500 are there: every page is full to the last, and the"
        " source has been reported to count about 1,000 too much"
    ]
    assert numbers(server) == [0, 1, 2, 3, 0, 1, 2, 3]  # the empty page too is proved


@pytest.mark.parametrize("total", [24, 26, 924, 1126])
def test_any_other_total_is_refused(ucdp, nothing, total):
    with pytest.raises(BadInput, match=f"found 25 rows on all pages; expected the {total:,}"):
        ucdp(lambda asked: as_json(page_of(ged(25), asked.page, SIZE) | {"TotalCount": total}))
    nothing()


def test_an_empty_page_in_between_is_refused(ucdp, nothing):
    def answer(asked: Asked) -> Answer:
        whole = page_of(ged(2500), asked.page, SIZE)
        return as_json(whole | {"Result": whole["Result"] if asked.page != 1 else []})

    with pytest.raises(BadInput, match="page 1: found no rows; expected rows, as only 10 of 2,500"):
        ucdp(answer)
    nothing()


def test_an_empty_page_followed_by_rows_is_refused(ucdp, nothing):
    def answer(asked: Asked) -> Answer:
        whole = page_of(ged(35), asked.page, SIZE)
        return as_json(whole | {"Result": whole["Result"] if asked.page != 1 else []})

    with pytest.raises(BadInput, match="page 1: found 0 rows; expected 10, as page 2 has rows too"):
        ucdp(answer)
    nothing()


def test_an_empty_table_is_refused(ucdp, nothing):
    with pytest.raises(BadInput, match=r"26\.0\.10, page 0: found no rows; expected at least one"):
        ucdp(pages([]))
    nothing()


def changing(states):
    """The pages of one state of the data for four requests, then of the next."""
    seen = iter(range(10**6))

    def answer(asked: Asked) -> Answer:
        state = min(next(seen) // 4, len(states) - 1)
        return pages(states[state])(asked)

    return answer


def test_data_revised_on_the_way_are_fetched_anew(ucdp):
    path, manifest = ucdp(changing([ged(25), ged(25, best=3)]))
    assert sources.read(path, "events").table["fatalities"].sum() == 75
    assert manifest["notes"] == ["the data changed during the download, and were fetched again"]


def test_a_revision_in_between_that_changes_no_count_is_seen(ucdp):
    revised = ged(25)
    revised[14] = revised[14] | {"best": 99}
    path, manifest = ucdp(changing([ged(25), revised]))
    assert sources.read(path, "events").table["fatalities"].max() == 99
    assert manifest["notes"] == ["the data changed during the download, and were fetched again"]


def test_of_a_large_table_the_first_page_and_the_last_are_proved(ucdp, server):
    ucdp(pages(ged(205)))
    assert numbers(server) == [*range(21), 0, 20]


def test_data_that_grow_on_the_way_are_fetched_anew(ucdp):
    _, manifest = ucdp(changing([ged(45), ged(46)]))
    assert manifest["rows"] == 46
    assert manifest["notes"] == ["the data changed during the download, and were fetched again"]


def test_data_that_change_twice_are_refused(ucdp, nothing):
    states = [ged(25, best) for best in range(1, 9)]
    with pytest.raises(BadInput, match=r"page \d: found other rows than before, a second time"):
        ucdp(changing(states))
    nothing()


def test_pages_kept_of_data_that_changed_since_are_not_used(ucdp):
    def down(asked: Asked) -> Answer:
        return Answer(b"", 503) if asked.page == 2 else pages(ged(25, best=9))(asked)

    with pytest.raises(BadInput, match="page 2: found HTTP 503"):
        ucdp(down)
    path, manifest = ucdp(pages(ged(25)))
    assert sources.read(path, "events").table["fatalities"].sum() == 50
    assert manifest["notes"] == []


def test_pages_kept_of_another_request_are_not_used(ucdp, server):
    def down(asked: Asked) -> Answer:
        return Answer(b"", 503) if asked.page == 2 else pages(ged(25))(asked)

    with pytest.raises(BadInput, match="page 2: found HTTP 503"):
        ucdp(down, where={"Country": "432"})
    ucdp(pages(ged(25)), where={"Country": "436"})
    assert numbers(server) == [0, 1, 2, 0, 1, 2]


def test_pages_kept_for_more_than_a_day_are_not_used(ucdp, tmp_path, server):
    def down(asked: Asked) -> Answer:
        return Answer(b"", 503) if asked.page == 2 else pages(ged(25))(asked)

    with pytest.raises(BadInput, match="page 2: found HTTP 503"):
        ucdp(down)
    request = tmp_path / ".ged.csv.partial/request.json"
    request.write_text(request.read_text().replace('"begun": "20', '"begun": "19'))
    ucdp(pages(ged(25)))
    assert numbers(server) == [0, 1, 2, 0, 1, 2]


def test_a_page_served_twice_is_named(ucdp, nothing):
    def answer(asked: Asked) -> Answer:
        number = 1 if asked.page == 2 else asked.page
        return as_json(page_of(ged(45), number, SIZE))

    with pytest.raises(BadInput, match="page 2: found the same 10 rows as on page 1"):
        ucdp(answer)
    nothing()


def test_a_row_served_twice_is_named(ucdp, nothing):
    def answer(asked: Asked) -> Answer:
        rows = page_of(ged(25), asked.page, SIZE)
        rows["Result"][-1] = rows["Result"][-1] | {"id": 1 if asked.page == 2 else 100 + asked.page}
        return as_json(rows)

    with pytest.raises(BadInput, match=r"page 2: found the id '1', which page 0 has"):
        ucdp(answer)
    nothing()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><head><title>Sign in</title></head></html>", r"an HTML page \(Sign in\)"),
        (b"  \n<!DOCTYPE html><h1>Down for maintenance</h1>", r"an HTML page \(Down for maint"),
        (b"", r"other text \(empty\)"),
        (b"[]", "JSON that is a list"),
        (b'{"message": "API token required"}', "JSON with the message .*API token required"),
    ],
)
def test_other_than_the_json_of_a_page(ucdp, nothing, body, said):
    with pytest.raises(BadInput, match=f"page 0: found {said}"):
        ucdp(lambda _: Answer(body))
    nothing()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(b"", 401), "found HTTP 401; expected a user or token that is accepted"),
        (Answer(b"", 404), "found HTTP 404; expected data there; is the version or the URL right?"),
        (
            Answer(b"", 302, {"Location": "/login?next=x"}),
            "found HTTP 302, a redirect to .*/login",
        ),
    ],
)
def test_refusals(ucdp, nothing, waits, answer, said):
    with pytest.raises(BadInput, match=said):
        ucdp(lambda _: answer)
    assert waits == []
    nothing()


def test_a_page_cut_in_the_middle_is_asked_for_again(ucdp, waits):
    cuts = iter([True])

    def answer(asked: Asked) -> Answer:
        whole = pages(ged(25))(asked)
        is_cut = asked.page == 1 and next(cuts, False)
        return Answer(whole.body, 200, whole.headers, len(whole.body) // 2 if is_cut else None)

    _, manifest = ucdp(answer)
    assert (manifest["rows"], len(waits)) == (25, 1)


def test_without_a_token(ucdp, monkeypatch, nothing):
    monkeypatch.delenv("EWARN_UCDP_TOKEN")
    with pytest.raises(BadInput, match="variable EWARN_UCDP_TOKEN: found nothing"):
        ucdp(pages(ged(5)))
    nothing()


def test_filters_are_passed_on_but_may_not_set_the_page(ucdp, server):
    ucdp(pages(ged(5)), where={"Country": "432"})
    assert server.asked[0].query["Country"] == "432"
    with pytest.raises(BadInput, match="--where: found pagesize; expected other words"):
        ucdp(pages(ged(5)), where={"pagesize": "5000"})
