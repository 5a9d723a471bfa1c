"""The real files, row by row accounted for, and facts in them checked by hand."""

from pathlib import Path

import pytest

from ewarn.core import months
from ewarn.data import sources
from ewarn.data.sources import Rows

pytestmark = pytest.mark.realdata


def span(rows: Rows) -> tuple[str, str]:
    return months.label(rows.first_month), months.label(rows.last_month)


@pytest.mark.slow
def test_every_event_of_africa(shared_data: Path) -> None:
    rows = sources.read(shared_data / "ged" / "ged211_africa.csv.gz", "events")
    assert rows.source == "ucdp_ged"
    assert (len(rows.table), len(rows.set_aside)) == (36_546, 0)
    assert span(rows) == ("1989-01", "2020-12")
    by_type = rows.table["type_of_violence"].value_counts().to_dict()
    assert by_type == {1: 16_778, 2: 6_525, 3: 13_243}
    assert set(rows.table["row"]) == set(range(2, 36_548))


def test_every_event_of_the_car(shared_data: Path) -> None:
    rows = sources.read(shared_data / "ged" / "CAR_GEDEvent_v23_1.geojson.gz", "events")
    assert len(rows.table) + len(rows.set_aside) == 1_848
    assert rows.table["country"].unique().tolist() == ["Central African Republic"]
    # Feature 2: 7 August to 10 September 2009, so it is an event of September.
    event = rows.table[rows.table["row"] == 2].iloc[0]
    assert (event["event_id"], months.label(event["month"])) == ("36211", "2009-09")
    assert event[["latitude", "longitude", "fatalities"]].tolist() == [5.399784, 26.486881, 4]


def test_every_row_of_geopko(shared_data: Path) -> None:
    rows = sources.read(shared_data / "geopko" / "geopko_v2.1_full.csv.gz", "deployments")
    assert len(rows.table) + len(rows.set_aside) == 18_699
    # 303 rows of maps a later revision replaces, one base listed twice, one "unclear" place.
    assert rows.set_aside["column"].value_counts().to_dict() == {
        "source": 303, "location": 1, "latitude": 1,
    }  # fmt: skip
    assert span(rows) == ("1994-01", "2020-12")
    base = ["mission", "month", "place", "latitude", "longitude"]
    assert not rows.table.duplicated(base).any()


def test_geopko_troops(shared_data: Path) -> None:
    table = sources.read(shared_data / "geopko" / "geopko_v2.1_full.csv.gz", "deployments").table
    # UNAMID, July 2014, El Fasher: 185 and 900 on one map.
    fasher = table[(table["mission"] == "UNAMID") & (table["month"] == months.parse("2014-07"))]
    assert fasher.set_index("place").loc["El Fasher", "troops"] == 1_085
    # MONUSCO, December 2018: Rev. 31 was republished as 31.1, which has all but one of its bases
    # and one more; the two maps have 15,190 and 13,310 troops, not 28,500 together.
    monusco = table[(table["mission"] == "MONUSCO") & (table["month"] == months.parse("2018-12"))]
    assert monusco["troops"].sum() == 13_310
    assert len(monusco) == 34


# id: known_on, planned
MILESTONES = {
    "MLI-TAKUBA-003": ("2022-07-01", False),  # told on 1 July that it had ended on 30 June
    "MLI-BARKHANE-002": ("2021-10-12", False),  # told "2021-07", handed over on 12 October
    "CAF-MISLOG-001": ("2022-10-31", True),  # "2022-10": by the last day of October
    "MLI-MINUSMA-004": ("2023-06-30", True),  # resolution 2690 sets the end of the year
    "MLI-MINUSMA-018": ("2023-11-15", True),  # when it was announced is not told
    "MLI-MINUSMA-016": ("2023-10-22", False),  # completed on the 21st, told on the 22nd
    "LBN-UNIFIL-001": ("2025-08-28", True),  # resolution 2790 sets the end of the mandate
    "BFA-SABRE-001": ("2023-02-18", False),  # a demand with notice: known by the day it took effect
    "TCD-FRA-001": ("2024-11-28", False),  # a demand with no day of its effect
}


def test_every_milestone(shared_data: Path) -> None:
    path = shared_data / "milestones" / "withdrawal_milestones.csv"
    rows = sources.read(path, "milestones")
    assert (len(rows.table), len(rows.set_aside)) == (94, 0)
    table = rows.table.set_index("milestone_id")
    known = table["known_on"].dt.strftime("%Y-%m-%d")
    found = {key: (known[key], bool(table.loc[key, "is_planned"])) for key in MILESTONES}
    assert found == MILESTONES
    assert table["announced_precision"].value_counts().to_dict() == {"day": 87, "month": 6, "": 1}
    assert table["effective_precision"].value_counts().to_dict() == {"day": 89, "": 5}
    assert table["country"].value_counts().to_dict() == {
        "MLI": 45, "COD": 15, "NER": 11, "SDN": 10, "TCD": 6, "CAF": 3, "BFA": 2, "LBN": 2,
    }  # fmt: skip
