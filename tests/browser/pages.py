"""What tests do with a page, whatever it shows."""

import time

from playwright.sync_api import Page

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
