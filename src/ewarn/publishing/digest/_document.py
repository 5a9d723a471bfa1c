"""A digest in a language: titles, sentences and lines of plain text, for any format."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Item:
    """A line of a section: what it is about, its text, and lines that explain it.

    `badge` is a short value to set apart, such as a change; `tone` is what it means.
    """

    head: str
    text: str = ""
    lines: tuple[str, ...] = ()
    badge: str = ""
    tone: Literal["", "rise", "fall"] = ""
    href: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a digest: a title, sentences, lines, and sentences after them."""

    title: str
    notes: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """All of a digest; `banner` is empty unless the events are simulated."""

    language: str
    subject: str
    title: str
    subtitle: str
    banner: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    map_title: str
    map_text: str
    link: str
    link_text: str
    foot: tuple[str, ...]
