"""The table of phrases: checked groups and topics, and sentences filled with facts."""

import re
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).parents[2] / "_data" / "phrases.toml"
Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
Fact = float | str
_PLACE = re.compile(r"\{(\w+)(?::([^|}]*)\|([^}]*))?\}")
_ONE_BELOW = {"en": None, "fr": 2}  # French has the singular for all below 2, English for 1 alone


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """The same in each language."""

    en: str
    fr: str

    def of(self, language: Language) -> str:
        """Return the text in one language."""
        return self.en if language == "en" else self.fr


class Group(Text):
    """A group of features: its name, and its sentence where no topic applies."""

    none: Text | None = None


class Phrase(Text):
    """A phrase of a topic, and when it applies."""

    above: list[str] = []
    zero: list[str] = []
    effect: Literal["raises", "lowers", "either"] = "either"

    def applies(self, facts: Mapping[str, Fact], sign: int = 0) -> bool:
        """Return whether it suits a contribution of that sign, and all facts it names are known,
        and are as it wants them.
        """
        if (self.effect, sign) in (("raises", -1), ("lowers", 1)):
            return False
        named = {name for name, _, _ in _PLACE.findall(self.en + self.fr)}
        known = all(facts.get(name, "") not in ("", None) for name in (*named, *self.zero))
        return (
            known
            and all(facts.get(name, 0) not in ("", 0) for name in self.above)
            and all(facts[name] == 0 for name in self.zero)
        )


class Topic(_Part):
    """The subject of some features of a group; `is_target` where it is the target's own history
    too.
    """

    group: str
    features: list[str]
    is_target: bool = False
    phrases: list[Phrase]

    def has(self, feature: str) -> bool:
        """Return whether it is about that feature."""
        return any(fnmatchcase(feature, pattern) for pattern in self.features)

    def sentence(self, facts: Mapping[str, Fact], language: Language, sign: int = 0) -> str:
        """Return its first phrase that applies, or nothing; `sign` is that of the contribution."""
        for phrase in self.phrases:
            if phrase.applies(facts, sign):
                return fill(phrase.of(language), facts, language)
        return ""


class Table(_Part):
    """All of phrases.toml."""

    general: dict[str, Text]
    groups: dict[str, Group]
    topics: list[Topic]
    seasons: dict[Language, list[str]]
    ended: dict[str, Text]
    coming: dict[str, Text]


@cache
def table() -> Table:
    """Return the table that ewarn ships."""
    return Table.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def fill(text: str, facts: Mapping[str, Fact], language: Language) -> str:
    """Return the text with the facts in their places.

    >>> fill("{n:event|events}, {x} a month", {"n": 1.0, "x": 1204.25}, "en")
    '1 event, 1,204.2 a month'
    """

    def put(found: re.Match[str]) -> str:
        name, one, many = found.groups()
        fact = facts[name]
        noun = "" if one is None else " " + (one if _is_one(fact, language) else many)
        return (fact if isinstance(fact, str) else number(fact, language)) + noun

    return _PLACE.sub(put, text)


def number(value: float, language: Language) -> str:
    r"""Return a number as it is written: whole, or to one decimal.

    >>> number(1204.25, "fr"), number(3.0, "fr")
    ('1\u202f204,2', '3')
    """
    text = f"{value:,.0f}" if round(value, 1) == round(value) else f"{value:,.1f}"
    return text.translate({44: 0x202F, 46: 44}) if language == "fr" else text


def _is_one(fact: Fact, language: Language) -> bool:
    below = _ONE_BELOW[language]
    return fact == 1 if below is None or isinstance(fact, str) else fact < below
