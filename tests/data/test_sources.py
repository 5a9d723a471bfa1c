"""Each source: small files made tidy by hand, and what must hold of all of them."""

import csv
import json
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import sources
from ewarn.data.sources import Rows

SHAPES = {
    "events": "event_id month day latitude longitude country admin1 type_of_violence actor_a "
    "actor_b fatalities row",
    "counts": "country admin1 admin1_code month events fatalities row",
    "deployments": "mission place month latitude longitude country troops row",
    "milestones": "milestone_id country admin1 place mission kind ends announced_on "
    "announced_precision effective_on effective_precision known_on is_planned source confidence "
    "row",
}

OF_SOURCE = {  # sources whose tidy tables have more columns than their shape
    "acled": "event_id month day latitude longitude country admin1 type_of_violence actor_a actor_b"
    " fatalities precision row",
    "ucdp_ged": "event_id month day start precision latitude longitude country admin1"
    " type_of_violence actor_a actor_b fatalities row",
    "monthly_counts": "country admin2 admin2_code admin1 admin1_code month events fatalities row",
    "hapi_conflict": "country admin2 admin2_code admin1 admin1_code month precision events"
    " fatalities row",
    "count_csv": "country admin2 admin2_code admin1 admin1_code month events fatalities row",
    "acled_weekly": "country admin1 month events fatalities row",
}

TYPES = (  # numpy's letter of each column that is not text
    dict.fromkeys(["month", "type_of_violence", "row"], "i")
    | dict.fromkeys(["latitude", "longitude", "fatalities", "troops", "events"], "f")
    | dict.fromkeys(["day", "start", "announced_on", "effective_on", "known_on"], "M")
    | {"is_planned": "b"}
)

# One small file a source, in which some row has to be set aside wherever that can happen.
SMALL = {
    "ucdp_ged": """\
id,date_start,date_end,type_of_violence,side_a,side_b,best,high,low,country,adm_1,latitude,longitude
#id,#date+start,#date+end,,,,,,,#country,#adm1,#geo+lat,#geo+lon
31,2021-01-30,2021-02-02 00:00:00.000,1,Army,Rebels,4,9,0,Mali,Gao,16.25,-0.5
30,2021-01-01,2021-01-01,2,Rebels,Others,0,0,0,Mali,,16.25,-0.5
32,2021-01-01,2021-01-01,3,Army,Civilians,1,1,1,Mali,Gao,,
33,2021-03-01,2021-03-01,3,Army,Civilians,1,1,1,Mali,,,
""",
    "acled": """\
event_id_cnty,event_date,year,event_type,actor1,actor2,iso,country,admin1,latitude,longitude,fatalities
MLI2,2021-02-02,2021,Battles,Army,Rebels,466,Mali,Gao,16.25,-0.5,4
MLI1,2021-02-02,2021,Protests,Protesters,,466,Mali,Gao,16.25,-0.5,0
MLI3,2021-01-01,2021,Battles,Army,Rebels,466,Mali,Gao,,,1
MLI4,2021-03-01,2021,Battles,Army,Rebels,466,Mali,,,,1
""",
    "event_csv": """\
date,latitude,longitude,country,admin1,fatalities
2021-03-04,16.25,-0.5,,,3
2021-03-04,16.25,-0.5,,,3
2020-12-31,,,Mali,Gao,
2021-05-01,,,Mali,,1
""",
    "count_csv": """\
country,admin1,month,events,fatalities
MLI,Gao,2021-03,2,5
MLI,Gao,2021-04,1,
MLI,,2021-04,1,1
""",
    "hapi_conflict": """\
location_code,admin_level,event_type,events,fatalities,reference_period_start,admin1_name,admin2_name
MLI,2,political_violence,2,3,2021-01-01,Gao,Ansongo
MLI,2,demonstration,5,,2021-01-01,Gao,Ansongo
MLI,0,political_violence,1,1,2021-02-01,,
""",
    "acled_weekly": """\
WEEK,COUNTRY,ADMIN1,EVENTS,FATALITIES,SUB_EVENT_TYPE
2021-01-02,Mali,Gao,2,5,Armed clash
2021-01-30,Mali,Gao,7,14,Armed clash
2021-02-06,Mali,,1,1,Armed clash
""",
    "monthly_counts": """\
Country,Admin1,Admin2,ISO3,Admin2 Pcode,Admin1 Pcode,Month,Year,Events,Fatalities
#country,#adm1+name,#adm2+name,#country+code,#adm2+code,#adm1+code,#date,#date,#meta,#affected
Mali,Gao,Ansongo,MLI,ML0702,ML07,March,2021,3,4
Mali,Gao,Ansongo,MLI,ML0702,ML07,april,2021,0,0
Mali,Gao,,MLI,,ML07,March,2021,1,2
Mali,,,MLI,,,March,2021,9,9
""",
    "geopko": """\
source,mission,year,month,location,country,latitude,longitude,no.troops
Map 1 Rev. 3,UNX,2019,4,Gao,Mali,16.25,-0.5,150
Map 1 Rev. 3 (republished as 3.1),UNX,2019,4,Kidal,Mali,18.5,1.5,300
Map 1 Rev. 3.1,UNX,2019,4,Kidal,Mali,18.5,1.5,200
Map 1 Rev. 3.1,UNX,2019,4,Kidal,Mali,18.5,1.5,35
Map 1 Rev. 4,UNX,2019,7,Gao,Mali,16.25,-0.5,unknown
Map 1 Rev. 4,UNX,2019,7,unclear,Mali,,,150
""",
    "milestones": """\
milestone_id,country_iso3,admin1_name,place,mission,kind,announced_on,effective_on,source,confidence
B,MLI,Gao,Gao,UNX,withdrawal_deadline,2021-06,2021-12-31,,high
A,MLI,,(national),UNX,mission_exit,2021,2021-06-30,,low
""",
}
NAMES = [name for kind in sources.KINDS for name in sources.sources(kind)]


@pytest.fixture
def small(tmp_path: Path, request: pytest.FixtureRequest) -> Rows:
    return read_text(tmp_path, request.param, SMALL[request.param])


def read_text(folder: Path, name: str, text: str) -> Rows:
    """The rows of a small file with that text, of the kind that source reads."""
    kind = next(kind for kind in sources.KINDS if name in sources.sources(kind))
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return sources.read(path, kind)


def small_file(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("small", [name], indirect=True)


# -- what holds of every source ---------------------------------------------------------------


def test_every_source_has_a_small_file() -> None:
    assert sorted(NAMES) == sorted(SMALL)


@pytest.mark.parametrize("name", NAMES)
def test_a_source_declares_itself(name: str) -> None:
    source = next(
        sources.sources(kind)[name] for kind in sources.KINDS if name in sources.sources(kind)
    )
    assert source.KIND in sources.KINDS
    assert source.SHAPE in SHAPES
    assert not {*sum(source.COLUMNS, ())} & {*source.OPTIONAL}


@pytest.mark.parametrize("small", NAMES, indirect=True)
def test_the_tidy_table_has_the_columns_and_types_of_its_shape(small: Rows) -> None:
    assert list(small.table) == OF_SOURCE.get(small.source, SHAPES[small.shape]).split()
    assert list(small.set_aside) == ["file", "row", "column", "found", "expected"]
    kinds = {column: small.table[column].dtype.kind for column in small.table}
    assert kinds == {column: TYPES.get(column, "O") for column in small.table}
    assert small.set_aside["row"].dtype.kind == "i"


@pytest.mark.parametrize("small", NAMES, indirect=True)
def test_the_rows_say_where_they_come_from(small: Rows, tmp_path: Path) -> None:
    assert small.path == f"{small.source}.csv"
    assert small.source in NAMES
    data = (tmp_path / small.path).read_bytes()
    assert small.digest == f"sha256:{sha256(data).hexdigest()}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("blank", ["\n", ",,,,,,,,\n"])
def test_a_file_reads_the_same_by_any_writing(name: str, blank: str, tmp_path: Path) -> None:
    """Byte order mark, Windows line ends, spaces round cells and blank lines change nothing."""
    plain = read_text(tmp_path, name, SMALL[name]).table.drop(columns="row")
    lines = [" , ".join(f" {cell}" for cell in row) for row in csv.reader(StringIO(SMALL[name]))]
    other = read_text(tmp_path, name, "\ufeff" + "\r\n".join([*lines, blank]))
    assert_frame_equal(other.table.drop(columns="row"), plain)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(data=st.data())
def test_row_order_and_number_of_rows(name: str, data: st.DataObject, tmp_path: Path) -> None:
    """Any rows of a file in any order: every one is tidy or set aside, in the same tidy order."""
    header, *lines = [line for line in SMALL[name].splitlines() if not line.startswith("#")]
    some = data.draw(st.permutations(lines))[: data.draw(st.integers(1, len(lines)))]
    assume(name != "hapi_conflict" or any("political_violence" in line for line in some))
    ordered = read_text(tmp_path, name, "\n".join([header, *sorted(some)]))
    shuffled = read_text(tmp_path, name, "\n".join([header, *some]))
    assert_frame_equal(ordered.table.drop(columns="row"), shuffled.table.drop(columns="row"))
    for rows in (ordered, shuffled):
        seen = sorted({*rows.table["row"], *rows.set_aside["row"]})  # a week may be two rows
        assert seen == list(range(2, len(some) + 2))


# -- UCDP GED -------------------------------------------------------------------------------------


@small_file("ucdp_ged")
def test_ged_events(small: Rows) -> None:
    table = small.table.set_index("event_id")
    assert list(table.index) == ["30", "32", "31"]
    assert list(table["row"]) == [4, 5, 3]
    assert table.loc["31", "fatalities"] == 4
    assert list(table["type_of_violence"]) == [2, 3, 1]
    assert table["type_of_violence"].dtype == "int8"
    assert table.loc["32", ["country", "admin1", "actor_b"]].tolist() == [
        "Mali",
        "Gao",
        "Civilians",
    ]
    assert pd.isna(table.loc["32", "latitude"])


@small_file("ucdp_ged")
def test_an_event_belongs_to_the_month_it_ended(small: Rows) -> None:
    event = small.table.set_index("event_id").loc["31"]
    assert str(event["day"].date()) == "2021-02-02"
    assert months.label(event["month"]) == "2021-02"


@small_file("ucdp_ged")
def test_an_event_without_a_place_is_set_aside_but_its_month_is_covered(small: Rows) -> None:
    expected = "coordinates, or a country and its first-level unit"
    assert small.set_aside.values.tolist() == [
        ["ucdp_ged.csv", 6, "latitude", "an empty cell", expected]
    ]
    assert months.label(small.first_month) == "2021-01"
    assert months.label(small.last_month) == "2021-03"


GED = {
    "date_end": "2021-02-28T00:00:00",
    "type_of_violence": 1,
    "side_a": "Army",
    "side_b": "Rebels",
    "country": "Mali",
}
POINT = {"type": "Point", "coordinates": [-0.5, 16.25]}


def test_an_actor_written_in_two_ways_is_one_by_its_id(tmp_path: Path) -> None:
    more = {"id": 1, "best": 2, "adm_1": "Gao", "latitude": 16.25, "longitude": -0.5}
    header = f"{','.join(GED | more)},side_a_new_id,side_b_new_id\n"
    sides = [("JNIM", "1", "Army", "2"), ("Army", "2", "JNIM", "1"), ("Jama'at", "1", "Army", "")]
    lines = []
    for number, (a, a_id, b, b_id) in enumerate(sides):
        cells = {**GED, **more, "id": number, "side_a": a, "side_b": b}
        lines.append(",".join(map(str, [*cells.values(), a_id, b_id])))
    rows = read_text(tmp_path, "ucdp_ged", header + "\n".join([*lines, ""]))
    table = rows.table.set_index("event_id")
    assert table["actor_a"].to_dict() == {"0": "JNIM", "1": "Army", "2": "JNIM"}
    assert table["actor_b"].to_dict() == {"0": "Army", "1": "JNIM", "2": "Army"}


def test_ged_as_geojson(tmp_path: Path) -> None:
    features = [
        {"properties": {**GED, "id": 8, "best": 2, "adm_1": None}, "geometry": POINT},
        {"properties": {**GED, "id": 7, "best": 3, "adm_1": "Gao"}, "geometry": None},
        {"properties": {**GED, "id": 6, "best": 4}, "geometry": None},
    ]
    (tmp_path / "e.geojson").write_text(json.dumps({"features": features}))
    rows = sources.read(tmp_path / "e.geojson", "events")
    assert rows.table[["event_id", "fatalities", "row"]].values.tolist() == [
        ["7", 3, 2],
        ["8", 2, 1],
    ]
    assert rows.table.loc[1, ["latitude", "longitude"]].tolist() == [16.25, -0.5]
    assert list(rows.set_aside["row"]) == [3]


def released(*counts: int) -> str:
    """A file of so many events in each month from 2021-01 on."""
    rows = [f"2021-{month:02d}-05,16,0" for month, n in enumerate(counts, 1) for _ in range(n)]
    return "\n".join(["date,latitude,longitude", *rows, ""])


@pytest.mark.parametrize(
    ("counts", "last", "aside"),
    [
        ((100, 100, 4), "2021-02", 4),  # under 5 % of the months before: the release spilled over
        ((100, 100, 5), "2021-03", 0),
        ((100, 3, 2), "2021-01", 5),
        ((39, 39, 1), "2021-03", 0),  # too few to tell
        ((2, 100), "2021-02", 2),  # and so at the beginning of a release of a few months
        ((2, *[60] * 11), "2021-12", 2),
        ((100, 0, 100), "2021-03", 0),
    ],
)
def test_a_release_covers_no_month_it_only_spills_into(
    tmp_path: Path, counts: tuple[int, ...], last: str, aside: int
) -> None:
    rows = read_text(tmp_path, "event_csv", released(*counts))
    assert months.label(rows.last_month) == last
    assert len(rows.set_aside) == aside
    assert len(rows.table) == sum(counts) - aside
    if aside:
        first = rows.set_aside.iloc[0]
        assert first["found"].startswith("'2021-")
        begin = months.label(rows.first_month)
        covered = f"{begin} to {last}, the months that the file covers"
        assert first["expected"] == f"a date from {covered}"


# -- event CSV ------------------------------------------------------------------------------------


@small_file("event_csv")
def test_equal_events_are_two_events_and_blank_fatalities_are_missing(small: Rows) -> None:
    assert [months.label(month) for month in small.table["month"]] == [
        "2020-12",
        "2021-03",
        "2021-03",
    ]
    assert small.table["fatalities"].fillna(-1).tolist() == [-1, 3, 3]
    assert list(small.table["type_of_violence"]) == [0, 0, 0]
    assert list(small.set_aside["row"]) == [5]


@pytest.mark.parametrize("as_file", [True, False])
def test_a_column_map_names_the_columns(tmp_path: Path, as_file: bool) -> None:
    (tmp_path / "e.csv").write_text(
        "event_date,latitude,longitude,actor1,kind\n2021-03-04,16.25,-0.5,Army,\n2021-03-05,1,1,,3\n"
    )
    columns = {"date": "event_date", "actor_a": "actor1", "type_of_violence": "kind"}
    (tmp_path / "map.toml").write_text("".join(f'{k} = "{v}"\n' for k, v in columns.items()))
    given_map = tmp_path / "map.toml" if as_file else columns
    rows = sources.read(tmp_path / "e.csv", "events", given_map)
    assert rows.source == "event_csv"
    assert list(rows.table["actor_a"]) == ["Army", ""]
    assert list(rows.table["type_of_violence"]) == [0, 3]
    assert rows.table["fatalities"].isna().all()


def test_a_column_map_names_the_columns_of_counts(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "pays,region,mois,morts\nMLI,Gao,2021-03,5\nMLI,Gao,2021-04,0\nMLI,,2021-04,2\n"
    )
    columns = {"country": "pays", "admin1": "region", "month": "mois", "fatalities": "morts"}
    rows = sources.read(tmp_path / "c.csv", "events", columns)
    assert (rows.source, rows.shape) == ("count_csv", "counts")
    shown = rows.table[["admin1", "events", "fatalities"]]
    assert shown.values.tolist() == [["Gao", 1, 5], ["Gao", 0, 0]]
    assert [months.label(one) for one in rows.table["month"]] == ["2021-03", "2021-04"]
    assert rows.set_aside[["row", "column"]].values.tolist() == [[4, "region"]]


def test_counts_of_a_column_map_by_year_and_month(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "country,admin1,year,month,events,fatalities\nMLI,Gao,2021,March,2,5\nMLI,Gao,2021,4,1,\n"
    )
    rows = sources.read(tmp_path / "c.csv", "events")
    assert rows.table[["events", "fatalities"]].values.tolist() == [[2, 5], [1, 0]]
    (tmp_path / "c.csv").write_text(
        "country,admin1,month,fatalities\nMLI,Gao,2021-03,5\nMLI,Gao,2021-03-31,5\n"
    )
    with pytest.raises(BadInput, match=r"rows 2 and 3, column month: .* twice"):
        sources.read(tmp_path / "c.csv", "events")


def test_events_placed_by_name_alone(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("date,country,admin1\n2021-03-04,Mali,Gao\n2021-03-04,Mali,\n")
    rows = sources.read(tmp_path / "e.csv", "events")
    assert rows.table[["country", "admin1"]].values.tolist() == [["Mali", "Gao"]]
    assert rows.table["latitude"].isna().all()
    assert rows.set_aside[["row", "column"]].values.tolist() == [[3, "admin1"]]


def test_of_two_sources_that_fit_the_one_with_more_columns_reads(tmp_path: Path) -> None:
    lines = SMALL["ucdp_ged"].splitlines()
    (tmp_path / "e.csv").write_text(f"{lines[0]},date\n{lines[2]},2021-01-01\n")
    assert sources.read(tmp_path / "e.csv", "events").source == "ucdp_ged"


# -- monthly counts -------------------------------------------------------------------------------


@small_file("monthly_counts")
def test_monthly_counts(small: Rows) -> None:
    assert small.kind, small.shape == ("events", "counts")
    shown = small.table.assign(month=small.table["month"].map(months.label))
    assert shown.values.tolist() == [
        ["MLI", "", "", "Gao", "ML07", "2021-03", 1, 2, 5],
        ["MLI", "Ansongo", "ML0702", "Gao", "ML07", "2021-03", 3, 4, 3],
        ["MLI", "Ansongo", "ML0702", "Gao", "ML07", "2021-04", 0, 0, 4],
    ]
    assert list(small.set_aside["row"]) == [6]


def test_monthly_counts_as_a_workbook_on_its_second_sheet(tmp_path: Path) -> None:
    table = pd.read_csv(StringIO(SMALL["monthly_counts"]), skiprows=[1])
    with pd.ExcelWriter(tmp_path / "c.xlsx") as book:
        pd.DataFrame({"Terms": ["free"]}).to_excel(book, sheet_name="About", index=False)
        table.to_excel(book, sheet_name="Data", index=False)
    from_book = sources.read(tmp_path / "c.xlsx", "events")
    from_csv = read_text(tmp_path, "monthly_counts", SMALL["monthly_counts"])
    assert_frame_equal(from_book.table.drop(columns="row"), from_csv.table.drop(columns="row"))
    assert list(from_book.set_aside["row"]) == [5]


def test_places_of_one_name_are_told_apart_by_their_codes(tmp_path: Path) -> None:
    header = SMALL["monthly_counts"].splitlines()[0]
    lines = [f"Mali,Gao,Ansongo,MLI,{code},ML07,March,2021,1,1" for code in ("ML0702", "ML0703")]
    rows = read_text(tmp_path, "monthly_counts", "\n".join([header, *lines]))
    assert len(rows.table) == 2


def test_units_known_by_code_alone_or_not_at_all_do_not_repeat_each_other(tmp_path: Path) -> None:
    header = SMALL["monthly_counts"].splitlines()[0]
    lines = [f"Mali,,,MLI,,{code},March,2021,1,1" for code in ("ML07", "ML08", "", "")]
    rows = read_text(tmp_path, "monthly_counts", "\n".join([header, *lines]))
    assert list(rows.table["admin1_code"]) == ["ML07", "ML08"]
    assert list(rows.set_aside["row"]) == [4, 5]


# -- Geo-PKO --------------------------------------------------------------------------------------


@small_file("geopko")
def test_a_base_counts_once_a_month_from_its_latest_map(small: Rows) -> None:
    shown = small.table.assign(month=small.table["month"].map(months.label))
    shown = shown[["place", "month", "troops", "row"]].fillna({"troops": -1})
    assert shown.values.tolist() == [
        ["Gao", "2019-04", 150, 2],
        ["Kidal", "2019-04", 235, 4],
        ["Gao", "2019-07", -1, 6],
    ]


@small_file("geopko")
def test_what_geopko_says_twice_or_cannot_place_is_set_aside(small: Rows) -> None:
    assert small.set_aside.drop(columns="file").values.tolist() == [
        [
            3,
            "source",
            "'Map 1 Rev. 3 (republished as 3.1)'",
            "the latest map of this base in the month",
        ],
        [5, "location", "'Kidal'", "one row a base: its troops are added to row 4"],
        [7, "latitude", "an empty cell", "coordinates"],
    ]


def test_an_unknown_number_makes_the_sum_of_a_base_unknown(tmp_path: Path) -> None:
    lines = SMALL["geopko"].replace(",200\n", ",unknown\n")
    table = read_text(tmp_path, "geopko", lines).table
    assert table.loc[table["place"] == "Kidal", "troops"].isna().all()


# -- milestones -----------------------------------------------------------------------------------

KNOWN = [  # kind, announced_on, effective_on -> known_on
    ("withdrawal_deadline", "2023-06-30", "2023-12-31", "2023-06-30"),
    ("withdrawal_deadline", "", "2023-12-31", "2023-12-31"),
    ("announcement", "2022-10", "", "2022-10-31"),
    ("announcement", "2024-02", "", "2024-02-29"),
    ("announcement", "2022", "", "2022-12-31"),
    ("base_handover", "2021-07", "2021-10-12", "2021-10-12"),
    ("operation_end", "2022-07-01", "2022-06-30", "2022-07-01"),
    ("base_closure", "", "2023-10-31", "2023-10-31"),
    ("host_demand", "2024-11-28", "", "2024-11-28"),
    ("mandate_end", "2025-08-28", "2026-12-31", "2025-08-28"),
    ("mission_exit", "", "", ""),
]


@pytest.mark.parametrize(("kind", "announced", "effective", "known"), KNOWN)
def test_when_a_milestone_is_known(
    tmp_path: Path, kind: str, announced: str, effective: str, known: str
) -> None:
    header = SMALL["milestones"].splitlines()[0]
    line = f"X,MLI,,,UNX,{kind},{announced},{effective},,"
    dated = "Y,XKX,,,UNX,mission_exit,2021-01-01,2021-01-01,,"
    table = read_text(tmp_path, "milestones", "\n".join([header, dated, line])).table
    row = table.set_index("milestone_id").loc["X"]
    assert ("" if pd.isna(row["known_on"]) else str(row["known_on"].date())) == known
    assert row["is_planned"] == (kind in {"withdrawal_deadline", "announcement", "mandate_end"})
    precision = {10: "day", 7: "month", 4: "year", 0: ""}
    assert row["announced_precision"] == precision[len(announced)]
    assert row["effective_precision"] == precision[len(effective)]


@small_file("milestones")
def test_milestones(small: Rows) -> None:
    assert list(small.table["milestone_id"]) == ["A", "B"]
    assert list(small.table["row"]) == [3, 2]
    assert small.table.loc[0, ["country", "admin1", "place"]].tolist() == ["MLI", "", "(national)"]
    assert str(small.table.loc[0, "announced_on"].date()) == "2021-12-31"
    assert small.table["ends"].tolist() == ["mission", "mission"]
    assert small.table["announced_precision"].tolist() == ["year", "month"]
    assert months.label(small.first_month) == "2021-06"
    assert months.label(small.last_month) == "2021-12"
