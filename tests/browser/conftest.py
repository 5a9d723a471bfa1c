"""A running service over a wide issue, and pages of it in Debian's Chromium, watched."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from support import served, small_watch

from browser import wide_issue
from browser.pages import CHROMIUM, FLAGS, WIDTHS, settled
from ewarn.core.settings import Settings
from ewarn.database import Database

WORDS = Path(__file__).parents[2] / "api/ewarn_api/web/words"
LISTED = {"name": "Mali", "countries": ["MLI"], "leads": [1], "thresholds": {"risk": 0.99}}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Site:
    """A running service, its two issues, and a key that has a watch list."""

    url: str
    older: str
    newer: str
    key: str

    def rows(self, path: str, **asked: Any) -> list[dict[str, Any]]:
        answer = httpx.get(self.url + path, params={"limit": 100_000, **asked}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("wide")
    older, newer = wide_issue.home(home)
    key = small_watch.a_key(Database(Settings(home=home).database))
    with served.serving(home) as service:
        made = httpx.post(f"{service.url}/v1/watchlists", json=LISTED, headers=key)
        assert made.status_code == 201, made.text
        yield Site(service.url, older.id, newer.id, key["X-Api-Key"])


@pytest.fixture(scope="module")  # its event loop may not outlive it: other tests have their own
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What a page asked for and complained about."""

    url: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    expected: str = ""  # a complaint that the test brings about itself

    def watch(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not self.is_expected(message.text):
            self.complaints.append(message.text)

    def is_expected(self, text: str) -> bool:
        return bool(self.expected) and self.expected in text

    def check(self) -> None:
        own = (self.url, "data:", f"blob:{self.url}")
        assert [url for url in self.asked if not url.startswith(own)] == []
        assert self.complaints == []


@pytest.fixture(scope="module")
def contexts(chromium) -> Callable[[str, str], BrowserContext]:
    """Gives a browser of that width and ground, the same to all tests: what it loaded, it keeps."""

    @cache
    def of(width: str, scheme: str) -> BrowserContext:
        size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
        return chromium.new_context(viewport=size, color_scheme=scheme)

    return of


@pytest.fixture
def opened(contexts, site) -> Iterator[Callable[..., Page]]:
    """Opens a view, and waits until it is shown; afterwards nothing may have gone wrong in it."""
    pages: list[tuple[Page, Watched]] = []

    def open_(
        view: str = "",
        width: str = "wide",
        language: str = "en",
        scheme: str = "light",
        expected: str = "",
        url: str = site.url,
        **asked: str,
    ) -> Page:
        page, watched = contexts(width, scheme).new_page(), Watched(url, expected=expected)
        pages.append((page, watched))
        watched.watch(page)
        query = httpx.QueryParams({"lang": language, **asked})
        page.goto(f"{url}/?{query}#/{view}")
        settled(page)
        return page

    yield open_
    for page, _ in pages:
        page.close()
    for _, watched in pages:
        watched.check()


@pytest.fixture(params=[(w, lang) for w in WIDTHS for lang in ("en", "fr")], ids="-".join)
def reader(request, opened):
    """Opens views for a reader: at one width, in one language. Knows the words of that language."""
    width, language = request.param

    class Reader:
        words = json.loads((WORDS / f"{language}.json").read_text())

        def open(self, view: str = "", **asked: str) -> Page:
            return opened(view, width, language, **asked)

    return Reader()
