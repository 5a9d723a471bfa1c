"""The API's own documentation as a page: no script, no other host."""

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request, Response

from ewarn_api import access
from ewarn_api.http import security_headers

router = APIRouter(include_in_schema=False, dependencies=[access.needs("nothing")])
_SENT = (
    *("Scenario", "Milestone", "Change", "Question", "Coded", "Named", "Located"),
    *("WatchlistAsked", "SubscriptionAsked"),
)
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin: 2.5rem 0 0; font-size: 1.1rem } code, pre { font-size: .95em }
pre { white-space: pre-wrap; font-family: inherit }
table { border-collapse: collapse } td { padding: .15rem 1rem .15rem 0; vertical-align: top }
"""


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Return the OpenAPI document: the requests there are, and the meaning of responses."""
    page = "\n".join(_lines(request.app.openapi(), request.scope.get("root_path", "")))
    facts = {"Content-Security-Policy": security_headers.PAGE_POLICY}
    return Response(page, headers=facts, media_type="text/html; charset=utf-8")


def _lines(document: dict[str, Any], root: str) -> Iterator[str]:
    facts = document["info"]
    yield "<!doctype html><html lang=en><meta charset=utf-8>"
    yield f"<title>{escape(facts['title'])}</title><style>{_STYLE}</style>"
    yield f"<h1>{escape(facts['title'])} {escape(facts['version'])}</h1>"
    yield f"<pre>{escape(facts['description'].strip())}</pre>"
    yield f'<p>The same for machines: <a href="{root}/openapi.json">openapi.json</a></p>'
    for path, item in document["paths"].items():
        for method, facts in item.items():
            is_link = "{" not in path and method == "get"
            name = f'<a href="{root}{path}">{path}</a>' if is_link else path
            yield f"<h2><code>{'' if method == 'get' else method.upper()} {name}</code></h2>"
            yield f"<p>{escape(facts['description'])}</p>"
            yield from _table(facts.get("parameters", []))
    yield "<h1>Fields of the rows, and of what is sent</h1>"
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Row") or name in _SENT:
            yield f"<h2>{name.removesuffix('Row')}</h2>"
            yield from _table([{"name": key} | it for key, it in schema["properties"].items()])


def _table(named: list[dict[str, Any]]) -> Iterator[str]:
    yield "<table>"
    for one in named:
        yield f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['description'])}"
    yield "</table>"
