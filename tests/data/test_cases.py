"""Test that each small made-up file of ../shared/cases gives what its README states."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ewarn.core import specs
from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel, places, quality, sources
from ewarn.forecasting import model

CASES = Path(__file__).parents[3] / "shared" / "cases"
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at {CASES}"),
]
EVENTS, DEATHS = 792, 2173  # of the plain file, in units of Mali, Burkina Faso and Niger


def _load(name, **options):
    loaded = ingest.load(ingest.Files(events=CASES / name, **options))
    return loaded, panel.build(loaded.as_known, loaded.day)


def _total(known):
    return known.columns["events"].sum(), known.columns["fatalities"].sum()


def _findings(loaded, known):
    return {one.name for one in quality.check(loaded, known)}


@pytest.mark.parametrize(
    "name",
    [
        "04b_semicolon_utf8",
        "04e_tab",
        "06_date_d_us",
        "06_date_g_long",
        "06_date_i_excel_serial",
        "07b_upper",
        "07c_best_est",
        "11_na_coords",
    ],
)
def test_another_layout_is_the_plain_file(name):
    _, known = _load(f"{name}.csv.gz")
    _, plain = _load("04e_tab.csv.gz")
    assert _total(known) == (EVENTS, DEATHS)
    np.testing.assert_array_equal(known.columns["fatalities"], plain.columns["fatalities"])


def test_01_global_yearly_rows_of_other_countries_are_out_of_scope_not_lost():
    loaded, known = _load("01_global_yearly.csv.gz")
    assert _total(known) == (EVENTS, DEATHS)
    assert loaded.events.out_of_scope == 600
    assert not loaded.set_aside["file"].str.startswith("01").any()
    assert "600 rows are of other countries: out of scope" in loaded.notes


def test_01_global_yearly_with_a_country():
    loaded, known = _load("01_global_yearly.csv.gz", countries=("MLI",))
    assert loaded.events.out_of_scope == 600
    aside = loaded.set_aside[loaded.set_aside["file"].str.startswith("01")]
    assert set(aside["expected"]) == {"a point in MLI, as the row states"}  # they lie in Burkina
    assert known.columns["events"].sum() + len(aside) == EVENTS


def test_02_centroids_events_known_to_the_country_are_in_no_unit():
    loaded, known = _load("02_centroids.csv.gz")
    assert _total(known) == (EVENTS, DEATHS)
    assert len(loaded.events.national) == 5
    assert loaded.events.national["fatalities"].sum() == 200
    assert any("5 events with 200 deaths are known to their country" in n for n in loaded.notes)
    rules = next(one["rules"] for one in loaded.sources if one["kind"] == "events")
    assert rules["events_of_country_only"] == 5


def test_02_centroids_are_spread_by_recent_deaths_if_the_user_wants_it():
    loaded, known = _load("02_centroids.csv.gz", country_events="spread")
    _, plain = _load("04e_tab.csv.gz")
    more = (known.columns["fatalities"] - plain.columns["fatalities"]).sum(axis=1)
    assert _total(known)[1] == DEATHS + 200
    assert set(known.units["country"][more > 0]) == set(loaded.events.national["country"])
    assert any("country alone: shared out by recent deaths" in note for note in loaded.notes)


def test_03_multimonth_is_spread_over_twelve_months_by_days():
    _, known = _load("03_multimonth.csv.gz")
    _, plain = _load("04e_tab.csv.gz")
    more = known.columns["fatalities"] - plain.columns["fatalities"]
    gao = list(known.units["code"]).index("MLI-GA")
    # 600 deaths over 366 days: 31 days are 50.8, 30 are 49.2, February's 29 are 47.5; rounded to
    # whole deaths by largest remainders.
    assert more[gao, -12:].tolist() == [51, 47, 51, 49, 51, 49, 51, 51, 49, 51, 49, 51]
    assert more.sum() == 600


def test_03_multimonth_in_its_last_month_if_the_user_wants_it():
    _, known = _load("03_multimonth.csv.gz", long_events="last month")
    _, plain = _load("04e_tab.csv.gz")
    more = known.columns["fatalities"] - plain.columns["fatalities"]
    assert more[:, -1].sum() == more.sum() == 600


def test_04_excel_fr_needs_its_encoding_and_says_so():
    with pytest.raises(BadInput, match=r"not UTF-8.*--encoding.*semicolon"):
        _load("04_excel_fr.csv.gz")
    assert _total(_load("04_excel_fr.csv.gz", encoding="cp1252")[1]) == (EVENTS, DEATHS)


def test_05_yearly_plus_candidate_one_row_an_id():
    loaded, known = _load("05_yearly_plus_candidate.csv.gz")
    assert _total(known) == (EVENTS, DEATHS)
    aside = loaded.set_aside[loaded.set_aside["file"].str.startswith("05")]
    assert len(aside) == 12
    assert set(aside["expected"]) == {"the row of the final release, which counts"}


def test_05c_candidate_month_only_is_refused_with_what_to_add():
    with pytest.raises(BadInput, match=r"one month, 2020-12.*yearly release"):
        _load("05c_candidate_month_only.csv")


@pytest.mark.parametrize("name", ["08_outlier_old", "08b_outlier_last"])
def test_08_a_huge_event_is_a_finding(name):
    assert "huge-event" in _findings(*_load(f"{name}.csv.gz"))


def test_08b_so_is_the_leap_of_its_unit_and_country():
    found = _findings(*_load("08b_outlier_last.csv.gz"))
    assert {"leap-MLI-GA", "leap-MLI"} <= found


@pytest.mark.slow
@pytest.mark.parametrize("family", sorted(specs.names("models")))
@pytest.mark.parametrize("name", ["08_outlier_old", "08b_outlier_last"])
def test_08_no_family_fails_on_it_and_other_units_move_by_15_percent_at_most(
    name, family, tmp_path
):
    means = [_means_elsewhere(family, name, deaths, tmp_path) for deaths in (3, 100_000)]
    for small, huge in zip(*means, strict=True):
        violent = small > 0.3
        assert violent.sum() >= 3
        assert 0.85 <= np.median(huge[violent] / small[violent]) <= 1.15


def _means_elsewhere(name, case, deaths, folder):
    """Return the expected counts of all units but that of the huge event, by lead."""
    events = pd.read_csv(CASES / f"{case}.csv.gz")
    path = folder / "events.csv"
    events.assign(best=events["best"].replace(100_000, deaths)).to_csv(path, index=False)
    loaded = ingest.load(ingest.Files(events=path, countries=("MLI", "BFA", "NER")))
    known = panel.build(loaded.inputs, loaded.day)
    unit = int(np.flatnonzero(known.units["code"] == "MLI-GA")[0])
    spec = specs.model(name).model_copy(update={"leads": (1, 3, 12)})
    made = model.forecast(model.fit(spec, known), known)
    return [np.delete(one.mean(), unit) for one in made.by_lead.values()]


def test_10b_sci_1e05_is_a_hundred_thousand():
    assert _total(_load("10b_sci.csv.gz")[1]) == (EVENTS, DEATHS + 100_000)


@pytest.mark.parametrize("name", ["15_acled_export_long_date", "15c_acled_semicolon"])
def test_15_acled_exports(name):
    assert _total(_load(f"{name}.csv.gz")[1]) == (600, 900)


def test_12_hdx_bfa_provinces_in_the_second_level():
    _, known = _load("12_hdx_bfa.xlsx")
    codes = set(known.units["code"][known.columns["events"].sum(axis=1) > 0])
    assert len(codes) == 6
    assert all(code.startswith("BFA-") for code in codes)


def test_12b_hdx_bfa_2025_regions_are_not_the_old_provinces_of_that_name():
    loaded, known = _load("12b_hdx_bfa_2025.csv")
    events = dict(zip(known.units["code"], known.columns["events"].sum(axis=1), strict=True))
    assert events["BFA-SM"] == events["BFA-SR"] == events["BFA-TA"] == 0  # Soum, Sourou, Tapoa
    assert min(events[code] for code in ("BFA-SE", "BFA-KS", "BFA-NY", "BFA-KA", "BFA-YT")) > 0
    assert loaded.events.unnamed == 120
    assert "unplaced-names" in _findings(loaded, known)


def test_12c_hdx_sdn_all_placed():
    loaded, _ = _load("12c_hdx_sdn.csv")
    assert not loaded.set_aside["file"].str.startswith("12c").any()


def test_12e_hdx_xad_one_row_set_aside():
    loaded, _ = _load("12e_hdx_xad.csv")
    aside = loaded.set_aside[loaded.set_aside["file"].str.startswith("12e")]
    assert aside[["row", "column", "found"]].to_numpy().tolist() == [[182, "ISO3", "'XAD'"]]
    assert "1 rows have an impossible value: set aside" in loaded.notes


def test_13_hapi_conflict_event_counts_political_violence():
    _, known = _load("13_hapi_conflict_event.csv")
    table = CASES.joinpath("13_hapi_conflict_event.csv").read_text().splitlines()[1:]
    rows = [line.split(",") for line in table if "political_violence" in line]
    assert known.columns["events"].sum() == sum(int(row[11]) for row in rows)


def test_14_acled_weekly_aggregated_is_shared_out_by_days():
    loaded, known = _load("14_acled_weekly_aggregated.csv")
    table = CASES.joinpath("14_acled_weekly_aggregated.csv").read_text().splitlines()[1:]
    # Of the last week, from 26 December 2020, one day in seven is January's, which is not covered:
    # of its two counts of 2 events each, 1 (2 * 6 / 7 rounded down) counts in December.
    assert _total(known)[0] == sum(int(line.split(",")[6]) for line in table) - 2
    assert loaded.events.rows.shape == "counts"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("16_codab", ["ML05", "ML07"]),
        ("16c_geoboundaries", ["ML-5", "ML-7"]),
        ("16e_gaul_numbers", ["1927", "1928"]),
        ("16k_iso2", ["ML05", "ML07"]),
    ],
)
def test_16_borders_as_published(name, codes):
    units = places.read(CASES / f"{name}.geojson")
    assert units.table["code"].tolist() == codes
    assert set(units.table["country"]) == {"MLI"}
    assert units.notes == ()


def test_16f_null_geometry_is_left_out_by_name():
    units = places.read(CASES / "16f_null_geometry.geojson")
    assert units.table["code"].tolist() == ["ML05", "ML07"]
    assert units.notes == ("16f_null_geometry.geojson, feature 3 (Lake) has no geometry: left out",)


def test_16g_self_intersection_is_repaired_with_a_note():
    (note,) = places.read(CASES / "16g_self_intersection.geojson").notes
    assert "feature 1 (Mopti) is not valid" in note
    assert note.endswith("repaired")


@pytest.mark.parametrize("name", ["17b_geopko_underscores", "17e_month_names"])
def test_17_geopko_as_edited_is_read(name):
    rows = sources.read(CASES / f"{name}.csv", "deployments")
    assert len(rows.table) == 124
    assert rows.set_aside.empty


@pytest.mark.parametrize(
    "name", ["17f_range", "17g_typo_unknown", "17i_half", "17j_latlon_unknown"]
)
def test_17_geopko_one_bad_cell_sets_its_row_aside(name):
    rows = sources.read(CASES / f"{name}.csv", "deployments")
    assert len(rows.table) == 123
    assert rows.set_aside["row"].tolist() == [5]
    assert rows.faulty == 1


def test_18_swapped_all_is_refused_by_name():
    with pytest.raises(BadInput, match="look exchanged"):
        _load("18_swapped_all.csv.gz")
