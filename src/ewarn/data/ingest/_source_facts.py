"""Facts about each source of an issue: file, months covered, and by what its rows are known."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ewarn.core import months
from ewarn.data.ingest._placement import Placed
from ewarn.data.ingest._vintage_rows import Reading
from ewarn.data.places import Units
from ewarn.data.releases import Release
from ewarn.data.vintages import Vintage


def of_rows(
    placed: Placed, reading: Reading | None, delay: int, day: date, is_asked: bool
) -> dict[str, Any]:
    """Return a source of rows; where no day is requested, its file alone counts, and no earlier
    vintage.
    """
    rows = placed.rows
    used = (reading.at_hand if is_asked else reading.at_hand[-1:]) if reading else ()
    is_at_hand = bool(used) and used[0].day <= day
    known_by = "vintages" if is_at_hand else "reporting delay"
    last = min(rows.last_month, reading.used.covered[1]) if reading else rows.last_month
    return {
        "kind": rows.kind,
        "source": rows.source,
        "file": rows.path,
        "digest": rows.digest,
        "first_month": months.label(rows.first_month),
        "last_month": months.label(last if rows.kind == "events" else rows.last_month),
        "rows": len(placed.table) + len(placed.set_aside),
        "set_aside": len(placed.set_aside),
        "known_by": "own dates" if rows.kind == "milestones" else known_by,
        "delay_days": delay if rows.kind == "events" else rows.delay,
        "vintages": [one.digest for one in used],
        "releases": [_release(one) for one in reading.read.releases] if reading else [],
    }


def _release(one: Release) -> dict[str, Any]:
    return {
        "release": one.part.name,
        "file": one.part.path.name,
        "digest": one.part.digest,
        "first_month": months.label(one.first_month),
        "last_month": months.label(one.last_month),
        "is_final": one.is_final,
    }


def of_other(vintage: Vintage) -> dict[str, Any]:
    """Return a source that has no dates: units, or a column map."""
    names = ("kind", "source", "file", "digest", "first_month", "last_month", "rows")
    reported = {name: getattr(vintage, name) for name in names}
    return reported | {"set_aside": 0, "known_by": "no dates", "vintages": [vintage.digest]}


def notes(units: Units, events: Placed, readings: Mapping[str, Reading]) -> Iterator[str]:
    """Yield notes on coverage: zeros that may be gaps, months cut off,
    and files in place of which an earlier vintage was read.
    """
    seen = set(units.table["country"].iloc[events.table["unit"].unique()])
    silent = sorted(set(units.table["country"]) - seen)
    if silent:
        names = ", ".join(silent[:8]) + (" ..." if len(silent) > 8 else "")
        yield (
            f"no event at all in {len(silent)} countries ({names}): they count as zeros;"
            " leave them out with --country if the file does not cover them"
        )
    for kind, reading in readings.items():
        used, named = reading.used, reading.named
        if used != named:
            yield f"{kind} as in {used.file}, fetched {used.day}, in place of {named.file}"
        if kind == "events" and used.covered[1] < events.rows.last_month:
            first = months.label(used.covered[1] + 1)
            yield f"{first} had not ended when {used.file} was fetched ({used.day}): left out"
