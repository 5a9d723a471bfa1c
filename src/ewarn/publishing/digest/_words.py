"""Write phrases, numbers, days and places in a language."""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from iso3166 import countries_by_alpha3

from ewarn.core import months
from ewarn.core.errors import Unknown
from ewarn.publishing.digest._facts import Place

LANGUAGES = {"en": "en_GB", "fr": "fr_FR"}
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Words:
    """The phrases of one language, and how it writes numbers, days and places."""

    language: str
    phrases: dict[str, str]

    @property
    def locale(self) -> Locale:
        """The locale of the language."""
        return Locale.parse(LANGUAGES[self.language])

    def __call__(self, key: str, **given: object) -> str:
        """Return the phrase of that key with names replaced; KeyError where there is none."""
        named = {name: plain(str(value)) for name, value in given.items()}
        return self.spaced(self.phrases[key].format(**named))

    def many(self, key: str, n: int) -> str:
        """Return the phrase for so many of a thing, in the singular or plural of the language."""
        return self(f"{key}_{self.locale.plural_form(n)}", n=self.count(n))

    def counted(self, key: str, n: int, **given: object) -> str:
        """Return the same, of a phrase with more names."""
        return self(f"{key}_{self.locale.plural_form(n)}", n=self.count(n), **given)

    def count(self, n: float) -> str:
        """Return a whole number."""
        return self.spaced(format_decimal(round(n), locale=self.locale))

    def percent(self, p: float) -> str:
        """Return a probability in percent; what is small and not 0 is below 1 %."""
        shown = self.spaced(format_percent(max(p, 0.01) if p > 0 else 0, "#,##0%", self.locale))
        return f"<\u00a0{shown}" if 0 < p < 0.01 else shown

    def points(self, n: int) -> str:
        """Return a difference in points, with its sign."""
        sign = "+" if n > 0 else "\u2212" if n < 0 else ""
        return sign + self.many("points", abs(n))

    def month(self, label: str) -> str:
        """Return a month, such as "March 2024"."""
        return format_date(months.first_day(months.parse(label)), "MMMM y", self.locale)

    def day(self, day: date) -> str:
        """Return a day, such as "13 March 2024"."""
        text = format_date(day, "d MMMM y", self.locale)
        return f"1er {text[2:]}" if self.language == "fr" and day.day == 1 else text

    def country(self, code: str, name: str) -> str:
        """Return the name of a country; in English the issue's own."""
        known = countries_by_alpha3.get(code)
        if self.language == "en" or known is None:
            return plain(name)
        return str(self.locale.territories.get(known.alpha2, plain(name)))

    def place(self, place: Place) -> str:
        """Return a unit with its country, or a whole country."""
        country = self.country(place.country, place.country_name)
        if not place.name:
            return self("country_whole", country=country)
        return f"{plain(place.name)}, {country}"

    def spaced(self, text: str) -> str:
        """Return a text with the spaces that the language sets before signs, which do not break."""
        if self.language != "fr":
            return text
        thin = re.sub(r"[ \u00a0\u202f]*([;!?%»])", "\u202f\\1", text)
        return re.sub(r"[ \u00a0\u202f]:", "\u00a0:", thin).replace("« ", "«\u202f")


@cache
def words(language: str) -> Words:
    """Return the words of a language; raises Unknown."""
    if language not in LANGUAGES:
        raise Unknown("language", language, LANGUAGES)
    path = Path(__file__).parent / "words" / f"{language}.json"
    return Words(language, json.loads(path.read_text(encoding="utf-8")))


def plain(text: str) -> str:
    r"""Return a text on one line, without control characters, so that it can go anywhere.

    >>> plain("Gao\r\nBcc: all")
    'Gao Bcc: all'
    """
    return _HIDDEN.sub(" ", text).strip()
