"""Download a table page by page: the whole table, or an error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from ewarn.data.connectors._page_checks import Changed, Page, Row, Seen, Table, Unsound
from ewarn.data.connectors._partial import PartialFile

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Whole:
    """A table whose pages have passed; `again` is whether it changed once during the download."""

    table: Table
    kept: PartialFile
    promised: Page
    sizes: list[int]
    again: bool

    @property
    def count(self) -> int:
        """How many rows were served."""
        return sum(self.sizes)

    def rows(self) -> Iterator[Row]:
        """Yield the rows, in the order of the pages."""
        for place in range(len(self.sizes)):
            yield from self.kept.get(_piece(self.table, self.table.first + place))["rows"]


def whole(table: Table, kept: PartialFile, progress: Progress) -> Whole:
    """Return all pages of a table, those already stored not requested again.

    A table that changes on the way is fetched from its start once more. Raises Unsound where the
    pages break a rule, and where the table changes a second time; then no page stays kept.
    """
    for again in (False, True):
        try:
            return _once(table, kept, again, progress)
        except Unsound as error:
            kept.drop(_piece(table))
            if not isinstance(error, Changed):
                raise
            changed = error
    stable = "data that stay the same while they are fetched: try again later"
    raise Unsound(changed.where, f"{changed.what}, a second time", stable)


def _once(table: Table, kept: PartialFile, again: bool, progress: Progress) -> Whole:
    head = table.request(table.first)
    if _page(table, kept, table.first) != head:
        kept.drop(_piece(table))
        kept.put(_piece(table, table.first), vars(head))
    seen = Seen(table, head)
    for number in count(table.first):
        known = _page(table, kept, number)
        page = known or table.request(number)
        seen.add(page)
        if not known:
            kept.put(_piece(table, number), vars(page))
        progress(len(seen.sizes), head.pages)
        if seen.ended:
            break
    seen.refuse_total()
    for number in seen.to_look_at_again():
        seen.refuse_change(number, _page(table, kept, number), table.request(number))
    return Whole(table, kept, head, seen.sizes, again)


def _page(table: Table, kept: PartialFile, number: int) -> Page | None:
    page = kept.get(_piece(table, number))
    return page and Page(**page)


def _piece(table: Table, number: int | None = None) -> str:
    return f"{table.name} page" + ("" if number is None else f" {number}")
