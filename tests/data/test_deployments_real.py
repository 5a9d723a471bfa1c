"""Closures and cuts of five UN missions, as a reader of Geo-PKO would tell them, in the panel.

Each number was found by counting rows and adding troops of the file, mission by mission, map by
map and by its own column adm1.name, without the panel's code; the names are those of bases that
the earlier map lists and the later one does not. A change counts in the month of the later map.
"""

from datetime import date

import numpy as np
import pytest

from ewarn.core import months
from ewarn.data import ingest, panel
from ewarn.forecasting import features

pytestmark = pytest.mark.realdata

COUNTRIES = ["SDN", "COD", "CIV", "LBR", "TCD", "CAF"]

# unit, month: bases before -> after, troops before -> after
CHANGES = {
    # UNAMID, resolution 2363 of June 2017: maps of 2017-06, 08, 10 and 12.
    ("SDN-EASTERN-DARFUR", "2017-08"): (5, 4, 1270, 1120),  # Muhajeria
    ("SDN-EASTERN-DARFUR", "2017-10"): (4, 3, 1120, 970),  # Shaeria
    ("SDN-ND", "2017-10"): (9, 6, 2355, 1905),  # Malha, Mallit, Umm Kadada
    ("SDN-ND", "2017-12"): (6, 5, 1905, 2855),  # Zam Zam gone, El Fasher stronger
    ("SDN-SOUTHERN-DARFUR", "2017-12"): (9, 7, 2470, 1870),  # Tulus, Edd el Fursan
    ("SDN-WESTERN-DARFUR", "2017-12"): (9, 6, 1835, 1685),  # Forobaranga, Habila, Tine
    # UNAMID, resolution 2429: 2018-10 to 2019-01; what a battalion's troops are is not told.
    ("SDN-SOUTHERN-DARFUR", "2019-01"): (7, 5, None, None),  # Buram, Graida
    ("SDN-WESTERN-DARFUR", "2019-01"): (6, 2, None, None),
    # MONUSCO leaves the quiet west and north: maps of 2015-03, 05 and 06.
    ("COD-HC", "2015-05"): (6, 4, 3520, 3450),  # Ango, Isiro
    ("COD-EQ", "2015-05"): (3, 2, 105, 70),  # Dongo
    ("COD-EQ", "2015-06"): (2, 1, 70, 35),  # Gemena
    ("COD-MANIEMA", "2015-06"): (1, 0, 35, 0),  # Kindu
    # UNOCI closes: maps of 2016-02, 2016-03 and 2017-01.
    ("CIV-SAVANES", "2016-03"): (4, 1, 150, 150),  # Boundiali, Ferkessedougou, Tingrela
    ("CIV-MARAHOUE", "2016-03"): (2, 0, 150, 0),  # Bouafle, Zuenoula
    ("CIV-MOYEN-CAVALLY", "2016-03"): (5, 4, 750, 450),
    ("CIV-MOYEN-CAVALLY", "2017-01"): (4, 1, 450, 0),
    ("CIV-LAGUNES", "2017-01"): (1, 1, 1785, 950),  # Abidjan
    # UNMIL hands over: maps of 2016-02, 08, 11 and 2017-02.
    ("LBR-NI", "2016-08"): (2, 0, 300, 0),  # Ganta, Tapita
    ("LBR-RG", "2016-08"): (1, 0, 150, 0),  # Fish Town
    ("LBR-BM", "2016-08"): (1, 0, None, 0),  # Tubmanburg, whose troops are not told
    ("LBR-MY", "2016-11"): (1, 0, 0, 0),  # Harper
    ("LBR-BG", "2017-02"): (1, 0, 35, 0),  # Cari Camp
    ("LBR-MO", "2017-02"): (1, 1, 1285, 450),  # Monrovia
    # MINURCAT: maps of 2010-04 and 08.
    ("TCD-BI", "2010-08"): (3, 1, 950, 185),  # Bahai, Guereda
    ("TCD-OA", "2010-08"): (2, 2, 1600, 870),
}


@pytest.fixture(scope="module")
def known(shared_data):
    files = ingest.Files(
        events=shared_data / "ged/ged211_africa.csv.gz",
        deployments=shared_data / "geopko/geopko_v2.1_full.csv.gz",
        countries=COUNTRIES,
    )
    return panel.build(ingest.load(files).inputs, date(2020, 12, 31))


def cells(known, column, unit, month):
    """A column's value the month before and in the month."""
    at = months.parse(month) - known.first_month
    return known.columns[column][list(known.units["code"]).index(unit), at - 1 : at + 1].tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "month"), list(CHANGES))
def test_closures_and_cuts(known, unit, month):
    before, after, troops_before, troops_after = CHANGES[unit, month]
    assert cells(known, "bases", unit, month) == [before, after]
    assert cells(known, "bases_change", unit, month)[1] == after - before
    told = [np.nan if one is None else one for one in (troops_before, troops_after)]
    np.testing.assert_array_equal(cells(known, "troops", unit, month), told)


def test_features_of_north_darfur(known):
    """Four bases lost in the six months to December 2017: three in October, one in December."""
    design = features.build(known, ["withdrawals"])
    row = list(known.units["code"]).index("SDN-ND")
    at = months.parse("2017-12") - known.first_month
    found = dict(zip(design.names, design.back(slice(at, at + 1))[row].tolist(), strict=False))
    assert [found[f"bases.lost_{number}"] for number in (3, 6, 12)] == [4, 4, 4]
    assert found["troops.change_3"] == 2855 - 2355  # September still has the map of August
    assert found["troops.change_6"] == found["troops.change_12"] == 2855 - 2505


def test_monusco_takes_over_from_monuc(known):
    """MONUC's last map, of 2010-04, ends with MONUSCO's first, of 2010-07; they never add up."""
    at = months.parse("2010-07") - known.first_month
    congo = (known.units["country"] == "COD").to_numpy()
    bases = np.nansum(known.columns["bases"][congo, at - 1 : at + 1], axis=0)
    assert bases.tolist() == [33, 34]  # each but Kampala and Kigali, of 35 and of 36
