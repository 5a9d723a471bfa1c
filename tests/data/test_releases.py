"""Test that a yearly release and candidate releases are joined as the rules state, by hand."""

import itertools
from pathlib import Path

import pandas as pd
import pytest
from support.releases import KIDAL, fetched, row, write

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel
from ewarn.data.vintages import Store

CANDIDATES = Path(__file__).parents[3] / "shared" / "data" / "ucdp_candidate"
BEFORE = {"23.1": ["2021-01-05", "2022-12-05"], "23.01.23.09": ["2023-09-05"]}
REAL = [  # a candidate, made releases before it with days of their events, its last month, Mali's
    ("v23_0_10", BEFORE, "2023-10", 55),
    ("v26_0_1", {"26.1": ["2024-01-05", "2025-12-05"]}, "2026-01", 56),
]  # fmt: skip


def _yearly(folder, name="GEDEvent_v26_1.csv"):
    """Final events from January 2023 to December 2025: one in Gao every month, with 2 deaths."""
    months_of = itertools.product((2023, 2024, 2025), range(1, 13))
    rows = [row(f"y{y}{m}", f"{y}-{m:02d}-15", 2) for y, m in months_of]
    return write(folder, name, *rows)


def _ten(folder):
    """Candidates from January to October 2026, each with an event in Gao of 10 deaths and more."""
    rows = {month: [row(f"c{month}", f"2026-{month:02d}-10", 10)] for month in range(1, 11)}
    rows[1] += [
        row("y202512", "2025-12-15", 99),  # the yearly release has it: its row counts
        row("spill", "2025-12-31", 7),  # December 2025 is the yearly release's, which has it not
        row("twice", "2026-01-20", 5),  # again in March, revised
        row("moved", "2026-01-25", 4),  # again in April, in Kidal and in February
    ]
    rows[2] += [row("late", "2026-01-30", 3)]  # of January, first reported in February
    rows[3] += [row("twice", "2026-01-20", 8), row("early", "2026-04-01", 6)]  # April has it not
    rows[4] += [row("moved", "2026-02-03", 4, KIDAL)]
    rows[10] += [row("beyond", "2026-11-01", 1)]  # no release covers November
    return [
        write(folder, f"GEDEvent_v26_0_{month}.csv", *some) for month, some in sorted(rows.items())
    ]


def _load(*paths, **more):
    loaded = ingest.load(ingest.Files(events=paths, countries=("MLI",), **more))
    return loaded, panel.build(loaded.as_known, loaded.day)


def _deaths(known, unit, year):
    row = list(known.units["code"]).index(unit)
    first = months.of(year, 1) - known.first_month
    return known.columns["fatalities"][row, first : first + 12].tolist()


def test_a_yearly_and_ten_candidate_releases_give_the_panel_worked_out_by_hand(tmp_path):
    loaded, known = _load(_yearly(tmp_path), *_ten(tmp_path))
    assert months.label(known.reference_month) == "2026-10"
    assert _deaths(known, "MLI-GA", 2025) == [2] * 12
    # January: 10, and 8 as revised in March, and 3 reported late.
    assert _deaths(known, "MLI-GA", 2026) == [21] + [10] * 9
    assert _deaths(known, "MLI-KD", 2026) == [0, 4] + [0] * 8
    aside = loaded.set_aside[loaded.set_aside["file"].str.startswith("GED")]
    assert aside[["file", "row", "found"]].to_numpy().tolist() == [
        ["GEDEvent_v26_0_10.csv", 3, "2026-11"]
    ]
    assert months.label(known.final_through) == "2025-12"
    assert known.preliminary == 10
    assert [one["release"] for one in _events(loaded)["releases"]] == [
        "26.1",
        *(f"26.0.{month}" for month in range(1, 11)),
    ]


def _events(loaded):
    return next(one for one in loaded.sources if one["kind"] == "events")


def test_the_order_of_the_files_and_of_their_rows_changes_no_byte(tmp_path):
    paths = [_yearly(tmp_path), *_ten(tmp_path)]
    loaded, known = _load(*paths)
    again, other = _load(tmp_path)
    shuffled, third = _load(*sorted(paths, key=lambda path: path.name[::-1]))
    for one, its in ((again, other), (shuffled, third)):
        pd.testing.assert_frame_equal(one.events.table, loaded.events.table)
        pd.testing.assert_frame_equal(its.frame(), known.frame())
        assert one.sources == loaded.sources


def test_a_missing_month_is_an_error_that_names_the_release(tmp_path):
    paths = [_yearly(tmp_path), *_ten(tmp_path)]
    with pytest.raises(
        BadInput, match=r"none covers 2026-03; .*26\.0\.3 \(GEDEvent_v26_0_3\.csv\)"
    ):
        _load(*(path for path in paths if path.name != "GEDEvent_v26_0_3.csv"))


def test_a_release_of_several_months_replaces_those_of_each(tmp_path):
    half = [row(f"h{month}", f"2026-{month:02d}-10", month) for month in range(1, 7)]
    paths = [_yearly(tmp_path), *_ten(tmp_path)]
    paths.append(write(tmp_path, "GEDEvent_v26_01_26_06.csv", *half))
    _, known = _load(*paths)
    assert _deaths(known, "MLI-GA", 2026) == [1, 2, 3, 4, 5, 6, 10, 10, 10, 10]
    assert sum(_deaths(known, "MLI-KD", 2026)) == 0


def test_the_newest_yearly_release_alone_counts_and_replaces_candidates(tmp_path):
    rows = [row(f"z{month}", f"2024-{month:02d}-20", 1) for month in range(1, 13)]
    older = write(tmp_path, "GEDEvent_v25_1.csv", row("first", "2022-01-01", 1), *rows)
    early = write(tmp_path, "GEDEvent_v25_0_6.csv", row("june", "2025-06-01", 50))
    _, known = _load(older, _yearly(tmp_path), early, *_ten(tmp_path))
    assert months.label(known.first_month) == "2023-01"
    assert _deaths(known, "MLI-GA", 2024) == _deaths(known, "MLI-GA", 2025) == [2] * 12
    assert known.preliminary == 10


def test_a_yearly_file_that_ends_early_does_not_become_zeros(tmp_path):
    rows = [row(f"y{month}", f"2025-{month:02d}-15", 2) for month in range(1, 11)]
    short = write(tmp_path, "GEDEvent_v26_1.csv", *rows)
    with pytest.raises(BadInput, match="none covers 2025-11"):
        _load(short, *_ten(tmp_path))


def test_a_candidate_release_without_rows_covers_its_month(tmp_path):
    paths = [_yearly(tmp_path), *_ten(tmp_path)[:2]]
    manifest = {"version": "26.0.3", "rows": 0, "fetched_at": "2026-04-25T00:00:00Z"}
    paths.append(write(tmp_path, "GEDEvent_v26_0_3.csv", manifest=manifest))
    _, known = _load(*paths)
    assert _deaths(known, "MLI-GA", 2026) == [22, 10, 0]  # 10, 5 and 4, and 3 reported late


def test_a_file_of_which_nothing_states_the_release(tmp_path):
    odd = write(tmp_path, "mine.csv", row("a", "2026-01-03", 1))
    with pytest.raises(BadInput, match=r"mine\.csv: found several files of events, and no version"):
        _load(_yearly(tmp_path), odd)
    _, known = _load(_yearly(tmp_path), odd, releases=("26.1", "26.0.1"))
    assert _deaths(known, "MLI-GA", 2026) == [1]


def test_a_release_given_twice_and_two_sources_are_refused(tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    with pytest.raises(BadInput, match=r"the release 26\.1 twice"):
        _load(_yearly(tmp_path), _yearly(again))
    (again / "GEDEvent_v26_0_1.csv").write_text("date,latitude,longitude\n2026-01-04,16.25,-0.5\n")
    with pytest.raises(BadInput, match=r"event_csv \(events\), ucdp_ged \(events\)"):
        _load(_yearly(tmp_path), again / "GEDEvent_v26_0_1.csv")


def test_event_files_of_ones_own_are_joined_in_the_stated_order(tmp_path):
    head = "event_id,date,latitude,longitude,fatalities\n"
    spans = [(2024, 1, 13), (2025, 1, 13)]
    lines = [
        "".join(f"e{y}{m},{y}-{m:02d}-05,16.25,-0.5,1\n" for m in range(first, last))
        for y, first, last in spans
    ]
    (tmp_path / "old.csv").write_text(head + lines[0] + "gone,2024-12-09,16.25,-0.5,50\n")
    (tmp_path / "new.csv").write_text(head + "n,2024-12-06,16.25,-0.5,3\n" + lines[1])
    _, known = _load(tmp_path / "old.csv", tmp_path / "new.csv", releases=("1", "2"))
    assert _deaths(known, "MLI-GA", 2024) == [1] * 11 + [3]  # the newer covers December
    assert _deaths(known, "MLI-GA", 2025) == [1] * 12
    assert known.preliminary == 0


def test_exports_of_acled_are_in_the_order_of_their_newest_timestamps(tmp_path):
    head = (
        "event_id_cnty,event_date,event_type,actor1,actor2,country,admin1,latitude,longitude,"
        "geo_precision,time_precision,source,fatalities,timestamp\n"
    )

    def lines(first, last, deaths, stamp):
        return "".join(
            f"MLI{y}{m},{y}-{m:02d}-05,Battles,Army,Rebels,Mali,Gao,16.25,-0.5,1,1,Radio,{deaths},{stamp}\n"
            for y, m in itertools.product((2024, 2025), range(1, 13))
            if first <= (y, m) <= last
        )

    older = lines((2024, 1), (2025, 6), 2, 1_751_400_000)
    newer = lines((2025, 6), (2025, 12), 7, 1_767_300_000)
    (tmp_path / "b.csv").write_text(head + older)
    (tmp_path / "a.csv").write_text(head + newer)
    for paths in itertools.permutations((tmp_path / "a.csv", tmp_path / "b.csv")):
        loaded, known = _load(*paths)
        assert _deaths(known, "MLI-GA", 2024) == [2] * 12
        assert _deaths(known, "MLI-GA", 2025) == [2] * 5 + [7] * 7  # June as the newer has it
        names = [one["release"] for one in _events(loaded)["releases"]]
        assert names == ["2025-07-01T20:00:00Z", "2026-01-01T20:40:00Z"]


def test_vintages_are_of_sets_and_a_day_before_the_last_has_the_set_of_then(tmp_path):
    yearly, *rest = [_yearly(tmp_path), *_ten(tmp_path)]
    days = ["2026-01-20", "2026-02-20", "2026-03-20", "2026-04-20"]
    three = [fetched(path, day) for path, day in zip([yearly, *rest], days, strict=False)]
    store = Store(tmp_path / "vintages")
    for last in (2, 3, 4):  # run each month on what there was
        loaded = ingest.load(ingest.Files(events=three[:last], countries=("MLI",)), store)
        loaded.keep(admit=True)
    as_of = pd.Timestamp("2026-03-25").date()
    then = ingest.load(ingest.Files(events=three, countries=("MLI",)), store, as_of)
    known = panel.build(then.as_known, then.day)
    assert months.label(known.reference_month) == "2026-02"
    # January as it stood in March: 10, and 3 late; "twice" (5) and "moved" (4) as first reported.
    assert _deaths(known, "MLI-GA", 2026) == [22, 10]
    assert [one["release"] for one in _events(then)["releases"]] == ["26.1", "26.0.1", "26.0.2"]
    listed = store.path(_events(then)["digest"], _events(then)["file"])
    again = ingest.load(ingest.Files(events=listed, countries=("MLI",)), store, as_of)
    assert again.sources == then.sources  # from the store alone


@pytest.mark.realdata
@pytest.mark.skipif(not CANDIDATES.is_dir(), reason=f"no releases at {CANDIDATES}")
@pytest.mark.parametrize(("name", "before", "last", "mali"), REAL)
def test_every_african_event_of_a_real_candidate_is_in_the_panel_or_set_aside_by_name(
    tmp_path, name, before, last, mali
):
    paths = [
        write(tmp_path, f"{one}.csv", *(row(f"{one}{day}", day, 1) for day in days))
        for one, days in before.items()
    ]
    path = CANDIDATES / f"GEDEvent_{name}.csv.gz"
    loaded = ingest.load(ingest.Files(events=(*paths, path), releases=(*before, name)))
    known = panel.build(loaded.as_known, loaded.day)
    assert months.label(known.reference_month) == last
    aside = loaded.set_aside[loaded.set_aside["file"] == path.name]
    rows = pd.read_csv(path, low_memory=False, dtype={"id": str}).set_index("id")
    counted = pd.concat([loaded.events.table, loaded.events.national])["event_id"]
    missing = rows[(rows["region"] == "Africa") & ~rows.index.isin(counted)]
    beyond = rows["date_end"].str[:7] > last
    assert set(missing.index) <= set(rows.index[beyond])
    assert len(aside) == beyond.sum()  # each by file, line and month
    assert (rows.loc[rows.index.isin(counted), "country"] == "Mali").sum() == mali
