"""Write the digest of an issue: what a watch-list team reads on the day it is new.

It may import `core` and the issue beside it. Entry points: `collect` gathers the facts from the
tables of an issue and from rows of alerts and scores; `compose` puts them in a language; `html`,
`markdown` and `text` render them.
"""

from ewarn.publishing.digest._collect import Inputs, collect
from ewarn.publishing.digest._compose import compose
from ewarn.publishing.digest._document import Document, Item, Section
from ewarn.publishing.digest._facts import Facts, Place, Scope
from ewarn.publishing.digest._render import html, markdown, text
from ewarn.publishing.digest._words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Document",
    "Facts",
    "Inputs",
    "Item",
    "Place",
    "Scope",
    "Section",
    "collect",
    "compose",
    "html",
    "markdown",
    "text",
]
