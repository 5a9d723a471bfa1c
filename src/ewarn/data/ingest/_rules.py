"""What was done with events by the rules for place and time, for the run and for the issue."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from ewarn.data.ingest._placement import Placed

if TYPE_CHECKING:
    from ewarn.data.ingest import Files


def rules(files: "Files", events: Placed) -> dict[str, Any]:
    """Return the rules that a file of events was read by, and how many events each concerned."""
    facts = {
        "encoding": files.encoding,
        "dates": files.dates,
        "long_events": files.long_events,
        "country_events": files.country_events,
        "place_fields": files.place_fields,
        "events_of_several_months": len(_long(events)),
        "events_of_country_only": len(events.national),
        "events_out_of_scope": events.out_of_scope,
        "events_in_another_country": len(events.abroad),
        "rows_with_impossible_values": events.rows.faulty,
    }
    return {name: value for name, value in facts.items() if value}


def notes(files: "Files", events: Placed) -> Iterator[str]:
    """Yield a note for each rule that concerned an event: how many, and how many deaths."""
    if events.out_of_scope:
        yield f"{events.out_of_scope:,} rows are of other countries: out of scope"
    if len(events.national):
        deaths = _deaths(events.national)
        what = f"{len(events.national):,} events with {deaths:,.0f} deaths"
        done = (
            "in no unit"
            if files.country_events == "apart"
            else "shared out by recent deaths, if any"
        )
        known = (
            "country"
            if (events.national["precision"] == "country").all()
            else "country or province"
        )
        yield f"{what} are known to their {known} alone: {done}"
    several = _long(events)
    if len(several):
        done = "shared out by days" if files.long_events == "spread" else "in their last month"
        what = f"{len(several):,} events with {_deaths(several):,.0f} deaths"
        yield f"{what} span several months: {done}"
    if events.unnamed:
        yield f"{events.unnamed:,} rows name no unit of the level in use: set aside"
    if events.rows.faulty:
        yield f"{events.rows.faulty:,} rows have an impossible value: set aside"
    if len(events.abroad):
        first = events.abroad.iloc[0]
        example = f"row {first['row']} lies in {first['found']}; expected {first['expected']}"
        why = f"; {events.slip}" if events.slip else ""
        what = f"{len(events.abroad):,} events lie in another country than they state"
        yield f"{what} ({example}){why}"
    if len(events.strange):
        names = ", ".join(map(repr, events.strange["country"].unique()[:4]))
        yield f"{len(events.strange):,} rows state no country known here ({names}): not compared"


def learned(reports: pd.DataFrame | None) -> Iterator[str]:
    """Yield a note where vintages of one's own show how reports are revised."""
    if reports is not None:
        yield f"revisions learned from {len(reports)} country-months of earlier vintages, too"


def _long(events: Placed) -> Any:
    table = events.table
    if "start" not in table:
        return table[:0]
    begun = table["start"].dt.year * 12 + table["start"].dt.month - 1
    return table[begun < table["month"]]


def _deaths(table: Any) -> float:
    return float(table["fatalities"].sum())
