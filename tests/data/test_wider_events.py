"""Test that an event known to its province alone is not given to one of its districts."""

import json

import pandas as pd
import pytest
import shapely

from ewarn.data import ingest, panel

DAYS = [f"2020-{n % 12 + 1:02}-09" for n in range(48)]
GED = pd.DataFrame(
    {
        "id": range(48),
        "date_start": DAYS,
        "date_end": DAYS,
        "type_of_violence": 1,
        "side_a": "Army",
        "side_b": "Rebels",
        "best": 2,
        "country": "Mali",
        "latitude": 14.5,
        "longitude": -3.9,
        "where_prec": [4] * 8 + [6] * 4 + [1] * 36,
    }
)
ACLED = pd.DataFrame(
    {
        "event_id_cnty": [f"MLI{n}" for n in range(48)],
        "event_date": DAYS,
        "actor1": "Army",
        "actor2": "Rebels",
        "country": "Mali",
        "admin1": "Mopti",
        "latitude": 14.5,
        "longitude": -3.9,
        "fatalities": 2,
        "geo_precision": [3] * 8 + [2] * 40,
    }
)


def _borders(folder, level):
    """Two halves of Mopti, as COD-AB publishes them: districts of it, or regions."""
    features = [
        {
            "type": "Feature",
            "properties": {
                f"ADM{level}_PCODE": f"ML050{n}",
                f"ADM{level}_FR": name,
                "ADM0_PCODE": "ML",
            },
            "geometry": shapely.box(west, 14, west + 1, 15).__geo_interface__,
        }
        for n, (name, west) in enumerate([("Mopti", -4.5), ("Douentza", -3.5)])
    ]
    path = folder / "borders.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize(
    ("events", "level", "apart"), [(GED, 2, 12), (GED, 1, 4), (ACLED, 2, 8), (ACLED, 1, 0)]
)
def test_known_to_the_province(events, level, apart, tmp_path):
    path = tmp_path / "events.csv"
    events.to_csv(path, index=False)
    loaded = ingest.load(ingest.Files(events=path, places=_borders(tmp_path, level)))
    known = panel.build(loaded.as_known, loaded.day)
    assert known.columns["events"].sum() == 48 - apart
    assert loaded.events.national["fatalities"].sum() == 2 * apart
    what = "country or province" if level == 2 else "country"
    note = f"{apart} events with {2 * apart} deaths are known to their {what} alone: in no unit"
    assert (note in loaded.notes) == (apart > 0)
