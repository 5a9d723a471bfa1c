"""Check the pages of a table by rules that must all hold, as no source states enough by itself.

- all pages are full but the last one with rows; after it come only empty ones;
- of a source that promises a number of pages each is requested, of any other until one is empty;
- no page and no id comes twice, and every page repeats the promise of the first;
- the rows are as many as promised, or fewer by as many as the source is known to count too much;
- requested again at the end, pages are the same: all of a small table, of a large one the first
  and those from the last one with rows on.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from ewarn.core.errors import BadInput

Row: TypeAlias = dict[str, Any]
FEW = 20  # pages of a small table; more than UCDP's candidate versions have


class Unsound(BadInput):
    """Data that cannot be whole, or right; none of what was received is kept."""


class Changed(Unsound):
    """A table that was another one before."""


@dataclass(frozen=True)
class Page:
    """The rows of a page; how many rows and pages the table has, if the source states it; its
    message.
    """

    rows: list[Row]
    total: int | None = None
    pages: int | None = None
    said: str = field(default="", compare=False)


@dataclass(frozen=True)
class Table:
    """How to request for a table: `fetch` takes the number of a page and the words for it in
    messages; `size` is the most rows of a page, `first` its first number, `key` the columns of a
    row's id, `over` how many rows may be promised too much.
    """

    name: str
    fetch: Callable[[int, str], Page]
    size: int
    first: int
    key: tuple[str, ...]
    over: tuple[int, ...] = (0,)

    def where(self, number: int) -> str:
        """Return the words for a page in messages."""
        return f"{self.name}, page {number}"

    def request(self, number: int) -> Page:
        """Request a page and return it."""
        return self.fetch(number, self.where(number))


class Seen:
    """The pages of a table looked at so far, the first of which is `head`."""

    def __init__(self, table: Table, head: Page) -> None:
        self.table, self.head = table, head
        self.sizes: list[int] = []
        self._page_with: dict[bytes, int] = {}
        self._page_of: dict[tuple[str, ...], int] = {}

    @property
    def rows(self) -> int:
        """How many rows they have."""
        return sum(self.sizes)

    @property
    def ended(self) -> bool:
        """Whether there is no page more to request for."""
        if self.head.pages is None:
            return self.sizes[-1] == 0
        return len(self.sizes) >= self.head.pages

    def add(self, page: Page) -> None:
        """Look at the next page; raises Unsound or Changed where it breaks a rule."""
        number = self.table.first + len(self.sizes)
        if (page.total, page.pages) != (self.head.total, self.head.pages):
            promised = f"{_promise(self.head)}, as on page {self.table.first}"
            raise Changed(self.table.where(number), f"a promise of {_promise(page)}", promised)
        self._refuse_size(number, page)
        self._refuse_repeats(number, page)
        self.sizes.append(len(page.rows))

    def refuse_total(self) -> None:
        """Raise Unsound unless the rows are as many as promised, or fewer by a known error."""
        total = self.head.total
        if total is not None and total - self.rows not in self.table.over:
            expected = f"the {total:,} that are promised"
            raise Unsound(self.table.name, f"{self.rows:,} rows on all pages", expected)

    def to_look_at_again(self) -> list[int]:
        """Return the pages to be proved the same at the end."""
        if len(self.sizes) <= FEW:
            return list(range(self.table.first, self.table.first + len(self.sizes)))
        last = max(place for place, size in enumerate(self.sizes) if size)
        return [self.table.first + place for place in (0, *range(last, len(self.sizes)))]

    def refuse_change(self, number: int, before: Page | None, now: Page) -> None:
        """Raise Changed unless a page is the same as before."""
        if before != now:
            raise Changed(self.table.where(number), "other rows than before", "the same rows")

    def _refuse_size(self, number: int, page: Page) -> None:
        where, size, rows = self.table.where(number), self.table.size, len(page.rows)
        facts = f" ({page.said})" if page.said else ""
        if rows > size:
            raise Unsound(where, f"{rows:,} rows", f"at most {size:,}, as requested")
        if rows and self.sizes and self.sizes[-1] < size:
            after = f"{size:,}, as page {number} has rows too"
            raise Unsound(self.table.where(number - 1), f"{self.sizes[-1]:,} rows", after)
        if not rows and not self.sizes:
            raise Unsound(where, f"no rows{facts}", "at least one")
        if not rows and (self.head.total or 0) - self.rows > max(self.table.over):
            expected = f"rows, as only {self.rows:,} of {self.head.total:,} came before"
            raise Unsound(where, f"no rows{facts}", expected)

    def _refuse_repeats(self, number: int, page: Page) -> None:
        if not page.rows:
            return
        text = json.dumps(page.rows, sort_keys=True).encode()
        earlier = self._page_with.setdefault(sha256(text).digest(), number)
        if earlier != number:
            found = f"the same {len(page.rows):,} rows as on page {earlier}"
            raise Unsound(self.table.where(number), found, "each page once")
        for row in page.rows:
            self._refuse_repeat(number, row)

    def _refuse_repeat(self, number: int, row: Row) -> None:
        where, columns = self.table.where(number), ", ".join(self.table.key)
        if not isinstance(row, dict) or any(row.get(part) in (None, "") for part in self.table.key):
            raise Unsound(where, f"a row without {columns}", f"rows with {columns}")
        id_ = tuple(str(row[part]) for part in self.table.key)
        earlier = self._page_of.get(id_)
        if earlier is not None:
            found = f"the {columns} {' '.join(id_)!r}, which page {earlier} has"
            raise Unsound(where, found, "each row once")
        self._page_of[id_] = number


def _promise(page: Page) -> str:
    return f"{page.total} rows and {page.pages} pages"
