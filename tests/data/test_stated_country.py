"""Test that the country a row states is compared with its point, however the country is written."""

import numpy as np
import pandas as pd
import pytest

from ewarn.core.errors import BadInput
from ewarn.data import ingest, panel, places, quality

PLACES = {"Mali": (16.27, -0.04), "Burkina Faso": (13.2, -1.5), "Niger": (14.9, 5.3)}


def _events(*countries):
    """Return 120 events of 3 deaths each in 2019 and 2020, by turns in the countries."""
    names = [countries[n % len(countries)] for n in range(120)]
    days = [f"{2019 + n % 24 // 12}-{n % 12 + 1:02}-09" for n in range(120)]
    return pd.DataFrame(
        {
            "id": range(1, 121),
            "date_start": days,
            "date_end": days,
            "type_of_violence": 1,
            "side_a": "Army",
            "side_b": "Rebels",
            "best": 3,
            "country": names,
            "latitude": [PLACES[name][0] for name in names],
            "longitude": [PLACES[name][1] for name in names],
        }
    )


def _load(events, folder, **options):
    path = folder / "events.csv"
    events.to_csv(path, index=False)
    loaded = ingest.load(ingest.Files(events=path, **options))
    found = quality.check(loaded, panel.build(loaded.as_known, loaded.day))
    return loaded, {one.name: one.evidence for one in found}


@pytest.mark.parametrize("mali", ["MLI", "ML", "ml", "mli", "466"])
def test_a_country_may_be_stated_by_any_code_of_iso_3166(mali, tmp_path):
    events = _events("Mali", "Burkina Faso").replace({"country": {"Mali": mali}})
    events.loc[:5, ["latitude", "longitude"]] = PLACES["Niger"]
    loaded, found = _load(events, tmp_path)
    assert len(loaded.events.abroad) == 6
    assert "other-country" in found
    by_name, _ = _load(events.drop(columns=["latitude", "longitude"]).assign(
        latitude="", longitude="", adm_1=np.where(events["country"] == mali, "Gao", "Soum")
    ), tmp_path)  # fmt: skip
    assert len(by_name.events.table) == 120


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("République du Mali", "MLI"),
        ("Republic of the Congo", "COG"),
        ("République démocratique du Congo", "COD"),
        ("Tchad", "TCD"),
        ("TUNISIE", "TUN"),
        ("Moçambique", "MOZ"),
        ("Guiné-Bissau", "GNB"),
        ("Côte d’Ivoire", "CIV"),
        ("United Republic of Tanzania", "TZA"),
        ("Egypt, Arab Rep.", "EGY"),
        ("Soudan du Sud", "SSD"),
        ("Republic of Nowhere", ""),
    ],
)
def test_names_of_countries_in_other_languages_and_in_full(name, code):
    assert places.country_code(name) == code


def test_a_country_that_is_no_known_name_is_reported(tmp_path):
    events = _events("Mali", "Burkina Faso").replace({"country": {"Mali": "Malli"}})
    loaded, found = _load(events, tmp_path)
    assert "60 rows state no country known here ('Malli'): not compared" in loaded.notes
    assert "unknown-country" in found


def test_coordinates_exchanged_in_a_part_of_the_rows_are_found_and_named(tmp_path):
    events = _events("Mali", "Burkina Faso", "Niger")
    niger = events["country"] == "Niger"
    events.loc[niger, ["latitude", "longitude"]] = PLACES["Niger"][::-1]
    loaded, found = _load(events, tmp_path)
    assert "other-country" in found
    assert "40 of 120 points" in found["other-country"]
    assert "the two exchanged" in found["other-country"]
    assert any("the two exchanged" in note for note in loaded.notes)


def test_lost_minus_signs_are_named(tmp_path):
    events = _events("Burkina Faso").assign(longitude=1.5)
    with pytest.raises(BadInput, match=r"120 of 120 points.*minus signs look lost"):
        _load(events, tmp_path)


def test_rows_abroad_that_country_leaves_out_are_reported_too(tmp_path):
    """A point in Niger of a row that states Mali is no row of another country."""
    events = _events("Mali")
    events.loc[:35, ["latitude", "longitude"]] = PLACES["Niger"]
    loaded, found = _load(events, tmp_path, countries=("MLI",))
    assert len(loaded.events.table) == 84
    assert len(loaded.events.abroad) == 36
    assert "36 of 120 events" in found["other-country"]
