"""Load a connector by its name, and have it download a file, whole or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, cast

from ewarn.core import plugins
from ewarn.core.errors import BadInput
from ewarn.data.connectors import _output
from ewarn.data.connectors._download import Download, FetchRequest
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._page_checks import Unsound
from ewarn.data.connectors._partial import PartialFile


class Connector(Protocol):
    """What a module of this folder declares: the kind of source its files are, if stated; the
    endings they may have; the fields of FetchRequest it takes; the words of the query it sets; and
    `fetch`.
    """

    KIND: str | None
    ENDINGS: tuple[str, ...]
    TAKES: tuple[str, ...]
    QUERY: tuple[str, ...]

    def fetch(self, request: FetchRequest, web: Web, kept: PartialFile) -> Download:
        """Return the whole file in the kept folder; raises BadInput where it cannot be had."""


@dataclass(frozen=True)
class Fetched:
    """A file in its place, and its manifest."""

    path: Path
    manifest: Mapping[str, Any]


def names() -> list[str]:
    """Return the connectors there are."""
    import ewarn.data.connectors as package  # noqa: PLC0415  this module

    return plugins.names(package)


def load(name: str) -> Connector:
    """Return the connector of that name; raises Unknown with the names there are."""
    import ewarn.data.connectors as package  # noqa: PLC0415  this module

    return cast(Connector, plugins.load(package, name))


def fetch(
    name: str,
    request: FetchRequest,
    web: Web,
    accept: Callable[[Path], object] = lambda _path: None,
) -> Fetched:
    """Return the file that a connector takes, put in its place with its manifest beside it.

    `accept` sees it before, if it has rows, and may raise. Whatever is raised, nothing is put in
    place; what was received stays kept, so that the same call goes on from there, unless it cannot
    be right.
    """
    connector = load(name)
    _refuse(name, connector, request)
    address = sha256((request.url or "").encode()).hexdigest()
    stored = PartialFile(request.out, {"connector": name, "address": address, **request.named})
    try:
        download = connector.fetch(request, web, stored)
        if download.rows:
            _accepted(accept, download.path)
    except Unsound:
        stored.clear()
        raise
    manifest = _output.manifest(name, request, download)
    _output.put(download.path, request.out, manifest)
    stored.clear()
    return Fetched(request.out, manifest)


def refuse_words(connector: Connector, request: FetchRequest) -> None:
    """Raise BadInput where a filter names a word that the connector sets."""
    for word in connector.QUERY:
        if word in request.where:
            raise BadInput("--where", word, f"other words than {', '.join(connector.QUERY)}")


def _refuse(name: str, connector: Connector, request: FetchRequest) -> None:
    for option in request.named:
        if option not in connector.TAKES:
            takes = ", ".join(f"--{download.replace('_', '-')}" for download in connector.TAKES)
            raise BadInput(name, f"--{option.replace('_', '-')}", f"only {takes}, and --out")
    refuse_words(connector, request)
    if not request.out.name.endswith(connector.ENDINGS) or request.out.is_dir():
        raise BadInput(
            "--out", request.out, f"a file that ends in {' or '.join(connector.ENDINGS)}"
        )


def _accepted(accept: Callable[[Path], object], path: Path) -> None:
    try:
        accept(path)
    except BadInput as error:
        raise Unsound(error.where, error.what, error.expected) from error
