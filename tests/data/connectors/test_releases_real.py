"""Real candidate files: the months that their names state, and the numbers of their countries."""

from pathlib import Path

import pandas as pd
import pytest

from ewarn.core import months
from ewarn.data.connectors import _countries
from ewarn.data.versions import Version

pytestmark = pytest.mark.realdata

FILES = {"GEDEvent_v23_0_10.csv.gz": "2023-10", "GEDEvent_v26_0_1.csv.gz": "2026-01"}
NUMBERS = {
    "Mali": "MLI", "Niger": "NER", "Burkina Faso": "BFA", "Nigeria": "NGA", "Chad": "TCD",
    "Sudan": "SDN", "South Sudan": "SSD", "Ethiopia": "ETH", "Somalia": "SOM", "Kenya": "KEN",
    "DR Congo (Zaire)": "COD", "Central African Republic": "CAF", "Cameroon": "CMR",
    "Mozambique": "MOZ", "Yemen (North Yemen)": "YEM", "Russia (Soviet Union)": "RUS",
    "Myanmar (Burma)": "MMR", "Israel": "ISR", "Afghanistan": "AFG", "Ukraine": "UKR",
}  # fmt: skip


@pytest.fixture(params=FILES)
def candidates(request, shared_data: Path) -> tuple[str, pd.DataFrame]:
    path = shared_data / "ucdp_candidate" / request.param
    columns = ["country", "country_id", "date_end"]
    return path.name, pd.read_csv(path, usecols=columns, parse_dates=["date_end"])


def test_most_events_lie_in_the_month_of_the_name(candidates):
    name, table = candidates
    version = Version.of_file(name)
    assert version is not None
    assert months.label(version.last_month) == FILES[name]
    assert (table["date_end"].dt.strftime("%Y-%m") == FILES[name]).mean() > 0.95


def test_countries_have_the_numbers_of_the_rows(candidates):
    pairs = candidates[1].drop_duplicates("country").set_index("country")["country_id"]
    assert _countries.are_numbers(map(str, pairs))
    named = {country: number for country, number in pairs.items() if country in NUMBERS}
    assert len(named) >= 14
    assert all(
        number in _countries.numbers([NUMBERS[country]]) for country, number in named.items()
    )
