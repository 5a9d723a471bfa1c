"""Test that files are read as programs and people write them, and never half or twice."""

import json
from io import BytesIO

import pandas as pd
import pytest

from ewarn.core import months
from ewarn.core.errors import BadInput
from ewarn.data import sources
from ewarn.data.sources import Layout

DAYS = [f"2020-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in range(60)]


def _frame(**columns):
    """Return 60 events of 2020 in Gao, with 2 deaths each."""
    rows = {
        "id": range(1, 61),
        "date_start": DAYS,
        "date_end": DAYS,
        "type_of_violence": 1,
        "side_a": "Army",
        "side_b": "Rebels",
        "best": 2,
        "country": "Mali",
        "adm_1": "Gao",
        "latitude": 16.27,
        "longitude": -0.04,
        "where_prec": 1,
    }
    return pd.DataFrame(rows | columns)


def _read(folder, data, name="events.csv", **layout):
    path = folder / name
    if isinstance(data, pd.DataFrame):
        data = data.to_csv(index=False)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return sources.read(path, "events", layout=Layout(**layout))


@pytest.mark.parametrize(
    "pattern",
    ["%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y", "%m/%d/%Y 12:00:00 AM"],
)
def test_dates_as_programs_write_them(tmp_path, pattern):
    days = pd.to_datetime(pd.Series(DAYS)).dt.strftime(pattern)
    rows = _read(tmp_path, _frame(date_start=days, date_end=days))
    assert sorted(rows.table["day"]) == sorted(pd.to_datetime(pd.Series(DAYS)))


def test_dates_of_which_a_spreadsheet_has_exchanged_day_and_month_are_refused(tmp_path):
    """Excel set to American dates reads 05/01/2020 as 1 May, and leaves 31/01/2020 as text."""
    days = pd.to_datetime(pd.Series(DAYS))
    swapped = [
        f"2020-{day.day:02}-{day.month:02}" if day.day <= 12 else f"{day:%d/%m/%Y}" for day in days
    ]
    with pytest.raises(BadInput, match=r"column date_end.*exchanged day and month"):
        _read(tmp_path, _frame(date_start=DAYS, date_end=swapped))


@pytest.mark.parametrize(
    "written", ["1,234", "1 234", "1'234", "1\u00a0234", "1234.0", "1.234e+03"]
)
def test_a_whole_number_with_marks_between_thousands(tmp_path, written):
    best = ["2"] * 59 + [written]
    rows = _read(tmp_path, _frame(best=best))
    assert rows.table["fatalities"].sum() == 59 * 2 + 1234


@pytest.mark.parametrize("written", ["2,000", "2.000"])
def test_a_number_of_two_meanings_is_set_aside_and_weighs_as_the_larger(tmp_path, written):
    """Where a comma separates decimals, 2,000 may be two, or two thousand."""
    best = ["2"] * 59 + [written]
    rows = _read(tmp_path, _frame(best=best).to_csv(index=False, sep=";"))
    assert rows.set_aside["found"].tolist() == [repr(written)]
    assert rows.faulty_deaths == pytest.approx(2000 / 2118)


@pytest.mark.parametrize("word", ["-", "n/a", "#N/A", "NULL", "None", "na", "..", "NaN"])
def test_words_for_a_missing_value(tmp_path, word):
    rows = _read(tmp_path, _frame(latitude=word, longitude=word))
    assert rows.table["latitude"].isna().all()
    assert len(rows.table) == 60


def test_the_precision_of_a_place_as_pandas_writes_it(tmp_path):
    rows = _read(tmp_path, _frame(where_prec=[6.0] * 5 + [None] + [1.0] * 54))
    assert (rows.table["precision"] == "country").sum() == 5


def test_an_event_without_a_first_day_is_of_its_last(tmp_path):
    rows = _read(tmp_path, _frame(date_start=""))
    assert (rows.table["start"] == rows.table["day"]).all()


@pytest.mark.parametrize("separator", ["\t", "|", ";", ","])
def test_separators_by_the_first_line_or_by_the_line_that_states_it(tmp_path, separator):
    text = _frame().to_csv(index=False, sep=separator)
    for data in (text, f"sep={separator}\r\n{text}"):
        assert len(_read(tmp_path, data).table) == 60
    assert _read(tmp_path, f"sep={separator}\n{text}").table["row"].min() == 3
    assert len(_read(tmp_path, text, "events.tsv").table) == 60


def test_utf16_without_its_mark_is_asked_for_by_name(tmp_path):
    data = _frame().to_csv(index=False).encode("utf-16-le")
    with pytest.raises(BadInput, match="--encoding utf-16-le"):
        _read(tmp_path, data)
    assert len(_read(tmp_path, data, encoding="utf-16-le").table) == 60


def test_empty_columns_and_lines_at_the_end(tmp_path):
    header, *lines = _frame().to_csv(index=False).splitlines()
    for columns in (header, header + ",,"):
        text = "\n".join([columns, *(line + ",," for line in lines), ",,,,", "", ""])
        assert len(_read(tmp_path, text).table) == 60
    assert len(_read(tmp_path, "\n".join([header + ",", *lines])).table) == 60


def test_two_rows_without_an_id_are_two_bad_rows_and_no_repeat(tmp_path):
    events = pd.concat([_frame()] * 40).assign(id=[f"E{n}" for n in range(2400)])
    events.iloc[[3, 7], 0] = ""
    rows = _read(tmp_path, events)
    assert rows.set_aside["row"].tolist() == [5, 9]


def _pages():
    rows = json.loads(_frame().to_json(orient="records"))
    return [{"TotalCount": 60, "Result": some} for some in (rows[:40], rows[40:])]


def test_pages_of_the_api_of_ucdp(tmp_path):
    pages = _pages()
    rows = [row for page in pages for row in page["Result"]]
    for tree in (pages, {"TotalCount": 60, "Result": rows}, rows, {"status": 200, "data": rows}):
        found = _read(tmp_path, json.dumps(tree), "events.json").table
        assert len(found) == 60
        assert found["fatalities"].sum() == 120


def test_a_page_without_the_others_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"40 of 60 rows; expected all pages"):
        _read(tmp_path, json.dumps(_pages()[0]), "events.json")


def test_a_workbook_of_which_one_sheet_would_be_left_out_is_refused(tmp_path):
    book, events = BytesIO(), _frame()
    with pd.ExcelWriter(book) as sheets:
        events[:30].to_excel(sheets, sheet_name="2019", index=False)
        events[30:].to_excel(sheets, sheet_name="2020", index=False)
    with pytest.raises(BadInput, match=r"several sheets of rows \(sheet 2019, sheet 2020\)"):
        _read(tmp_path, book.getvalue(), "events.xlsx")


def test_a_date_decades_before_all_others_does_not_begin_the_file(tmp_path):
    events = pd.concat([_frame()] * 4).assign(id=range(240))
    events.iloc[0, [1, 2]] = "1900-01-01"
    rows = _read(tmp_path, events)
    assert months.label(rows.first_month) == "2020-01"
    assert rows.set_aside["found"].tolist() == ["'1900-01-01'"]


HAPI = "location_code,admin_level,event_type,events,fatalities,reference_period_start,admin1_code"


def test_hapi_rows_twice_are_refused_and_so_are_rows_of_no_violence(tmp_path):
    row = "MLI,1,political_violence,2,3,2020-01-01,ML07"
    with pytest.raises(BadInput, match="rows 2 and 3"):
        _read(tmp_path, "\n".join([HAPI, row, row]))
    with pytest.raises(BadInput, match=r"column event_type: found other events alone"):
        _read(tmp_path, "\n".join([HAPI, row.replace("political_violence", "demonstration")]))


def test_hapi_codes_of_two_letters(tmp_path):
    rows = _read(tmp_path, f"{HAPI}\nml,1,Political_Violence,2,3,2020-01-01,ML07")
    assert rows.table[["country", "fatalities"]].to_numpy().tolist() == [["MLI", 3.0]]


def test_acled_weeks_twice_are_refused(tmp_path):
    header = "WEEK,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES"
    row = "2020-01-04,Mali,Gao,Battles,Armed clash,2,3"
    other = row.replace("Armed clash", "Government regains territory")
    assert len(_read(tmp_path, "\n".join([header, row, other])).table) == 2
    with pytest.raises(BadInput, match=r"rows 2 and 4, column WEEK"):
        _read(tmp_path, "\n".join([header, row, other, row]))


def _features(**first):
    rows = json.loads(_frame().to_json(orient="records"))
    for row in rows:
        at = {"type": "Point", "coordinates": [row.pop("longitude"), row.pop("latitude")]}
        yield {"type": "Feature", "properties": row, "geometry": at} | first
        first = {}


@pytest.mark.parametrize(
    ("geometry", "aside"),
    [
        ({"type": "Polygon", "coordinates": []}, 1),
        ({"type": "Point", "coordinates": []}, 1),
        ({"type": "MultiPoint", "coordinates": [[-0.04, 16.27]]}, 0),
        ({"type": "Point", "coordinates": [-0.04, 16.27, 260.5]}, 0),
        (None, 0),
    ],
)
def test_one_feature_that_is_no_point_does_not_stop_the_file(tmp_path, geometry, aside):
    tree = {"type": "FeatureCollection", "features": list(_features(geometry=geometry))}
    rows = _read(tmp_path, json.dumps(tree), "events.geojson")
    assert len(rows.table) == 60 - aside
    assert rows.set_aside["row"].tolist() == [1] * aside


def test_points_in_other_coordinates_are_refused_by_the_name_of_theirs(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    tree = {"type": "FeatureCollection", "crs": crs, "features": list(_features())}
    with pytest.raises(BadInput, match=r"EPSG::3857; expected .*EPSG:4326"):
        _read(tmp_path, json.dumps(tree), "events.geojson")


@pytest.mark.parametrize("none", ["-99", "0", ""])
def test_an_id_that_stands_for_none_makes_no_two_actors_one(tmp_path, none):
    actors = ["Rebels", "Bandits"] * 30
    rows = _read(tmp_path, _frame(side_b=actors, side_b_new_id=none, side_a_new_id="7"))
    assert sorted(set(rows.table["actor_b"])) == ["Bandits", "Rebels"]
    named = _read(tmp_path, _frame(side_b=actors, side_b_new_id="8.0"))
    assert set(named.table["actor_b"]) == {"Bandits"}  # as many rows as Rebels: the first by name


def test_deployments_that_hold_their_rows_twice_are_refused_and_not_added_up(tmp_path):
    header = "source,mission,year,month,location,country,latitude,longitude,no.troops"
    rows = [f"map,MINUSMA,2020,{month},Gao,Mali,16.27,-0.04,200" for month in range(1, 13)]
    path = tmp_path / "geopko.csv"
    path.write_text("\n".join([header, *rows]))
    assert sources.read(path, "deployments").table["troops"].sum() == 2400
    path.write_text("\n".join([header, *rows, *rows]))
    with pytest.raises(BadInput, match=r"row 14: found one of 12 rows that are there twice"):
        sources.read(path, "deployments")
