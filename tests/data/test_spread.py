"""Test that events known to their country alone are shared out by recent deaths in its units."""

import numpy as np
import pandas as pd

from ewarn.data.ingest import _spread

COUNTRIES = np.array(["MLI", "MLI", "MLI", "NER"])


def _events(*rows):
    return pd.DataFrame(rows, columns=["unit", "month", "country", "fatalities"])


def _shared(deaths, month=24_000):
    national = _events((-1, month, "MLI", deaths))
    before = _events(
        (0, 24_000, "", 6), (1, 23_990, "", 3), (2, 23_000, "", 99), (3, 24_000, "", 9)
    )
    return _spread.over_units(before, national, COUNTRIES).iloc[len(before) :]


def test_deaths_are_shared_out_in_whole_numbers_by_the_deaths_of_twelve_months():
    found = _shared(10)  # 6 to 3: 6.67 and 3.33
    assert found[["unit", "fatalities"]].to_numpy().tolist() == [[0, 7], [1, 3]]


def test_an_event_without_deaths_counts_where_most_were():
    assert _shared(0)[["unit", "fatalities"]].to_numpy().tolist() == [[0, 0]]


def test_an_event_of_a_country_without_recent_deaths_stays_out():
    assert _shared(10, month=25_000).empty
