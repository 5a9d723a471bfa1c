"""The page: files that lie in the package, served as they are, and nothing else of the machine."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from ewarn.core.errors import Unknown
from ewarn_api import access
from ewarn_api import web as _web
from ewarn_api.http import security_headers
from ewarn_api.responses import envelope

router = APIRouter(include_in_schema=False, dependencies=[access.needs("nothing")])
_FOLDER = Path(str(_web.__file__)).parent
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}


@router.get("/")
async def page(request: Request) -> Response:
    """Return the page that shows the forecasts."""
    return _answer(request, "index.html")


@router.get("/web/{name:path}")
async def file(request: Request, name: str) -> Response:
    """Return a file of the page; raises Unknown."""
    return _answer(request, name)


def _answer(request: Request, name: str) -> Response:
    files = _files()
    if name not in files:
        raise Unknown("file", name, files)
    content, tag = files[name]
    facts = {"ETag": tag, "Cache-Control": "no-cache"}
    facts["Content-Security-Policy"] = security_headers.APP_POLICY
    if envelope.has(request, {"ETag": tag}):
        return Response(status_code=304, headers=facts)
    return Response(content, headers=facts, media_type=_TYPES[Path(name).suffix])


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Content and tag of every file there is, by its path in the folder."""
    found = {}
    for path in sorted(_FOLDER.rglob("*")):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
            found[path.relative_to(_FOLDER).as_posix()] = (content, tag)
    return found
