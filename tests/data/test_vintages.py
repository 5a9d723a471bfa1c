"""Vintages: bytes kept once, revisions as changes, and panels as they were told on a day."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from support import worlds
from support.faults import Disk

from ewarn.cli._output import track
from ewarn.core import months, specs
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel, vintages
from ewarn.data.vintages import Step, Store, Vintage
from ewarn.evaluation import backtest, leakage

pytestmark = pytest.mark.slow

JANUARY = months.parse("2020-01")


def vintage(day: str, first="2020-01", last="2020-03", digest="a") -> Vintage:
    return Vintage(
        kind="events", source="made", series="made", file="made.csv", fetched_at=f"{day}T00:00:00Z",
        digest=f"sha256:{digest * 64}", first_month=first, last_month=last, rows=1,
    )  # fmt: skip


def table(*rows: tuple[str, int, float]) -> pd.DataFrame:
    """Counts: id, months after January 2020, fatalities; all in unit 0."""
    made = pd.DataFrame(rows, columns=["event_id", "month", "fatalities"])
    return made.assign(month=made["month"] + JANUARY, events=1, unit=0).astype({"events": float})


def steps(*states: tuple[Vintage, pd.DataFrame]) -> list[Step]:
    made, before = [], None
    for one, after in states:
        made.append(Step(one, vintages.difference(before, after)))
        before = vintages.current_rows(made)
    return made


def counted(history: pd.DataFrame, last: int, **more: object) -> panel.Inputs:
    units = pd.DataFrame({"code": ["A"], "country": ["MLI"]})
    return panel.Inputs(units, csr_array((1, 1)), JANUARY, last, counts=history, **more)


# Changes, by hand

BEFORE = table(("a", 0, 1), ("b", 1, 2), ("c", 1, 3))
AFTER = table(("a", 0, 1), ("b", 1, 9), ("d", 1, 4), ("e", 3, 5))
REVISED = steps(
    (vintage("2020-04-05"), BEFORE), (vintage("2020-05-07", last="2020-04", digest="b"), AFTER)
)


def test_what_a_vintage_tells_otherwise_is_added_changed_or_vanished():
    found = REVISED[1].changes.set_index("event_id")
    assert found["change"].to_dict() == {
        "b": "changed", "c": "vanished", "d": "added", "e": "added"
    }  # fmt: skip
    assert found["fatalities"].to_dict() == {"b": 9, "c": 3, "d": 4, "e": 5}
    assert set(REVISED[0].changes["change"]) == {"added"}


def test_versions_carry_the_days_they_were_told():
    found = vintages.history(REVISED).sort_values(["event_id", "fatalities"])
    days = found[["known_on", "gone_on"]].apply(lambda day: day.dt.strftime("%Y-%m-%d").fillna(""))
    told = found[["event_id", "fatalities"]].join(days)
    assert told.to_numpy().tolist() == [
        ["a", 1, "", ""],
        ["b", 2, "", "2020-05-07"],  # told with its month, until it was changed
        ["b", 9, "2020-05-07", ""],
        ["c", 3, "", "2020-05-07"],
        ["d", 4, "2020-05-07", ""],  # a late addition to a month covered before
        ["e", 5, "", ""],  # of a month no vintage had covered: known with it
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-05-06", [1, 2 + 3, 0, 5]),  # April has ended; the revision is not fetched yet
        ("2020-05-07", [1, 9 + 4, 0, 5]),
        ("2020-04-29", [1, 2 + 3, 0]),
        ("2020-02-28", [1]),
    ],
)
def test_a_panel_is_as_it_was_told_on_the_day(day, expected):
    made = counted(vintages.history(REVISED), JANUARY + 3)
    found = panel.build(made, date.fromisoformat(day)).columns["fatalities"]
    assert found[0].tolist() == expected


def test_rows_without_an_id_are_told_apart_by_their_contents():
    before, after = (rows.assign(event_id="") for rows in (
        table(("", 0, 1), ("", 0, 1), ("", 1, 2)), table(("", 0, 1), ("", 1, 3))
    ))  # fmt: skip
    found = vintages.difference(before, after)
    assert found[["fatalities", "change"]].to_numpy().tolist() == [
        [3, "added"], [1, "vanished"], [2, "vanished"]
    ]  # fmt: skip


# Properties

_rows = st.dictionaries(
    st.sampled_from("abcdefg"), st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1
)


def _states(
    made: list[dict[str, tuple[int, int]]], seed: int
) -> list[tuple[Vintage, pd.DataFrame]]:
    """Vintages fetched five days after the ends of March, April, ...; each told in any order."""
    states = []
    for place, rows in enumerate(made):
        last = JANUARY + 2 + place
        named = [(name, min(month, 2 + place), dead) for name, (month, dead) in rows.items()]
        shuffled = table(*named).sample(frac=1, random_state=seed + place)
        day = months.last_day(last) + timedelta(days=5)
        one = vintage(day.isoformat(), last=months.label(last), digest=str(place))
        states.append((one, shuffled))
    return states


@settings(max_examples=25)
@given(made=st.lists(_rows, min_size=1, max_size=4), seed=st.integers(0, 99))
def test_on_the_day_a_vintage_was_fetched_the_panel_is_that_vintage(made, seed):
    states = _states(made, seed)
    folded = steps(*states)
    for place, (one, rows) in enumerate(states):
        history = vintages.history(folded[: place + 1])
        own, full = (counted(some, one.covered[1]) for some in (rows, history))
        alone, known = panel.build(own, one.day), panel.build(full, one.day)
        assert known.columns["fatalities"].sum() == rows["fatalities"].sum()  # totals are kept
        pd.testing.assert_frame_equal(alone.frame(), known.frame())
        pd.testing.assert_frame_equal(
            alone.frame(), panel.build(full.as_reported(None), one.day).frame()
        )


@settings(max_examples=25)
@given(made=st.lists(_rows, min_size=1, max_size=4), delay=st.integers(0, 40))
def test_a_later_day_never_knows_fewer_months_nor_changes_without_a_vintage(made, delay):
    states = _states(made, 0)
    fetched = tuple(panel.Fetched(one.day, one.covered[1]) for one, _ in states)
    known = counted(vintages.history(steps(*states)), fetched[-1][1], delay=delay, fetched=fetched)
    before = None
    for past in range(75, 280, 9):
        day = date(2020, 1, 1) + timedelta(days=past)
        now = panel.build(known, day).columns["fatalities"]
        if before is not None:
            assert now.shape[1] >= before[1].shape[1]
            if not any(before[0] < one.day <= day for one in fetched):
                np.testing.assert_array_equal(now[:, : before[1].shape[1]], before[1])
        before = day, now


def test_a_month_is_known_after_the_delay_or_with_the_file_that_covers_it():
    made = counted(
        BEFORE, JANUARY + 2, delay=20, fetched=(panel.Fetched(date(2020, 4, 5), JANUARY + 2),)
    )
    for day, known in [("2020-02-19", -1), ("2020-02-20", 0), ("2020-04-04", 1), ("2020-04-05", 2)]:
        assert made.reference_month(date.fromisoformat(day)) == JANUARY + known
    assert made.known_from(JANUARY) == date(2020, 2, 20)


def test_a_month_that_had_not_ended_when_the_file_was_fetched_is_not_covered():
    assert vintage("2020-03-30").covered == (JANUARY, JANUARY + 1)
    assert vintage("2020-03-31").covered == (JANUARY, JANUARY + 2)


# Files, read beside their vintages


@pytest.fixture
def kept(tmp_path):
    """A store, and three vintages of the tiny world's events, the last not kept yet.

    October's file has MLI-A's first event with 2 dead; November's with 7; December's lacks it.
    """
    whole = pd.read_csv(worlds.events(tmp_path))
    store, paths = Store(tmp_path / "vintages"), []
    told = {"2020-10": "2020-11-05", "2020-11": "2020-12-10", "2020-12": "2021-01-15"}
    for number, (last, day) in enumerate(told.items(), start=1):
        rows = whole[whole["date"].str[:7] <= last].copy()
        rows.loc[rows["event_id"] == "e1", "fatalities"] = 2 if last == "2020-10" else 7
        rows = rows[(rows["event_id"] != "e1") | (last != "2020-12")]
        paths.append(worlds.fetched(rows, tmp_path / f"given/e{number}.csv", day))
    files = [_files(tmp_path, path) for path in paths]
    for one in files[:2]:
        ingest.load(one, store).keep(admit=True)
    return store, files


def _files(folder, events, **more):
    common = {"milestones": worlds.milestones(folder), "places": worlds.places(folder)}
    common = {kind: worlds.manifest(path, "2020-11-01") for kind, path in common.items()}
    return ingest.Files(events=events, **common, **more)


OCTOBER = 58 * 2 + 20 * 10  # MLI-A's 58 months, MLI-B's third of 60: its last event is October's


@pytest.mark.parametrize(
    ("as_of", "total", "reference", "vintages_", "known_by"),
    [
        # None was at hand yet: the first that covers the month stands for what was known.
        (date(2020, 10, 31), OCTOBER, "2020-10", 1, "reporting delay"),
        (date(2020, 11, 5), OCTOBER, "2020-10", 1, "vintages"),
        (date(2020, 12, 9), OCTOBER, "2020-10", 1, "vintages"),  # November is over, not at hand
        (date(2020, 12, 10), OCTOBER + 5 + 2, "2020-11", 2, "vintages"),
        (date(2021, 1, 15), OCTOBER - 2 + 2 + 2 + 39, "2020-12", 3, "vintages"),
        (None, OCTOBER - 2 + 2 + 2 + 39, "2020-12", 1, "reporting delay"),  # the file at its word
    ],
)
def test_what_was_at_hand_on_a_day(kept, as_of, total, reference, vintages_, known_by):
    store, files = kept
    loaded = ingest.load(files[2], store, as_of)
    known = panel.build(loaded.as_known, loaded.day)
    assert known.columns["fatalities"].sum() == total
    assert months.label(known.reference_month) == reference
    said = next(one for one in loaded.sources if one["kind"] == "events")
    assert (len(said["vintages"]), said["known_by"]) == (vintages_, known_by)


def test_an_earlier_file_named_again_tells_what_it_told(kept):
    store, files = kept
    ingest.load(files[2], store).keep(admit=True)
    loaded = ingest.load(files[0], store)
    assert panel.build(loaded.as_known, loaded.day).columns["fatalities"].sum() == OCTOBER


@pytest.mark.parametrize("as_of", [date(2019, 6, 30), date(2020, 11, 30)])
def test_a_day_asked_today_and_next_year_knows_the_same(kept, tmp_path, as_of):
    store, files = kept
    before = ingest.load(files[0], Store(tmp_path / "first"), as_of)
    after = ingest.load(files[2], store, as_of)
    assert after.sources == before.sources
    one, two = (panel.build(loaded.as_known, as_of) for loaded in (before, after))
    pd.testing.assert_frame_equal(one.frame(), two.frame())
    assert "events as in e1.csv, fetched 2020-11-05, in place of e3.csv" in after.notes


def test_origins_mean_reference_months_and_truth_is_the_newest_vintage(kept):
    store, files = kept
    loaded = ingest.load(files[2], store)
    spec = specs.model("conflictology").model_copy(update={"leads": [1]})
    rows = backtest.run([spec], loaded.inputs, [JANUARY - 13], track, loaded.day)
    assert set(rows["origin"]) == {"2018-12"}
    first = panel.at(loaded.inputs, JANUARY - 13)
    assert months.label(first.reference_month) == "2018-12"
    assert first.columns["fatalities"][0, 0] == 2  # as first told: neither changed nor gone yet
    truth = panel.build(loaded.inputs.as_reported(None), loaded.day)
    assert truth.columns["fatalities"][0, 0] == 0


def test_the_delay_moves_the_days_and_not_the_origins(tmp_path):
    spec = specs.model("conflictology").model_copy(update={"leads": [1, 3]})
    at = [months.parse("2019-06"), months.parse("2020-06")]
    made = []
    for delay in (0, 20):
        loaded = ingest.load(_files(tmp_path, worlds.events(tmp_path), delay=delay))
        made.append(backtest.run([spec], loaded.inputs, at, track, loaded.day))
        assert (loaded.day - worlds.AS_OF).days == delay
    pd.testing.assert_frame_equal(*made)


def test_features_with_a_delay_are_those_known_then(tmp_path):
    """The base closure is announced on 10 June: within 20 days of May, so May's row knows it."""
    loaded = ingest.load(_files(tmp_path, worlds.events(tmp_path), delay=20))
    known = panel.build(loaded.as_known, loaded.day)
    told = known.columns["milestones_announced"][0]
    assert told.argmax() == months.parse("2020-05") - worlds.FIRST
    assert told.sum() == 1
    spec = specs.model("hurdle").model_copy(update={"leads": [1, 2], "columns": []})
    assert leakage.check(spec, loaded.as_known, known).findings == ()


def test_a_country_chosen_sees_its_own_revisions_alone(kept):
    store, files = kept
    chosen = ingest.Files(**{**vars(files[2]), "countries": ["NER"]})
    loaded = ingest.load(chosen, store, date(2021, 1, 15))
    assert panel.build(loaded.as_known, loaded.day).columns["fatalities"].sum() == 39


# What lies in the store


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}  # fmt: skip


def test_bytes_are_kept_once_with_a_record_of_their_reading(kept):
    store, files = kept
    before = contents(store.folder)
    ingest.load(files[1], store).keep(admit=True)
    assert contents(store.folder) == before
    found = store.admitted("event_csv-e")
    assert [one.file for one in found] == ["e1.csv", "e2.csv"]
    assert found[0].fetched_at == datetime(2020, 11, 5, 9, 30, tzinfo=UTC)
    assert (found[0].first_month, found[0].last_month, found[0].rows) == ("2016-01", "2020-10", 78)
    assert store.path(found[0].digest, "e1.csv").read_bytes() == files[0].events.read_bytes()


def test_the_same_bytes_under_another_name_are_another_name_for_them(kept, tmp_path):
    store, files = kept
    path = tmp_path / "other.csv"
    path.write_bytes(files[0].events.read_bytes())
    ingest.load(_files(tmp_path, path), store).keep(admit=True)
    digest = store.admitted("event_csv-other")[0].digest
    one, two = (store.path(digest, name).stat() for name in ("e1.csv", "other.csv"))
    assert one.st_ino == two.st_ino


def test_a_file_that_is_held_is_kept_and_no_vintage(kept):
    store, files = kept
    loaded = ingest.load(files[2], store)
    loaded.keep(admit=False)
    assert len(store.admitted("event_csv-e")) == 2
    assert store.find("event_csv-e", loaded.readings[1].named.digest) is not None
    ingest.load(files[2], store).keep(admit=True)
    assert len(store.admitted("event_csv-e")) == 3


def test_another_column_map_is_another_series():
    names = {vintages.series("event_csv", "a.csv", one) for one in ("", "sha256:12", "sha256:34")}
    assert names == {"event_csv-a", "event_csv-a-12", "event_csv-a-34"}


@pytest.mark.parametrize("said", ["{}", "no json", '{"fetched_at": "2020-11-05T09:30:00"}'])
def test_a_manifest_without_a_time_is_refused(kept, said):
    store, files = kept
    files[2].events.with_name("e3.csv.manifest.json").write_text(said)
    with pytest.raises(BadInput, match=r"e3\.csv\.manifest\.json: found no fetched_at"):
        ingest.load(files[2], store)


def test_a_manifest_of_another_content_is_refused(kept):
    store, files = kept
    manifest = files[2].events.with_name("e3.csv.manifest.json")
    told = json.loads(manifest.read_text()) | {"digest": "sha256:00"}
    manifest.write_text(json.dumps(told))
    with pytest.raises(BadInput, match=r"found the digest sha256:00; expected that of e3\.csv"):
        ingest.load(files[2], store)


def test_a_file_that_changes_while_it_is_read_is_refused(kept):
    store, files = kept
    loaded = ingest.load(files[2], store)
    files[2].events.write_text("date,latitude,longitude\n2020-01-01,1,1\n")
    with pytest.raises(BadInput, match=r"e3\.csv: found another content than was read"):
        loaded.keep(admit=True)


def test_damage_in_the_store_is_named(kept):
    store, files = kept
    first = store.admitted("event_csv-e")[0]
    path = store.path(first.digest, "e1.csv")
    path.chmod(0o644)
    path.write_text("changed")
    with pytest.raises(BadInput, match=r"e1\.csv: found the vintage sha256:.* is changed"):
        ingest.load(files[1], store, date(2020, 11, 5))
    path.unlink()
    with pytest.raises(BadInput, match=r"e1\.csv is gone"):
        ingest.load(files[1], store, date(2020, 11, 5))
    record = next((store.folder / "readings/event_csv-e").iterdir())
    record.chmod(0o644)
    record.write_text("{")
    with pytest.raises(BadInput, match=f"{record.name}: found Invalid JSON"):
        ingest.load(files[1], store)


# Whole or not there


@pytest.fixture
def readings(kept):
    """What keeping the two vintages writes: file, vintage and changes of each."""
    store, _ = kept
    return [
        (store.path(one.digest, one.file), one, store.changes(one))
        for one in store.admitted("event_csv-e")
    ]


@pytest.mark.parametrize("is_dead_then", [False, True], ids=["fails once", "dies"])
def test_a_fault_at_any_step_leaves_a_store_that_reads(readings, tmp_path, is_dead_then):
    whole = Store(tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        disk = Disk(patch)
        for one in readings:
            whole.keep(*one)
        number = disk.count
    expected = contents(whole.folder)
    assert number > 4 * len(expected)  # each is opened, written, synced, renamed
    for step in range(1, number + 1):
        broken = Store(tmp_path / str(step))
        with pytest.MonkeyPatch.context() as patch, suppress(OSError):
            Disk(patch, step, is_dead_then)
            for one in readings:
                broken.keep(*one)
        left = {name: content for name, content in contents(broken.folder).items()
                if not name.rpartition("/")[2].startswith(".")}  # fmt: skip
        assert left.items() <= expected.items()  # nothing half-written under its name
        for one in broken.admitted("event_csv-e"):
            assert broken.path(one.digest, one.file).exists()
            assert len(broken.changes(one))
        for one in readings:
            broken.keep(*one)
        assert contents(broken.folder) == expected


def test_what_is_kept_says_nothing_of_the_clock(kept):
    store, _ = kept
    records = sorted((store.folder / "readings/event_csv-e").iterdir())
    assert [json.loads(path.read_text())["fetched_at"][:10] for path in records] == [
        "2020-11-05", "2020-12-10"
    ]  # fmt: skip


def test_an_event_dated_after_the_file_was_fetched_is_set_aside_and_adds_no_month(tmp_path):
    rows = [f"2020-{n % 12 + 1:02}-05,16.27,-0.04" for n in range(60)]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(["date,latitude,longitude", *rows, "2131-02-03,16.27,-0.04"]))
    loaded = ingest.load(ingest.Files(events=path))
    assert months.label(loaded.inputs.last_month) == "2020-12"
    assert "1 rows have an impossible value: set aside" in loaded.notes
    (late,) = loaded.set_aside[loaded.set_aside["file"] == "events.csv"].to_dict("records")
    assert late["row"] == 62
    assert late["expected"].endswith("when the file was fetched")
