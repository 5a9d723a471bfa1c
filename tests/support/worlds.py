"""One tiny world with known totals: six square units of two countries, 60 months, 119 events."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ewarn.core import months
from ewarn.data import ingest

FIRST, LAST = months.parse("2016-01"), months.parse("2020-12")
AS_OF = date(2020, 12, 31)

# Units lie in two rows of three, a degree wide, the upper row in Mali, the lower in Niger:
#   MLI-A MLI-B MLI-C
#   NER-A NER-B NER-C
CODES = ("MLI-A", "MLI-B", "MLI-C", "NER-A", "NER-B", "NER-C")


def places(folder: Path) -> Path:
    """The units as a GeoJSON file."""
    features = [_square(code, left, top) for code, left, top in _corners()]
    return _write(folder / "places.geojson", {"type": "FeatureCollection", "features": features})


def events(folder: Path, shuffle: int | None = None) -> Path:
    """The events as a CSV file, in an order of choice."""
    table = pd.DataFrame(list(_events()))
    if shuffle is not None:
        table = table.sample(frac=1, random_state=shuffle)
    path = folder / "events.csv"
    table.to_csv(path, index=False)
    return path


def fetched(table: pd.DataFrame, path: Path, day: str) -> Path:
    """A table of events as a CSV file, with the manifest of a download on that day beside it."""
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False)
    return manifest(path, day)


def manifest(path: Path, day: str) -> Path:
    """A file, with the manifest of its download on that day put beside it."""
    said = {"fetched_at": f"{day}T09:30:00+00:00"}
    _write(path.with_name(f"{path.name}.manifest.json"), said)
    return path


def milestones(folder: Path) -> Path:
    """A base closure in MLI-A, announced for 2021-03 on 2020-06-10; a mission's end in Niger."""
    rows = [
        ("M1", "MLI", "A", "planned_base_closure", "2020-06-10", "2021-03-15"),
        ("M2", "NER", "", "mission_exit", "2020-02-01", "2020-03-31"),
    ]
    names = ["milestone_id", "country_iso3", "admin1_name", "kind", "announced_on", "effective_on"]
    path = folder / "milestones.csv"
    extra = {"place": "x", "mission": "M", "source": "made up", "confidence": "high"}
    pd.DataFrame(rows, columns=names).assign(**extra).to_csv(path, index=False)
    return path


def files(folder: Path, shuffle: int | None = None) -> ingest.Files:
    """All files of the tiny world."""
    return ingest.Files(
        events=events(folder, shuffle), milestones=milestones(folder), places=places(folder)
    )


def _events():
    """MLI-A: one event a month, 2 dead; MLI-B: 1 event in every third month, 10 dead;
    NER-C: 39 events in 2020-12 alone, 1 dead each. Nothing elsewhere.
    """
    number = 0
    for month in range(FIRST, LAST + 1):
        here = [("MLI-A", 1, 2)] + [("MLI-B", 1, 10)] * (month % 3 == 0)
        here += [("NER-C", 39, 1)] * (month == LAST)
        for code, count, dead in here:
            left, top = next((left, top) for one, left, top in _corners() if one == code)
            for _ in range(count):
                number += 1
                yield {"event_id": f"e{number}", "date": f"{months.label(month)}-15",
                       "latitude": top - 0.5, "longitude": left + 0.5, "type_of_violence": 1,
                       "actor_a": "Army", "actor_b": f"Group {code[:3]}",
                       "fatalities": dead}  # fmt: skip


def _corners() -> list[tuple[str, float, float]]:
    return [(code, float(i % 3), float(2 - i // 3)) for i, code in enumerate(CODES)]


def _square(code: str, left: float, top: float) -> dict[str, object]:
    corners = [[left, top], [left + 1, top], [left + 1, top - 1], [left, top - 1], [left, top]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code[4:], "country": code[:3]},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }


def _write(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


MONTHS = 60
EVENTS = 60 + 20 + 39  # months of MLI-A, a third of them for MLI-B, and NER-C's last month
FATALITIES = 60 * 2 + 20 * 10 + 39
NEIGHBOURS = np.array(  # corners count: squares that touch in one point share a border point
    [
        [0, 1, 0, 1, 1, 0],
        [1, 0, 1, 1, 1, 1],
        [0, 1, 0, 0, 1, 1],
        [1, 1, 0, 0, 1, 0],
        [1, 1, 1, 1, 0, 1],
        [0, 1, 1, 0, 1, 0],
    ]
)
