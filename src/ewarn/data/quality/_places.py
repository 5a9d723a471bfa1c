"""Findings about rows that lie elsewhere than they state, have impossible values, or no unit."""

from collections.abc import Iterator

from ewarn.data.ingest import Loaded
from ewarn.data.quality._finding import Finding

ABROAD = 0.01  # share of placed events in another country than they state
BAD_DEATHS = 0.01  # share of deaths in rows with an impossible value
UNNAMED = 0.02  # share of rows whose names are of no unit at the level in use


def findings(loaded: Loaded) -> Iterator[Finding]:
    """Yield a finding where more than a small share of the events is concerned."""
    events = loaded.events
    placed = len(events.table)
    everyone = placed + len(events.set_aside)
    if len(events.abroad) > ABROAD * everyone:
        first = events.abroad.iloc[0]
        yield Finding(
            "other-country",
            f"{len(events.abroad):,} of {everyone:,} events lie in another country than they state;"
            f" row {first['row']}: {first['found']}, expected {first['expected']}"
            + (f"; {events.slip}" if events.slip else ""),
        )
    if len(events.strange) > ABROAD * everyone:
        first = events.strange.iloc[0]
        what = f"row {first['row']}: {first['country']!r}"
        yield Finding(
            "unknown-country", f"{len(events.strange):,} rows state no country known here; {what}"
        )
    if events.rows.faulty_deaths > BAD_DEATHS:
        share = f"{events.rows.faulty_deaths:.1%} of the deaths"
        what = f"{events.rows.faulty:,} rows set aside for an impossible value"
        yield Finding("bad-rows", f"{what} have {share}")
    if events.unnamed > UNNAMED * (placed + events.unnamed):
        yield Finding(
            "unplaced-names",
            f"{events.unnamed:,} rows name no unit of the level in use, and are set aside",
        )
