"""Every way a file can be wrong gives one message: file, row, column, found, expected."""

import gzip
import json
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from ewarn.core.errors import BadInput, Unknown
from ewarn.data import sources

GED = "id,date_end,type_of_violence,side_a,side_b,best,country,adm_1,latitude,longitude\n"
GOOD = "7,2021-03-04,1,Army,Rebels,2,Mali,Gao,16.2,0.1\n"
COUNTS = (
    "Country,Admin1,Admin2,ISO3,Admin2 Pcode,Admin1 Pcode,Month,Year,Events,Fatalities\n"
    "Mali,Gao,Ansongo,MLI,ML0702,ML07,March,2021,3,4\n"
)
PKO = "source,mission,year,month,location,country,latitude,longitude,no.troops\n"
MILESTONES = "milestone_id,country_iso3,kind,announced_on,effective_on\n"
ACLED = "event_id_cnty,event_date,actor1,actor2,country,admin1,latitude,longitude,fatalities\n"
EVENTS = "date,latitude,longitude,fatalities\n"


def ged(**cells: str) -> str:
    """A GED file whose third line has those cells changed."""
    row = dict(zip(GED.strip().split(","), GOOD.strip().split(","), strict=True)) | {"id": "8"}
    return GED + GOOD + ",".join((row | cells).values()) + "\n"


def counts(line: str) -> str:
    return COUNTS + line + "\n"


def point(**changes: object) -> str:
    properties = dict(zip(GED.split(",")[:7], GOOD.split(",")[:7], strict=True))
    geometry = {"type": "Point", "coordinates": [0.1, 16.2]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry} | changes
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


# (file name, kind, content, what the message says)
STRUCTURE = [
    ("e.csv", "events", "", "e.csv: found an empty file; expected a header and at least one row"),
    ("e.csv.gz", "events", gzip.compress(b"", mtime=0), "e.csv.gz: found only blank lines"),
    ("e.csv", "events", "\n \n\n", "e.csv: found only blank lines; expected a header"),
    ("e.csv", "events", GED, "e.csv: found a header and no rows; expected at least one row"),
    ("e.csv", "events", GED + "\n,,,,,,,,,\n", "e.csv: found a header and no rows"),
    ("e.csv", "events", GED + "#id,,,,,,,,,\n", "e.csv: found a header and no rows"),
    ("e.pdf", "events", GED, "e.pdf: found the ending '.pdf'; expected a .csv, .tsv"),
    ("e.gz", "events", GED, "e.gz: found the ending '.gz'; expected a .csv, .tsv"),
    ("e.csv.gz", "events", GED, "e.csv.gz: found no gzip content (Not a gzipped file"),
    ("e.csv.gz", "events", gzip.compress(ged().encode(), mtime=0)[:-12],
     "e.csv.gz: found a gzip file that is cut short; expected a whole gzip file"),
    ("e.csv", "events", ged(country="Côte").encode("latin-1"),
     "e.csv, row 3: found the byte 0xf4, which is not UTF-8; expected text in the encoding UTF-8"),
    ("e.csv", "events", GED + GOOD + "8,2021-03-04,1\n",
     "e.csv, row 3: found 3 cells; expected 10, as in the header"),
    ("e.csv", "events", GED + GOOD + GOOD.strip() + ",more\n",
     "e.csv, row 3: found 11 cells; expected 10, as in the header"),
    ("e.csv", "events", GED + GOOD + '8,"2021-03-04\n', "e.csv, row 3: found no CSV record"),
    ("e.csv", "events", "date,latitude,longitude,date\n2021-01-01,1,1,x\n",
     "e.csv: found the column 'date' twice; expected each column once"),
    ("e.csv", "events", "day,lat\n1,2\n",
     "e.csv: found the columns day, lat; expected the columns of acled (event_id_cnty, event_date, "
     "actor1, actor2, country, admin1, latitude, longitude, fatalities), or of acled_weekly ("),
    ("e.csv", "events", MILESTONES + "M1,MLI,mandate_end,,\n", "e.csv: found a file of milestones"),
    ("d.csv", "deployments", GED + GOOD, "d.csv: found a file of events; expected the columns of "
     "geopko (source, mission, year, month, location, country, latitude, longitude, no.troops)"),
    ("e.geojson", "events", point()[:-30], "e.geojson, line 1: found no JSON"),
    ("e.geojson", "events", "[]", "e.geojson: found JSON without features; expected a GeoJSON"),
    ("e.geojson", "events", '{"features": [1]}', "e.geojson: found JSON without features"),
    ("e.geojson", "events", point(properties=[1]), "e.geojson: found JSON without features"),
    ("e.geojson", "events", '{"features": []}', "e.geojson: found no features; expected a Feature"),
    ("e.geojson", "events", point(geometry={"type": "Polygon", "coordinates": []}),
     "e.geojson, feature 1, column latitude: found 'a Polygon'; expected degrees from -90 to 90"),
    ("e.geojson", "events", point(geometry={"type": "Point", "coordinates": [1]}),
     "e.geojson, feature 1, column latitude: found \"{'type': 'Point', 'coordinates': ['1']}\""),
    ("e.xlsx", "events", "no zip", "e.xlsx: found no workbook"),
]  # fmt: skip

VALUES = [
    ("e.csv", "events", ged(best="-1"),
     "e.csv, row 3, column best: found '-1'; expected a whole number, 0 or more"),
    ("e.csv", "events", ged(best="1.5"), "e.csv, row 3, column best: found '1.5'; expected"),
    ("e.csv", "events", ged(best="few"), "e.csv, row 3, column best: found 'few'"),
    ("e.csv", "events", ged(best="NaN"), "e.csv, row 3, column best: found an empty cell"),
    ("e.csv", "events", ged(best="inf"), "e.csv, row 3, column best: found 'inf'"),
    ("e.csv", "events", ged(best="1" * 30), "e.csv, row 3, column best: found '1111"),
    ("e.csv", "events", ged(best=""), "e.csv, row 3, column best: found an empty cell"),
    ("e.csv", "events", ged(date_end="2021-02-30"),
     "e.csv, row 3, column date_end: found '2021-02-30'; expected a date YYYY-MM-DD in the "
     "calendar, from 1900 to 2199"),
    ("e.csv", "events", ged(date_end="1899-12-31"), "e.csv, row 3, column date_end: found '1899"),
    ("e.csv", "events", ged(date_end="9999-12-31"), "e.csv, row 3, column date_end: found '9999"),
    ("e.csv", "events", GED + GOOD.replace("2021-03-04", "04/03/2021"),
     "e.csv, column date_end: found dates that can be read in two orders; expected the order "
     "stated: --dates dmy (31/12/2020) or --dates mdy (12/31/2020)"),
    ("e.csv", "events", ged(date_end=""), "e.csv, row 3, column date_end: found an empty cell"),
    ("e.csv", "events", ged(latitude="90.1"),
     "e.csv, row 3, column latitude: found '90.1'; expected degrees from -90 to 90"),
    ("e.csv", "events", ged(longitude="-181"),
     "e.csv, row 3, column longitude: found '-181'; expected degrees from -180 to 180"),
    ("e.csv", "events", ged(latitude="nan"), "row 3, column latitude: found an empty cell"),
    ("e.csv", "events", ged(latitude="16;2"), "e.csv, row 3, column latitude: found '16;2'"),
    ("e.csv", "events", ged(latitude=""),
     "e.csv, row 3, column latitude: found an empty cell; expected a latitude, as for longitude"),
    ("e.csv", "events", ged(longitude=" "),
     "e.csv, row 3, column longitude: found an empty cell; expected a longitude, as for latitude"),
    ("e.csv", "events", ged(type_of_violence="4"),
     "e.csv, row 3, column type_of_violence: found '4'; expected 1 (state-based), 2 (non-state)"),
    ("e.csv", "events", ged(id="7"),
     "e.csv, rows 2 and 3, column id: found '7' twice; expected each id once"),
    ("e.csv", "events", ged(id=""), "e.csv, row 3, column id: found an empty cell; expected"),
    ("e.geojson", "events", point().replace('"2"', "-2"), "e.geojson, feature 1, column best: fou"),
    ("e.geojson", "events", point().replace('"2"', "NaN"), "column best: found an empty cell"),
    ("e.csv", "events", EVENTS + "2021-01-01,1,1,-4\n", "e.csv, row 2, column fatalities: fou"),
    ("a.csv", "events", ACLED + ",2021-01-01,Army,Rebels,Mali,Gao,16,0,1\n",
     "a.csv, row 2, column event_id_cnty: found an empty cell; expected an event id"),
    ("a.csv", "events", ACLED + "MLI1,2021-01-01,Army,Rebels,Mali,Gao,16,0,\n",
     "a.csv, row 2, column fatalities: found an empty cell; expected a whole number, 0 or more"),
    ("a.csv", "events", ACLED + "MLI1,2 Januar 2021,Army,Rebels,Mali,Gao,16,0,1\n",
     "a.csv, row 2, column event_date: found '2 Januar 2021'; expected a date YYYY-MM-DD"),
    ("a.csv", "events", ACLED + 2 * "MLI1,2021-01-01,Army,Rebels,Mali,Gao,16,0,1\n",
     "a.csv, rows 2 and 3, column event_id_cnty: found 'MLI1' twice; expected each id once"),
    ("c.csv", "events", counts("Mali,Gao,,MLI,,,Mars,2021,1,1"),
     "c.csv, row 3, column Month: found 'Mars'; expected a month from 1 to 12, or its English"),
    ("c.csv", "events", counts("Mali,Gao,,MLI,,,May,2200,1,1"),
     "c.csv, row 3, column Year: found '2200'; expected a year from 1900 to 2199"),
    ("c.csv", "events", counts("Mali,Gao,,MLI,,,May,1899,1,1"), "c.csv, row 3, column Year: found"),
    ("c.csv", "events", counts("Mali,Gao,,MLI,,,May,2021,-1,1"), "c.csv, row 3, column Events: fo"),
    ("c.csv", "events", counts("Mali,Gao,,MLI,,,May,2021,1,"),
     "c.csv, row 3, column Fatalities: found an empty cell; expected a whole number, 0 or more"),
    ("c.csv", "events", counts("Mali,Gao,Ansongo,MLI,ML0702,ML07,march,2021,1,1"),
     "c.csv, rows 2 and 3, column Month: found 'MLI Gao Ansongo 2021 March' twice; expected one "
     "row a place and month"),
    ("c.csv", "events", counts("Mali,Gao,Ansongo,MLI,,,March,2021,1,1"), "rows 2 and 3, column M"),
    ("c.csv", "events", counts("Mali,Gao,,Mali,,,May,2021,1,1"),
     "c.csv, row 3, column ISO3: found 'Mali'; expected an ISO 3166 alpha-3 code, such as MLI"),
    ("d.csv", "deployments", PKO + "Map 1,UNX,2021,13,Gao,Mali,16.2,0.1,5\n",
     "d.csv, row 2, column month: found '13'; expected a month from 1 to 12, or its English name"),
    ("d.csv", "deployments", PKO + "Map 1,UNX,2021,1,Gao,Mali,16.2,0.1,many\n",
     "d.csv, row 2, column no.troops: found 'many'; expected a whole number, 0 or more or 'unkn"),
    ("d.csv", "deployments", PKO + "Map 1,,2021,1,Gao,Mali,16.2,0.1,5\n",
     "d.csv, row 2, column mission: found an empty cell; expected the name of a mission"),
    ("m.csv", "milestones", MILESTONES + "M1,MLX,mandate_end,2021-01-01,\n",
     "m.csv, row 2, column country_iso3: found 'MLX'; expected an ISO 3166 alpha-3 code, such as"),
    ("m.csv", "milestones", MILESTONES + "M1,MLI,mandate_and,2021-01-01,\n",
     "m.csv, row 2, column kind: found 'mandate_and'; expected one of announcement, base_closure"),
    ("m.csv", "milestones", MILESTONES + "M1,MLI,mandate_end,2021-13,\n",
     "m.csv, row 2, column announced_on: found '2021-13'; expected a date YYYY-MM-DD, YYYY-MM or"),
    ("m.csv", "milestones", MILESTONES + "M1,MLI,mandate_end,,2021-02-29\n", "column effective_on"),
    ("m.csv", "milestones", MILESTONES + "M1,MLI,mandate_end,,\n", "m.csv: found no date in any"),
    ("m.csv", "milestones", MILESTONES + "M1,MLI,mandate_end,2021,\nM1,TCD,mandate_end,2021,\n",
     "m.csv, rows 2 and 3, column milestone_id: found 'M1' twice; expected each id once"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "content", "said"), STRUCTURE + VALUES)
def test_bad_file(tmp_path: Path, name: str, kind: str, content: str | bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput) as caught:
        sources.read(path, kind)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_good_twins_of_the_bad_files_are_read(tmp_path: Path) -> None:
    good = {
        "e.csv": ged(),
        "e.geojson": point(),
        "c.csv": COUNTS,
        "f.csv": EVENTS + "2021-01-01,1,1,\n",
    }
    for name, content in good.items():
        (tmp_path / name).write_text(content)
        assert len(sources.read(tmp_path / name, "events").table) >= 1


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.csv: found no such file; expected a \.csv"):
        sources.read(tmp_path / "nothing.csv", "events")
    with pytest.raises(BadInput, match=f"{tmp_path.name}: found a folder; expected a .csv"):
        sources.read(tmp_path, "events")


def test_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(Unknown, match="unknown kind of source 'event'; known: events"):
        sources.read(tmp_path, "event")


def test_of_many_bad_rows_the_first_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(EVENTS + "2021-01-01,1,1,\n2021-01-01,1,1,x\n2021-01-01,1,1,y\n")
    with pytest.raises(BadInput, match="row 3, column fatalities: found 'x'"):
        sources.read(path, "events")


def test_a_row_number_is_the_line_in_an_editor(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(
        '\ndate,latitude,longitude,actor_a\n\n2021-01-01,1,1,"two\nlines"\n2021-13-1,1,1,x\n'
    )
    with pytest.raises(BadInput, match="row 6, column date: found '2021-13-1'"):
        sources.read(path, "events")


def test_bad_cell_of_a_workbook_is_named_with_its_sheet(tmp_path: Path) -> None:
    table = pd.DataFrame(
        [["MLI", "Gao", "March", 2021, 3, -4]],
        columns=["ISO3", "Admin1", "Month", "Year", "Events", "Fatalities"],
    )
    with pd.ExcelWriter(tmp_path / "c.xlsx") as book:
        pd.DataFrame({"Terms": ["free"]}).to_excel(book, sheet_name="About", index=False)
        table.to_excel(book, sheet_name="Data", index=False)
    with pytest.raises(
        BadInput, match=r"c\.xlsx, sheet Data, row 2, column Fatalities: found '-4'"
    ):
        sources.read(tmp_path / "c.xlsx", "events")
    with pytest.raises(BadInput, match=r"c\.xlsx: found a file of events; expected .* milestones"):
        sources.read(tmp_path / "c.xlsx", "milestones")


def test_workbooks_that_are_cut_or_blank(tmp_path: Path) -> None:
    book = BytesIO()
    pd.DataFrame().to_excel(book)
    for name, content, said in [
        ("blank.xlsx", book.getvalue(), "blank.xlsx: found only blank sheets"),
        ("cut.xlsx", book.getvalue()[:-100], "cut.xlsx: found no workbook"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput, match=said):
            sources.read(tmp_path / name, "events")


MAPS = [
    ({"day": "d"}, Unknown, "unknown column of events or counts 'day'; known: "),
    ({"date": "when"}, BadInput, "no column 'when', which the column map gives for date; expected"),
    ({"date": 3}, BadInput, "column map, key date: found 3; expected the name of a column"),
    ({"date": "d"}, BadInput, r"event_csv \(d, latitude, longitude; or d, country, admin1\)"),
]


@pytest.mark.parametrize(("columns", "error", "said"), MAPS)
def test_bad_column_map(
    tmp_path: Path, columns: dict[str, str], error: type[Exception], said: str
) -> None:
    (tmp_path / "e.csv").write_text("d,lat,longitude\n2021-01-01,1,1\n")
    with pytest.raises(error, match=said):
        sources.read(tmp_path / "e.csv", "events", columns)


def test_a_message_about_a_mapped_column_uses_the_name_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("d,latitude,longitude\n2021-01-01,1,1\n2021-02-29,1,1\n")
    with pytest.raises(BadInput, match=r"e\.csv, row 3, column d: found '2021-02-29'"):
        sources.read(tmp_path / "e.csv", "events", {"date": "d"})


def test_a_column_map_that_is_no_toml_or_for_other_kinds(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("date event_date")
    (tmp_path / "e.csv").write_text("d,latitude,longitude\n2021-01-01,1,1\n")
    with pytest.raises(BadInput, match=r"m\.toml: found .*; expected TOML such as date"):
        sources.read(tmp_path / "e.csv", "events", tmp_path / "m.toml")
    with pytest.raises(BadInput, match="found a column map with milestones; expected a column map"):
        sources.read(tmp_path / "e.csv", "milestones", {"date": "d"})
