"""Download one file, continuing where an earlier attempt was cut off."""

import re
from dataclasses import dataclass
from pathlib import Path

import httpx

from ewarn.data.connectors import _responses
from ewarn.data.connectors._http import Web
from ewarn.data.connectors._page_checks import Unsound
from ewarn.data.connectors._partial import PartialFile
from ewarn.data.connectors._redaction import shown
from ewarn.data.connectors._responses import Again


@dataclass(frozen=True)
class Body:
    """The bytes of a file; how many were promised, and what the source calls this state of it."""

    path: Path
    promised: int | None
    state: str | None


def download(url: str, web: Web, kept: PartialFile) -> Body:
    """Return the whole file at a URL; raises Unsound where it does not come whole.

    A connection that is cut is continued at the same byte, if the server states by ETag or
    date that the file is still the same; otherwise the file is fetched from its start.
    """
    web.secrets.add_url(url)
    where = shown(url)

    def once() -> Body:
        headers = {"Accept-Encoding": "identity"} | _rest(kept)
        with web.client.stream("GET", url, headers=headers, follow_redirects=True) as response:
            if response.status_code == 416:
                kept.drop("body")
                raise Again(where, "HTTP 416 for the rest of the file")
            _responses.judge(where, response, web.secrets)
            _refuse_page(where, web, response)
            return _received(where, web, kept, response)

    return web.again(where, once)


def _rest(kept: PartialFile) -> dict[str, str]:
    """Return the headers that request for the bytes that are missing, where some are kept."""
    state, body = kept.get("body-state"), kept.folder / "body"
    if not state or state.startswith("W/") or not body.exists() or not body.stat().st_size:
        return {}
    return {"Range": f"bytes={body.stat().st_size}-", "If-Range": state}


def _received(where: str, web: Web, kept: PartialFile, response: httpx.Response) -> Body:
    path = kept.path("body")
    state = response.headers.get("ETag") or response.headers.get("Last-Modified")
    is_rest = response.status_code == 206
    start, length = _span(response.headers)
    if length is None and response.headers.get("Transfer-Encoding") != "chunked":
        raise Unsound(where, "no word of its length", "one: a cut would pass unnoticed")
    had = path.stat().st_size if path.exists() else 0
    if is_rest and (start, state) != (had or None, kept.get("body-state")):
        kept.drop("body")
        raise Again(where, f"the rest of another file, from byte {start:,}")
    kept.put("body-state", state)
    size = start
    with path.open("ab" if is_rest else "wb") as file:
        for chunk in response.iter_raw():
            size += file.write(chunk)
            web.progress(size, length)
    if length is not None and size != length:
        raise Again(where, f"{size:,} of {length:,} bytes")
    if not size:
        raise Unsound(where, "an empty file", "data")
    return Body(path, length, state)


def _span(headers: httpx.Headers) -> tuple[int, int | None]:
    """Return the byte an answer begins at, and the length of the whole file, if stated."""
    span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", headers.get("Content-Range", ""))
    if span:
        return int(span[1]), int(span[2])
    length = headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _refuse_page(where: str, web: Web, response: httpx.Response) -> None:
    if "html" in response.headers.get("Content-Type", ""):
        text = response.read().decode(errors="replace")
        raise Unsound(where, _responses.not_data(text, web.secrets), "a file of data")
