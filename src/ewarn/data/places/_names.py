"""Fold names of places to one form, and look up the unit of a name."""

import csv
import re
from pathlib import Path
from unicodedata import combining, normalize

import pandas as pd

_DATA = Path(__file__).parents[2] / "_data"
_OTHER = ("aliases.csv", "iso_codes.csv")  # names, and codes of ISO 3166-2
_ISO_CODE = re.compile("[A-Z]{2}-[A-Z0-9]{1,3}")
_IGNORED = frozenset(
    """
    region regions regiao province provinces provincia state states estado prefecture governorate
    gouvernorat wilaya county district department departement departamento
    of the and de du des la le les et al el
    """.split()
)
# Compass words in English, French, Portuguese and Spanish, so that North Kivu is Nord-Kivu.
_COMPASS = {
    word: words.split()[0]
    for words in (
        "north northern nord norte",
        "south southern sud sul sur",
        "east eastern est este leste",
        "west western ouest oeste",
        "centre center central centrale centro",
    )
    for word in words.split()
}


def fold(name: str) -> str:
    """Return a name without case, accents, punctuation and words such as "region" or "province".

    >>> fold("Région de Tombouctou"), fold("Nord-Kivu") == fold("North Kivu province")
    ('tombouctou', True)
    """
    if _ISO_CODE.fullmatch(name):
        return name.casefold()  # NG-LA has no article
    plain = "".join(c for c in normalize("NFKD", name.casefold()) if not combining(c))
    plain = re.sub(r"\b[dl]['’]", "", plain)  # the French articles
    words = re.split(r"[^\w]+|_", re.sub(r"['’‘`´ʼ]", "", plain))
    words = [_COMPASS.get(word, word) for word in words if word]
    return "".join([word for word in words if word not in _IGNORED] or words)


def lookup(table: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return position of the unit for each (country, folded name): its name, its code, its aliases.

    A name that two units of a country share is left out, unless the alias table assigns it.
    """
    codes = {code: position for position, code in enumerate(table["code"])}
    names: dict[tuple[str, str], set[int]] = {}
    for position, (country, name) in enumerate(zip(table["country"], table["name"], strict=True)):
        names.setdefault((country, fold(name)), set()).add(position)
    found = {key: min(some) for key, some in names.items() if len(some) == 1}
    for country, code in zip(table["country"], table["code"], strict=True):
        found.setdefault((country, fold(code)), codes[code])
    for country, alias, code in other_names():
        if code in codes:
            found.setdefault((country, fold(alias)), codes[code])
    return found


def other_names() -> list[tuple[str, str, str]]:
    """Shipped aliases: country, another name or an ISO code, code of the unit it belongs to."""
    return [row for name in _OTHER for row in _rows(_DATA / name)]


def _rows(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["country"], row["alias"], row["code"]) for row in csv.DictReader(lines)]
