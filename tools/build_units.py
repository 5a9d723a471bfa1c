"""Build the one file of units that ewarn ships from country files of borders (TopoJSON).

The borders of all countries are laid into one coverage before they are simplified, so that no gaps
and no overlaps open between neighbours, not even across country borders.
"""

import argparse
import gzip
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import numpy as np
import shapely
from iso3166 import countries_by_alpha3
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.data.places import SHIPPED, country_name

FILES = (
    "ago bdi ben bfa bwa caf civ cmr cod cog com dji dza egy eri eth gab gha gin gmb gnb gnq ken "
    "lbr lby lso mar mdg mli moz mrt mwi nam ner nga rwa sah sdn sds sen sle sol som swz tcd tgo "
    "tun tza uga zaf zmb zwe"
).split()
COUNTRIES = {"sah": "ESH", "sds": "SSD", "sol": "SOM"}  # files not named by an ISO 3166 code
PREFIXES = {"SSD": "SD"}  # the ids of South Sudan are still those of Sudan
SNAP = 0.002  # degrees: the files are drawn on grids of up to 0.0025
GAP = 0.02  # degrees: narrower holes between countries are faults, not lakes
TOLERANCE = 0.013  # degrees: all but 26 of 36,546 events stay in the unit they were in
DECIMALS = 3


@dataclass(frozen=True)
class Unit:
    """One unit as its file has it."""

    country: str
    source_id: str
    source_name: str | None
    shape: shapely.Geometry


def main() -> int:
    """Exit status: 0, or 2 with a sentence on standard error when the input cannot be used."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("data", type=Path, help="folder with boundaries/ and milestones/")
    parser.add_argument("--out", type=Path, default=SHIPPED.parent, help="folder to write to")
    arguments = parser.parse_args()
    try:
        build(arguments.data, arguments.out)
    except BadInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def build(data: Path, out: Path) -> None:
    """Writes units, licence and milestones to a folder; raises BadInput when a file is missing."""
    borders = data / "boundaries"
    files = {name: _existing(borders / f"{name}.topo.json") for name in FILES}
    licence = _existing(borders / "LICENSE")
    milestones = _existing(data / "milestones" / "withdrawal_milestones.csv")
    units = [unit for name, path in files.items() for unit in _units(name, path)]
    text = _feature_collection(units, _simplified(units))
    out.mkdir(parents=True, exist_ok=True)
    (out / SHIPPED.name).write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    shutil.copyfile(licence, out / "LICENSE-boundaries")
    shutil.copyfile(milestones, out / milestones.name)
    print(f"{len(units)} units, {(out / SHIPPED.name).stat().st_size:,} bytes, in {out}")


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BadInput(path, "no such file", "one of the source files")
    return path


def _units(name: str, path: Path) -> Iterator[Unit]:
    """The units of one TopoJSON file."""
    try:
        topology = json.loads(path.read_bytes())
        scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
        arcs = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
        (layer,) = topology["objects"].values()
        for found in layer["geometries"]:
            kind, rings = found["type"], found["arcs"]
            polygons = [rings] if kind == "Polygon" else rings
            shape = shapely.MultiPolygon([_polygon(arcs, some) for some in polygons])
            country = COUNTRIES.get(name, name.upper())
            yield Unit(country, found["id"], found["properties"].get("name"), _polygonal(shape))
    except (ValueError, KeyError) as error:
        raise BadInput(path, repr(error), "TopoJSON with a transform and one layer") from error


def _polygon(arcs: list[NDArray[Any]], rings: list[list[int]]) -> shapely.Polygon:
    """A polygon from the numbers of its arcs; ~n is arc n, backwards."""
    lines = [[arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring] for ring in rings]
    outer, *holes = [np.concatenate([ring[0], *(arc[1:] for arc in ring[1:])]) for ring in lines]
    return shapely.Polygon(outer, holes)


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """A valid shape without the lines that mending may leave."""
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _simplified(units: list[Unit]) -> NDArray[np.object_]:
    shapes = np.array([unit.shape for unit in units])
    clean = shapely.coverage_clean  # type: ignore[attr-defined]  # shapely 2.2; its stubs are older
    whole = clean(shapes, snapping_distance=SNAP, gap_width=GAP)
    simple = shapely.coverage_simplify(whole, TOLERANCE)
    rounded = shapely.transform(simple, lambda corners: np.round(corners, DECIMALS))
    if not (shapely.is_valid(rounded).all() and shapely.coverage_is_valid(rounded)):
        raise BadInput("borders", "gaps or crossings after simplifying", "one coverage")
    return np.asarray(rounded, object)


def _feature_collection(units: list[Unit], shapes: NDArray[np.object_]) -> str:
    """GeoJSON text, a line a unit, in the order of their codes."""
    lines = {}
    for unit, code, shape in zip(units, codes(units), shapes, strict=True):
        name = unit.source_name or f"{country_name(unit.country)} (unnamed)"
        properties = {
            "code": code,
            "name": name.strip(),
            "country": unit.country,
            "country_name": country_name(unit.country),
            "source_id": unit.source_id,
            "source_name": unit.source_name,
        }
        feature = {"type": "Feature", "properties": properties, "geometry": shape.__geo_interface__}
        lines[code] = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
    body = ",\n".join(lines[code] for code in sorted(lines))
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def codes(units: list[Unit]) -> list[str]:
    """A code for each unit: its country and the two letters of its source id, where these are its
    own, else its country and name, numbered where a country has the name twice.
    """
    letters = [f"{unit.country}-{_letters(unit)}" for unit in units]
    times = Counter(letters)
    slugs = [f"{unit.country}-{_slug(unit.source_name or 'unnamed')}" for unit in units]
    wanted = [
        own if _letters(unit) and times[own] == 1 else slug
        for unit, own, slug in zip(units, letters, slugs, strict=True)
    ]
    times, seen, given = Counter(wanted), Counter[str](), []
    for code in wanted:
        seen[code] += 1
        given.append(code if times[code] == 1 else f"{code}-{seen[code]}")
    return given


def _letters(unit: Unit) -> str:
    """The two letters of a source id such as "ML.KD", or nothing where it has another form."""
    alpha2 = countries_by_alpha3[unit.country].alpha2
    prefix = PREFIXES.get(unit.country, alpha2)
    match = re.fullmatch(rf"{prefix}\.([A-Z]{{2}})", unit.source_id.strip())
    return match[1] if match else ""


def _slug(name: str) -> str:
    plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
    return "-".join(re.findall(r"[A-Z0-9]+", re.sub(r"['’`]", "", plain).upper()))


if __name__ == "__main__":
    sys.exit(main())
