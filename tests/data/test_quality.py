"""Findings about the end of the data: each rule by hand, and no false alarm on the real series."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from support import worlds

from ewarn.core import months
from ewarn.data import ingest, panel, quality
from ewarn.data.quality import _actors
from ewarn.data.vintages import Store

pytestmark = pytest.mark.slow

UNITS = pd.DataFrame({"code": ["A", "B"], "country": ["MLI", "NER"]})
LAST = months.parse("2020-12")


def known(mali, niger) -> panel.Panel:
    """The panel of two units with those monthly numbers of events, to 2020-12."""
    events = np.array([mali, niger], np.float32)
    first = LAST - events.shape[1] + 1
    return panel.Panel(
        UNITS, csr_array((2, 2)), first, date(2020, 12, 31), {"events": events}, pd.DataFrame()
    )


def names(some) -> list[str]:
    return [one.name for one in some]


# Falls

STEADY = [50, 60] * 24


@pytest.mark.parametrize(("total", "found"), [(28, ["fall"]), (29, []), (300, [])])
def test_a_fall_below_half_and_below_any_before(total, found):
    # With Niger's 3 the months are 53 and 63, their median is 58: 29 / 59 < 1/2 < 30 / 59.
    made = known([*STEADY[:-1], total - 3], [3] * 48)
    assert names(quality._fall(made)) == found


def test_a_fall_that_history_has_seen_deeper_is_none():
    deeper = [*STEADY[:30], 5, *STEADY[31:-1], 20]
    assert names(quality._fall(known(deeper, [0] * 48))) == []
    assert names(quality._fall(known([*STEADY[:-1], 20], [0] * 48))) == ["fall"]


def test_a_short_history_allows_any_fall():
    assert names(quality._fall(known([50] * 35 + [0], [0] * 36))) == []
    assert names(quality._fall(known([50] * 36 + [0], [0] * 37))) == ["fall"]


def test_the_evidence_has_the_numbers():
    found = next(quality._fall(known([*STEADY[:-1], 20], [0] * 48)))
    assert found.evidence == (
        "20 events in 2020-12, after a median of 55 in the twelve months before: the deepest fall"
        " of 36 months"
    )


# Silence


@pytest.mark.parametrize(
    ("niger", "found"),
    [
        ([3] * 12 + [0], ["silent-NER"]),
        ([3] * 12 + [0] * 12, ["silent-NER"]),  # as long as the silence is not a year old
        ([3] * 12 + [0] * 13, []),
        ([3] * 11 + [2] + [0], []),
        ([9] * 11 + [0], []),  # too short to tell
        ([3] * 13, []),
        ([20] * 12 + [2], ["silent-NER"]),  # strays: a tenth of the least month before
        ([20] * 12 + [3], []),
        ([0] * 13, []),
    ],
)
def test_a_country_that_falls_silent(niger, found):
    assert names(quality._silent(known([1] * len(niger), niger))) == found


def test_the_evidence_says_since_when():
    few = next(quality._silent(known([1] * 14, [40] * 12 + [3, 0])))
    assert few.evidence.startswith("at most 3 a month in NER since 2020-11, 40 or more")
    found = next(quality._silent(known([1] * 15, [4] * 12 + [0] * 3)))
    assert found.evidence == (
        "no event in NER since 2020-10, 4 or more in each of the twelve months before"
    )


# Files


@pytest.fixture
def read(tmp_path):
    """Reads a table of events as a file fetched on a day; keeps it as a vintage unless told not."""
    store = Store(tmp_path / "vintages")
    common = {"milestones": worlds.milestones(tmp_path), "places": worlds.places(tmp_path)}

    def load(table, day, admit=True):
        path = worlds.fetched(table, tmp_path / "given/e1.csv", day)
        loaded = ingest.load(ingest.Files(events=path, **common), store)
        found = names(quality.check(loaded, panel.build(loaded.as_known, loaded.day)))
        if admit:
            loaded.keep(admit=True)
        return found

    return load


@pytest.fixture
def table(tmp_path):
    return pd.read_csv(worlds.events(tmp_path))


def test_an_older_file_than_last_time(read, table):
    assert read(table, "2021-01-20") == []
    assert read(table, "2021-01-20") == []  # the same again
    older = table[table["date"] < "2020-12"]
    assert read(older, "2021-01-21", admit=False) == ["older-events"]
    assert read(older, "2021-01-21", admit=False) == ["older-events"]  # as long as it is not kept
    assert read(table[table["event_id"] != "e7"], "2021-01-22") == ["older-events"]  # a row less
    assert read(table.head(118), "2021-01-23") == []  # as many as the one that was accepted


def test_a_file_that_tells_another_history(read, table):
    read(table, "2021-01-20")
    half = table.assign(fatalities=table["fatalities"] + (table.index < 59))
    assert read(half, "2021-01-21", admit=False) == []
    more = table.assign(fatalities=table["fatalities"] + (table.index < 60))
    assert read(more, "2021-01-21") == ["rewritten-events"]


def test_a_last_month_cut_short(read, table):
    days = pd.date_range("2018-01-01", "2020-12-20").strftime("%Y-%m-%d")
    daily = table.iloc[:1].drop(columns=["date", "event_id"]).merge(
        pd.DataFrame({"date": days, "event_id": days}), how="cross"
    )  # fmt: skip
    assert read(daily, "2021-01-20") == ["cut-short"]
    gap = daily[daily["date"].str[-2:] > "11"]  # eleven days without an event in every month
    assert read(gap, "2021-01-21", admit=False) == ["older-events"]


# Months that are due


@pytest.mark.parametrize(
    ("as_of", "delay", "behind"),
    [
        (None, 0, 0),
        (None, 20, 0),
        (date(2021, 1, 30), 0, 0),
        (date(2021, 1, 31), 0, 1),
        (date(2021, 2, 19), 20, 0),
        (date(2021, 2, 20), 20, 1),
        (date(2022, 1, 20), 20, 12),
        (date(2019, 6, 30), 0, 0),
    ],
)
def test_how_many_months_are_due_and_not_covered(tmp_path, as_of, delay, behind):
    files = ingest.Files(**{**vars(worlds.files(tmp_path)), "delay": delay})
    assert quality.months_behind(ingest.load(files, as_of=as_of)) == behind


# The real series


@pytest.mark.realdata
def test_no_false_alarm_at_the_ends_of_the_real_files_and_few_in_their_past(shared_data):
    africa, car = "ged/ged211_africa.csv.gz", "ged/CAR_GEDEvent_v23_1.geojson.gz"
    for file, countries, falls, leaps in [(africa, (), 6, 8), (car, ("CAF",), 5, 0)]:
        loaded = ingest.load(ingest.Files(events=shared_data / file, countries=countries))
        whole = panel.build(loaded.as_known, loaded.day)
        assert quality.check(loaded, whole) == []
        found = []
        for last in range(36, whole.shape[1]):
            counts = ("events", "fatalities")
            then = {name: whole.columns[name][:, : last + 1] for name in counts}
            past = replace(whole, columns=then)
            found += quality.check(loaded, past)
        leapt = [one for one in found if one.name.startswith("leap-")]
        assert (len(found) - len(leapt), len(leapt)) == (falls, leaps), found


# Actors under two names


def events_of(tmp_path, *spans):
    """The rows of a file of events in Gao: of each actor so many, in each month from 2019-01 on."""
    lines = ["date,latitude,longitude,actor_a"]
    for actor, first, last, count in spans:
        for month in range(first, last + 1):
            day = f"{2019 + month // 12}-{month % 12 + 1:02d}-15"
            lines += [f"{day},16.3,0,{actor}"] * count
    (tmp_path / "events.csv").write_text("\n".join([*lines, ""]))
    return ingest.load(ingest.Files(events=tmp_path / "events.csv"))


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ([("JNIM", 0, 10, 10), ("Group for Support", 11, 11, 9)], ["renamed-JNIM"]),
        ([("JNIM", 0, 10, 10), ("Group for Support", 11, 11, 2)], []),  # by far not as often
        ([("JNIM", 0, 11, 10), ("Group for Support", 11, 11, 9)], []),  # it is still named
        ([("JNIM", 0, 10, 4), ("Group for Support", 11, 11, 9)], []),  # it was not large
        ([("JNIM", 0, 6, 10), ("Group for Support", 7, 11, 9)], []),  # long ago
        ([("JNIM", 0, 10, 10), ("Group for Support", 10, 11, 9)], []),  # it was there before
    ],
)
def test_an_actor_that_vanishes_as_another_appears(tmp_path, spans, found):
    loaded = events_of(tmp_path, *spans, ("Army", 0, 11, 1))
    assert names(_actors.findings(loaded)) == found
