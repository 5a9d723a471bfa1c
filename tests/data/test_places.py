"""Units: their borders, names and neighbours, and which of them a point is in."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ewarn.core.errors import BadInput, Unknown
from ewarn.data import places
from ewarn.data.places import Units

ROOT = Path(__file__).parents[2]


def square(code: Any, west: float, south: float, **other: Any) -> dict[str, Any]:
    """A feature one degree wide."""
    properties = {"code": code, "name": f"Name of {code}", "country": "MLI"} | other
    geometry = shapely.box(west, south, west + 1, south + 1).__geo_interface__
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def written(path: Path, features: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def row_of_three(tmp_path: Path) -> Units:
    """A, B and C from west to east along the equator; C is Niger's, and 0.1 degrees off B."""
    features = [square("B", 1, 0), square("C", 2.1, 0, country="NER"), square("A", 0, 0)]
    return places.read(written(tmp_path / "three.geojson", features))


def code_at(units: Units, latitude: float, longitude: float, **options: Any) -> str:
    (position,) = places.locate(units, latitude, longitude, **options)
    return "" if position < 0 else str(units.table["code"][position])


def neighbours_of(code: str) -> set[str]:
    units = places.shipped()
    position = units.table.index[units.table["code"] == code][0]
    return set(units.table["code"].to_numpy()[units.neighbours[[position]].indices])


# The shipped units


def test_there_are_860_units_each_with_a_code_of_its_own() -> None:
    table = places.shipped().table
    assert len(table) == 860
    assert table["code"].is_unique
    assert table["code"].is_monotonic_increasing
    assert table["code"].str.fullmatch(r"[A-Z]{3}-[A-Z0-9]+(-[A-Z0-9]+)*").all()
    assert (table["code"].str[:3] == table["country"]).all()
    assert table["country"].nunique() == 51  # 52 files, of which Somalia's and Somaliland's are one
    assert not table["name"].str.strip().eq("").any()


def test_codes_come_from_the_source_id_or_else_from_the_name() -> None:
    names = places.shipped().table.set_index("code")["name"]
    assert names["MLI-KD"] == "Kidal"
    assert names["NER-NI"] == "Niamey"  # its id ends in a tab
    assert names["MLI-BAMAKO"] == "Bamako"  # shares the id ML.KK with
    assert names["MLI-KOULIKORO"] == "Koulikoro"
    assert names["CIV-SAVANES"] == "Savanes"  # its id is "CI."
    assert names["SSD-CENTRAL-EQUATORIA"] == "Central Equatoria"  # its id is one of Uganda's
    assert names["DJI-UNNAMED"] == "Djibouti (unnamed)"
    assert names["SOM-SOMALILAND"] == "Somaliland"


def test_country_names_are_the_familiar_ones() -> None:
    table = places.shipped().table.drop_duplicates("country").set_index("country")
    assert table["country_name"]["COD"] == "DR Congo"
    assert table["country_name"]["TZA"] == "Tanzania"
    assert not table["country_name"].str.contains(",").any()


def test_the_point_of_each_unit_lies_in_it() -> None:
    units = places.shipped()
    found = places.locate(units, units.table["latitude"], units.table["longitude"])
    assert (found == np.arange(len(units.table))).all()


def test_shipped_units_are_read_once() -> None:
    assert places.shipped() is places.shipped()


# Neighbours


def test_neighbours_share_a_border_within_and_across_countries() -> None:
    assert neighbours_of("MLI-KD") == {
        "MLI-TB", "MLI-GA",  # Timbuktu, Gao
        "DZA-AR", "DZA-TM", "NER-AG", "NER-TH",  # in Algeria and in Niger
    }  # fmt: skip
    assert "MLI-MO" not in neighbours_of("MLI-KD")
    assert neighbours_of("MLI-BAMAKO") == {"MLI-KOULIKORO"}
    assert {"NGA-BO", "TCD-LC"} <= neighbours_of("CMR-EN")


def test_islands_have_no_neighbours() -> None:
    for code in ("COM-AN", "COM-GC", "COM-MO", "GNQ-AN"):
        assert neighbours_of(code) == set()


def test_neighbours_are_symmetric_and_never_oneself() -> None:
    matrix = places.shipped().neighbours
    assert (matrix != matrix.T).nnz == 0
    assert not matrix.diagonal().any()
    assert set(matrix.data) == {1}


def test_borders_that_miss_each_other_by_a_little_still_count(tmp_path: Path) -> None:
    features = [square("A", 0, 0), square("B", 1.003, 0), square("C", 2.013, 0)]
    units = places.read(written(tmp_path / "gaps.geojson", features))
    assert units.neighbours.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


# Points


def test_a_point_belongs_to_the_unit_it_is_in(row_of_three: Units) -> None:
    assert code_at(row_of_three, 0.5, 0.5) == "A"
    assert code_at(row_of_three, 0.5, 2.5) == "C"


def test_a_point_on_a_border_belongs_to_the_lower_position(row_of_three: Units) -> None:
    assert code_at(row_of_three, 0.5, 1.0) == "A"


def test_a_point_outside_goes_to_the_nearest_unit_within_reach(row_of_three: Units) -> None:
    # one degree of a great circle is 111.195 km, so 0.2 degrees are 22.2 km and 0.3 are 33.4 km
    assert code_at(row_of_three, 0.5, -0.2) == "A"
    assert code_at(row_of_three, 0.5, -0.3) == ""
    assert code_at(row_of_three, 0.5, -0.3, within_km=33.3) == ""
    assert code_at(row_of_three, 0.5, -0.3, within_km=33.5) == "A"
    assert code_at(row_of_three, 0.5, 2.04) == "B"  # 0.04 degrees from B, 0.06 from C
    assert code_at(row_of_three, 0.5, 2.06) == "C"


def test_degrees_of_longitude_shrink_with_latitude(tmp_path: Path) -> None:
    units = places.read(written(tmp_path / "north.geojson", [square("N", 0, 59.5)]))
    assert code_at(units, 60.0, 1.4) == "N"  # 0.4 degrees x 111.195 km x cos(60) = 22.2 km
    assert code_at(units, 60.0, 1.5) == ""  # 27.8 km


def test_beside_a_border_the_country_said_goes_first(row_of_three: Units) -> None:
    assert code_at(row_of_three, 0.5, 2.11) == "C"
    assert code_at(row_of_three, 0.5, 2.11, country="MLI", within_km=25) == "C"  # 12 km off: no
    assert code_at(row_of_three, 0.5, 2.06, country="MLI") == "B"  # in neither, and B is near
    assert code_at(row_of_three, 0.5, 2.06, country="DZA") == "C"


def test_bangui_is_not_abroad() -> None:
    # The river, and so the border, runs beside the town's coordinates; as drawn it is across.
    assert code_at(places.shipped(), 4.366667, 18.583333) == "COD-EQ"
    assert code_at(places.shipped(), 4.366667, 18.583333, country="CAF") == "CAF-BG"
    assert code_at(places.shipped(), 4.85, 31.6, country="SDN") == "SSD-CENTRAL-EQUATORIA"  # Juba


def test_a_missing_coordinate_is_nowhere(row_of_three: Units) -> None:
    found = places.locate(row_of_three, [np.nan, 0.5, np.nan], [0.5, 0.5, np.nan])
    assert found.tolist() == [-1, 0, -1]


def test_no_points_give_no_units(row_of_three: Units) -> None:
    assert places.locate(row_of_three, [], []).shape == (0,)


POINT = st.tuples(st.floats(-40, 40), st.floats(-20, 55), st.sampled_from(["", "MLI", "NER"]))


@pytest.mark.slow
@given(st.lists(POINT, min_size=1, max_size=20), st.randoms())
def test_the_order_of_points_changes_nothing(points: list[Any], random: Any) -> None:
    shuffled = random.sample(range(len(points)), len(points))
    latitude, longitude, country = (np.array(column) for column in zip(*points, strict=True))
    units = places.shipped()
    whole = places.locate(units, latitude, longitude, country=country)
    other = places.locate(units, latitude[shuffled], longitude[shuffled], country=country[shuffled])
    assert (whole[shuffled] == other).all()


# Names


def test_names_are_found_however_written() -> None:
    units = places.shipped()
    codes = units.table["code"]

    def code(country: str, name: str) -> str:
        position = places.resolve(units, country, name)
        return "" if position < 0 else str(codes[position])

    assert code("COD", "North Kivu") == code("COD", "NORD-KIVU") == "COD-NORD-KIVU"
    assert code("NER", "Tillaberi region") == "NER-TL"
    assert code("CAF", "Ouham Pendé prefecture") == "CAF-OP"
    assert code("TCD", "N’Djamena") == "TCD-NJ"
    assert code("SDN", "East Darfur") == "SDN-EASTERN-DARFUR"
    assert code("MLI", "Taoudénit") == code("MLI", "Tombouctou") == "MLI-TB"
    assert code("MLI", "MLI-KD") == "MLI-KD"
    assert code("BFA", "Centre") == "BFA-KA"
    assert code("BFA", "Sahel") == ""  # four provinces


def test_names_are_found_whole_and_in_their_country_only() -> None:
    units = places.shipped()
    for country, name in (("NER", "Kidal"), ("MLI", "Kid"), ("MLI", ""), ("LBN", "Beirut")):
        assert places.resolve(units, country, name) == -1


@pytest.mark.slow
def test_every_unit_is_found_by_its_name_unless_two_share_it() -> None:
    units = places.shipped()
    shared = units.table.duplicated(["country", "name"], keep=False)
    assert sorted(units.table["name"][shared].unique()) == ["Chitipa", "Maputo", "Mbarara"]
    for position in units.table.index[~shared]:
        country, name = units.table.loc[position, ["country", "name"]]
        assert places.resolve(units, country, name) == position


def test_every_alias_leads_to_its_unit() -> None:
    units = places.shipped()
    codes = units.table["code"]
    aliases = places.other_names()
    folded = [(country, places.fold(alias)) for country, alias, _ in aliases]
    assert len(set(folded)) == len(folded)
    for country, alias, code in aliases:
        assert code.startswith(country)
        assert codes[places.resolve(units, country, alias)] == code


def test_every_place_of_the_milestones_is_found() -> None:
    units = places.shipped()
    path = places.SHIPPED.with_name("withdrawal_milestones.csv")
    rows = pd.read_csv(path, keep_default_na=False)
    rows = rows[(rows["admin1_name"] != "") & rows["country_iso3"].isin(units.table["country"])]
    missing = [
        (row.country_iso3, row.admin1_name)
        for row in rows.itertuples()
        if places.resolve(units, row.country_iso3, row.admin1_name) < 0
    ]
    assert len(rows) == 63
    assert missing == []


@given(st.sampled_from(["Ségou", "Nord-Kivu", "N'Djamena", "Shamal Sina'"]), st.booleans())
def test_folding_ignores_case_and_spacing(name: str, upper: bool) -> None:
    other = name.upper() if upper else name.lower()
    assert places.fold(f"  {other} Region ") == places.fold(name)


def test_countries_are_known_by_the_names_sources_use() -> None:
    for name in ("DR Congo (Zaire)", "DR Congo", "Congo, Democratic Republic of the", "COD"):
        assert places.country_code(name) == "COD"
    assert places.country_code("Congo") == "COG"
    assert places.country_code("Ivory Coast") == places.country_code("Côte d’Ivoire") == "CIV"
    assert places.country_code("Mal") == ""


def test_some_countries_alone(row_of_three: Units) -> None:
    some = places.of_countries(row_of_three, ["Mali"])
    assert some.table["code"].tolist() == ["A", "B"]
    assert some.neighbours.toarray().tolist() == [[0, 1], [1, 0]]
    assert places.resolve(some, "MLI", "name of b") == 1
    with pytest.raises(Unknown, match="unknown country 'Chad'; known: MLI, NER"):
        places.of_countries(row_of_three, ["Chad"])


# Other people's units


def test_units_are_in_the_order_of_their_codes(tmp_path: Path, row_of_three: Units) -> None:
    features = [square("A", 0, 0), square("B", 1, 0), square("C", 2.1, 0, country="NER")]
    other = places.read(written(tmp_path / "sorted.geojson", features))
    pd.testing.assert_frame_equal(other.table, row_of_three.table)
    assert other.geometry.tolist() == row_of_three.geometry.tolist()
    assert (other.neighbours != row_of_three.neighbours).nnz == 0


def test_kosovo_is_a_country(tmp_path: Path) -> None:
    units = places.read(written(tmp_path / "k.geojson", [square("K", 20, 42, country="XKX")]))
    assert units.table["country_name"].tolist() == ["Kosovo"]


BOW = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
FAR = {"type": "Polygon", "coordinates": [[[0, 0], [500000, 0], [0, 500000], [0, 0]]]}


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (square("A", 1, 0), r"feature 2, code: found 'A', which is also feature 1"),
        (square("", 1, 0), r"feature 2, code: found nothing; expected a text that is not empty"),
        (square("B", 1, 0, name=None), r"feature 2, name: found nothing"),
        (square([7], 1, 0), r"feature 2, code: found"),
        (square("B", 1, 0, country="Malu"), r"feature 2, country: found 'Malu'.* such as MLI"),
        (square("B", 1, 0) | {"geometry": {"type": "Polygon"}}, r"geometry: found no shape"),
        (square("B", 1, 0) | {"geometry": FAR}, r"geometry: found coordinates that are no long"),
        (
            square("B", 1, 0) | {"geometry": {"type": "Point", "coordinates": [1, 2]}},
            r"feature 2, geometry: found a Point",
        ),
        ("B", r"feature 2, code: found nothing"),
    ],
)
def test_a_bad_feature_is_named(tmp_path: Path, second: Any, message: str) -> None:
    path = written(tmp_path / "bad.geojson", [square("A", 0, 0), second])
    with pytest.raises(BadInput, match=f"bad.geojson, {message}" if "," in message else message):
        places.read(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "found no JSON"),
        (b"code,name", "found no JSON"),
        (b"\xff\xfe\xfd", "found no JSON"),
        (b"[1, 2]", "found no features"),
        (b'{"features": []}', "found no features"),
        (gzip.compress(b'{"features": []}' * 99, mtime=0)[:-12], "found a damaged file"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=message):
        places.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found no such file"):
        places.read(tmp_path / "none.geojson")


# Shapes for maps


def test_shapes_for_maps_are_small_and_leave_no_gaps() -> None:
    texts = places.geojson(places.shipped())
    shapes = shapely.from_geojson(texts)
    assert len(texts) == 860
    assert sum(map(len, texts)) < 700_000
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert shapely.coverage_is_valid(shapes)


# The real files


@pytest.mark.slow
@pytest.mark.realdata
def test_the_shipped_units_are_what_the_tool_builds(shared_data: Path, tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "tools" / "build_units.py", shared_data, "--out", tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("860 units")
    built = gzip.decompress((tmp_path / places.SHIPPED.name).read_bytes())
    assert built == gzip.decompress(places.SHIPPED.read_bytes())
    for name in ("LICENSE-boundaries", "withdrawal_milestones.csv"):
        assert (tmp_path / name).read_bytes() == places.SHIPPED.with_name(name).read_bytes()


@pytest.mark.slow
def test_the_tool_says_which_file_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "tools" / "build_units.py", tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "ago.topo.json: found no such file" in run.stderr


@pytest.mark.slow
@pytest.mark.realdata
def test_every_real_event_is_in_or_near_a_unit(shared_data: Path) -> None:
    events = pd.read_csv(shared_data / "ged" / "ged211_africa.csv.gz")
    country = events["country"].map(places.country_code)
    assert (country != "").all()
    units = places.shipped()
    inside = places.locate(units, events["latitude"], events["longitude"], within_km=0) >= 0
    position = places.locate(units, events["latitude"], events["longitude"], country=country)
    assert len(events) == 36_546
    assert inside.sum() == 36_067
    assert (position >= 0).all()
    # Abroad are what lay in Sudan before 2011, and what is more than 5 km across a border.
    is_abroad = units.table["country"].to_numpy()[position] != country
    assert (is_abroad & (country != "SDN")).sum() < 100


@pytest.mark.realdata
def test_provinces_named_by_real_events_are_found(shared_data: Path) -> None:
    path = shared_data / "ged" / "CAR_GEDEvent_v23_1.geojson.gz"
    features = json.loads(gzip.decompress(path.read_bytes()))["features"]
    names = {feature["properties"]["adm_1"] for feature in features} - {""}
    assert len(names) == 17
    assert all(places.resolve(places.shipped(), "CAF", name) >= 0 for name in names)


@pytest.mark.parametrize(
    ("country", "code", "name"),
    [("MLI", "ML-8", "Kidal"), ("SDN", "SD-DN", "North Darfur"), ("COD", "CD-NK", "Nord-Kivu"),
     ("COD", "CD-IT", "Orientale"), ("NGA", "NG-BO", "Borno"), ("RWA", "RW-01", "Kigali City")],
)  # fmt: skip
def test_iso_codes_lead_to_their_units(country: str, code: str, name: str) -> None:
    units = places.shipped()
    assert places.resolve(units, country, code) == places.resolve(units, country, name) >= 0


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4326", True),
        ("urn:ogc:def:crs:EPSG::3857", False),
        ("EPSG:32630", False),
    ],
)
def test_a_named_coordinate_system_is_longitude_and_latitude_or_refused(
    tmp_path: Path, name: str, is_read: bool
) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    path = tmp_path / "u.geojson"
    whole = {"type": "FeatureCollection", "crs": crs, "features": [square("A", 0, 0)]}
    path.write_text(json.dumps(whole))
    if is_read:
        assert len(places.read(path).table) == 1
    else:
        with pytest.raises(BadInput, match=f"system {name}; expected .*EPSG:4326"):
            places.read(path)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("u.shp", b"\x00\x00\x27\x0a", "the ending .shp"),
        ("u.gpkg", b"SQLite format 3", "the ending .gpkg"),
        ("u.geojson", b'{"type": "Topology", "objects": {}, "arcs": []}', "TopoJSON"),
    ],
)
def test_other_formats_of_borders_are_refused_with_how_to_convert_them(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=f"found {found}; expected GeoJSON .*ogr2ogr"):
        places.read(path)


def test_units_that_lie_in_others_are_named(tmp_path: Path) -> None:
    """As where a file has the country beside its regions: events would count in one of them."""
    path = written(
        tmp_path / "u.geojson", [square("A", 0, 0), square("B", 0, 0), square("C", 5, 0)]
    )
    (note,) = places.read(path).notes
    assert "1 units lie in others, as Name of B does in Name of A" in note
    assert places.shipped().notes == ()
