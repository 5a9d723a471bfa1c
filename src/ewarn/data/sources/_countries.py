"""Country codes as ISO 3166 has them, and the nearest of them to one that it has not."""

from difflib import get_close_matches
from functools import cache

from iso3166 import countries_by_alpha2, countries_by_alpha3

from ewarn.data.sources._cells import Cells, Column


def codes(cells: Cells, column: str) -> Column:
    """Return a column of ISO 3166 alpha-3 codes (XKX, Kosovo, among them), of such codes and
    alpha-2 codes in any case; others are faults.
    """
    given = cells.text(column)
    longer = {code: _alpha3(code) for code in given.unique()}
    text = given.map(longer)
    bad = ~text.isin(list(countries_by_alpha3))
    if bad.any():
        near = {code: ", ".join(_nearest(code)) or "MLI" for code in text[bad].unique()}
        expected = "an ISO 3166 alpha-3 code, such as " + text[bad].map(near)
        cells.refuse(bad, column, expected.reindex(text.index))
    return text


def _alpha3(code: str) -> str:
    capitals = code.upper()
    known = countries_by_alpha2.get(capitals)
    if known:
        return known.alpha3
    return capitals if capitals in countries_by_alpha3 else code


def _nearest(text: str) -> list[str]:
    known = _known()
    close = get_close_matches(text.upper(), known, n=4, cutoff=0.6)
    return list(dict.fromkeys(known[key] for key in close))


@cache
def _known() -> dict[str, str]:
    """Return the alpha-3 code by code and by name, in capitals."""
    listed = countries_by_alpha3.values()
    return {
        key.upper(): each.alpha3 for each in listed for key in (each.alpha3, each.apolitical_name)
    }
