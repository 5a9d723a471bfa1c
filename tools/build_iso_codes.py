"""Build the file of ISO 3166-2 codes that ewarn ships, from the names that its units have.

Run it where pycountry is at hand, which has the codes and names of ISO 3166-2:
`uv run --with pycountry python tools/build_iso_codes.py`. Codes of regions that hold several units,
or of none, are left out.
"""

import csv
from pathlib import Path

import pycountry  # type: ignore[import-not-found]

from ewarn.data import places

FILE = Path(__file__).parents[1] / "src" / "ewarn" / "_data" / "iso_codes.csv"


def rows() -> list[tuple[str, str, str]]:
    """Return country, ISO 3166-2 code and unit of every first-level subdivision that is a unit."""
    units = places.shipped()
    codes, covered = units.table["code"], set(units.table["country"])
    found = []
    for one in pycountry.subdivisions:
        country = pycountry.countries.get(alpha_2=one.country_code).alpha_3
        if country in covered and one.parent_code is None:
            unit = places.resolve(units, country, one.name)
            if unit is not None and unit >= 0:
                found.append((country, one.code, codes[unit]))
    return sorted(found)


def main() -> None:
    """Write the file."""
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("country", "alias", "code"), *rows()])


if __name__ == "__main__":
    main()
