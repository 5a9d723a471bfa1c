"""Render a digest as HTML, Markdown or plain text; names in it cannot add markup."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ewarn.publishing.digest._document import Document

_MARKS = re.compile(r"([\\`*_\[\]<>|~])")
_LEADING = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)")


def html(document: Document, picture: str) -> str:
    """Return the page; `picture` is the address of the map, such as map.png or cid:map."""
    return _rendered("html", document, picture, is_escaped=True)


def markdown(document: Document, picture: str) -> str:
    """Return the digest as Markdown; `picture` is the address of the map."""
    return _rendered("md", document, picture, finalize=_without_marks)


def text(document: Document) -> str:
    """Return the digest as plain text, for mail programs that show no HTML."""
    return _rendered("txt", document, "")


def _rendered(
    kind: str, document: Document, picture: str, is_escaped: bool = False, **more: Any
) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=is_escaped,  # noqa: S701  only HTML needs its escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **more,
    )
    template = environment.get_template(f"digest.{kind}.jinja")
    return template.render(digest=document, picture=picture)


def _without_marks(value: object) -> str:
    r"""Return a value so that Markdown shows it as it is.

    >>> _without_marks("<b> and *")
    '\\<b\\> and \\*'
    """
    return _LEADING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", str(value)))
