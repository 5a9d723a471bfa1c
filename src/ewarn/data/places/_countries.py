"""Convert names of countries, as sources write them, to ISO 3166 alpha-3 codes, and back."""

import csv
import re
from functools import cache
from pathlib import Path

from iso3166 import countries, countries_by_alpha2, countries_by_alpha3, countries_by_numeric

from ewarn.data.places._names import fold

_NAMES = Path(__file__).parents[2] / "_data" / "country_names.csv"  # French ones, older ones
_REPUBLIC = re.compile(r"^(the )?r[eé]publi(c|que) (of|du|de|d['’]) ?(the |la )?", re.IGNORECASE)
_SHORT = {
    "BOL": "Bolivia",
    "BRN": "Brunei",
    "COD": "DR Congo",
    "FSM": "Micronesia",
    "GBR": "United Kingdom",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "NLD": "Netherlands",
    "PRK": "North Korea",
    "PSE": "Palestine",
    "RUS": "Russia",
    "SYR": "Syria",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
}
# What UCDP, ACLED and Geo-PKO call countries, where neither ISO nor the table above does.
_OTHERS = {
    "Bosnia-Herzegovina": "BIH",
    "Cambodia (Kampuchea)": "KHM",
    "Cape Verde": "CPV",
    "Czech Republic": "CZE",
    "Democratic Republic of Congo": "COD",
    "DR Congo (Zaire)": "COD",
    "DRC": "COD",
    "East Timor": "TLS",
    "Ivory Coast": "CIV",
    "Kingdom of eSwatini (Swaziland)": "SWZ",
    "Macedonia, FYR": "MKD",
    "Madagascar (Malagasy)": "MDG",
    "Myanmar (Burma)": "MMR",
    "Republic of Congo": "COG",
    "Russia (Soviet Union)": "RUS",
    "Serbia (Yugoslavia)": "SRB",
    "Swaziland": "SWZ",
    "Turkey": "TUR",
    "Yemen (North Yemen)": "YEM",
    "Zimbabwe (Rhodesia)": "ZWE",
}


def is_country(code: object) -> bool:
    """Return whether it is an alpha-3 code of ISO 3166, or XKX, the one in use for Kosovo."""
    return isinstance(code, str) and code in countries_by_alpha3


def country_name(code: str) -> str:
    """Return the short English name of the country with that alpha-3 code.

    >>> country_name("COD"), country_name("MLI")
    ('DR Congo', 'Mali')
    """
    return _SHORT.get(code, countries_by_alpha3[code].name)


def country_code(name: str) -> str:
    """Return the alpha-3 code of the country with that name, or code of ISO 3166 (two letters,
    three, or a number), in any case; "" if there is none.

    >>> country_code("DR Congo (Zaire)"), country_code("Congo"), country_code("Côte d'Ivoire")
    ('COD', 'COG', 'CIV')
    >>> country_code("ML"), country_code("mli"), country_code("72")
    ('MLI', 'MLI', 'BWA')
    """
    capitals = name.strip().upper()
    if is_country(capitals):
        return capitals
    found = countries_by_alpha2.get(capitals) or countries_by_numeric.get(capitals.zfill(3))
    if found:
        return found.alpha3
    return _codes().get(fold(name)) or _codes().get(fold(_REPUBLIC.sub("", name.strip())), "")


@cache
def _codes() -> dict[str, str]:
    names = {fold(country.name): country.alpha3 for country in countries}
    names |= {fold(name): code for name, code in _OTHERS.items()}
    names |= {fold(name): code for code, name in _SHORT.items()}
    with _NAMES.open(encoding="utf-8", newline="") as lines:
        return names | {fold(row["name"]): row["alpha3"] for row in csv.DictReader(lines)}
