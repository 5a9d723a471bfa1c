"""Test that huge numbers are found: several at once, and in files of counts."""

import pandas as pd
import pytest

from ewarn.data import ingest, panel, quality


def _findings(table, folder):
    path = folder / "rows.csv"
    table.to_csv(path, index=False)
    loaded = ingest.load(ingest.Files(events=path, countries=("MLI",)))
    found = quality.check(loaded, panel.build(loaded.as_known, loaded.day))
    return {one.name: one.evidence for one in found}


def _events(*deaths):
    days = [f"{2019 + n % 24 // 12}-{n % 12 + 1:02}-09" for n in range(100)]
    rows = {"date": days, "latitude": 16.27, "longitude": -0.04, "fatalities": 40}
    table = pd.DataFrame(rows)
    table.loc[: len(deaths) - 1, "fatalities"] = list(deaths)
    return table


@pytest.mark.parametrize("deaths", [(9_000,), (9_000, 9_000, 8_000)])
def test_one_huge_event_does_not_hide_another(deaths, tmp_path):
    evidence = _findings(_events(*deaths), tmp_path)["huge-event"]
    assert "row 2 has 9,000 deaths in 2019-01" in evidence
    assert "has 40" in evidence
    assert evidence.startswith("3 rows have 8,000 deaths or more") == (len(deaths) == 3)


def test_events_of_all_sizes_are_no_finding(tmp_path):
    assert "huge-event" not in _findings(_events(9_000, 3_000, 1_000, 300, 100), tmp_path)


def test_a_huge_number_in_a_file_of_counts(tmp_path):
    months = [(year, month) for year in (2019, 2020) for month in range(1, 13)]
    table = pd.DataFrame(months, columns=["Year", "Month"])
    table = table.assign(ISO3="MLI", Admin1="Gao", Events=3, Fatalities=5)
    assert "huge-count" not in _findings(table, tmp_path)
    table.loc[7, "Fatalities"] = 50_000  # August 2019, long before the last month
    evidence = _findings(table, tmp_path)["huge-count"]
    assert "row 9 has 50,000 deaths in 2019-08" in evidence
