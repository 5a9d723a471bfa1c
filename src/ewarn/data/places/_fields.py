"""The fields of border files by publisher: COD-AB, geoBoundaries, GADM, GAUL, and our own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ewarn.core.errors import BadInput
from ewarn.data.places._countries import country_code


@dataclass(frozen=True)
class Fields:
    """Names of the fields with a unit's code, name and country, of each the first that is there,
    and the administrative level of the units.
    """

    publisher: str
    code: tuple[str, ...]
    name: tuple[str, ...]
    country: tuple[str, ...]
    level: int = 1


OWN = Fields("ewarn", ("code",), ("name",), ("country",))
KNOWN = (
    OWN,
    *(
        Fields(
            f"COD-AB, level {level}",
            (f"ADM{level}_PCODE", f"adm{level}_pcode"),
            (*(f"ADM{level}_{one}" for one in ("EN", "FR", "PT", "ES", "AR")), f"adm{level}_name"),
            ("ADM0_PCODE", "adm0_pcode", "iso3"),
            level,
        )
        for level in (3, 2, 1)
    ),
    Fields("geoBoundaries", ("shapeISO", "shapeID"), ("shapeName",), ("shapeGroup",)),
    *(
        Fields(f"GADM, level {level}", (f"GID_{level}",), (f"NAME_{level}",), ("GID_0",), level)
        for level in (3, 2, 1)
    ),
    *(
        Fields(
            f"GAUL, level {level}",
            (f"ADM{level}_CODE", f"adm{level}_code"),
            (f"ADM{level}_NAME", f"adm{level}_name"),
            ("ISO3_CODE", "iso3_code", "ADM0_NAME", "adm0_name"),
            level,
        )
        for level in (2, 1)
    ),
)


def recognised(given: Mapping[str, Any]) -> Fields:
    """Return the publisher's fields that the properties of a feature have, else our own."""
    found = next((one for one in KNOWN if all(_has(given, names) for names in _names(one))), OWN)
    stated_level = {"ADM2": 2, "ADM3": 3}.get(str(given.get("shapeType")))  # geoBoundaries
    return replace(found, level=stated_level) if stated_level else found


def stated(text: str) -> Fields:
    """Return the fields that a user states as "code=A,name=B,country=C"; raises BadInput."""
    pairs = dict(part.strip().partition("=")[::2] for part in text.split(","))
    if set(pairs) != {"code", "name", "country"} or not all(pairs.values()):
        raise BadInput("--place-fields", text, "code=FIELD,name=FIELD,country=FIELD")
    return Fields("stated", (pairs["code"],), (pairs["name"],), (pairs["country"],))


def value(given: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first value that is there, numbers as text; None without one."""
    found = next((given[name] for name in names if given.get(name) not in (None, "")), None)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return f"{found:.15g}" if is_number else found


def alpha3(text: str) -> str:
    """Return the alpha-3 code of a country given by name or by any code; the text if none."""
    return country_code(text) or text


def _names(fields: Fields) -> tuple[tuple[str, ...], ...]:
    return fields.code, fields.name, fields.country


def _has(given: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    return any(name in given for name in names)
