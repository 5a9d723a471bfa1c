"""Pages in Debian's Chromium: how it is started, and what one waits for."""

import os
import time
from pathlib import Path

from playwright.sync_api import Page

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
# Without these it looks for hosts of its maker, and as root it needs the first.
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WIDTHS = {"wide": (1280, 860), "narrow": (390, 800)}


def settled(page: Page) -> None:
    """Waits until what was asked for is shown."""
    page.wait_for_selector("main:not([aria-busy]) > *")


def until(page: Page, expression: str) -> None:
    """Waits until the expression is true; the page's policy lets no text be run inside of it."""
    deadline = time.monotonic() + 20
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)
