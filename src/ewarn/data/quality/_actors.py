"""Findings about actors that seem to be one under two names."""

from collections.abc import Iterator

import pandas as pd

from ewarn.core import months
from ewarn.data import panel
from ewarn.data.ingest import Loaded
from ewarn.data.quality._finding import Finding

LARGE = 50  # events in the YEAR before it was last named make an actor large
YEAR, LATELY = 12, 3  # months
LIKE = 0.3  # of the rate of the one, and of the units of the other, that make two alike
_SIDES = ("actor_a", "actor_b")


def findings(loaded: Loaded) -> Iterator[Finding]:
    """Yield a finding for each large actor that is named no more in the last months, where another
    appears then in the same units, as often: a release may have renamed it.
    """
    part = _taking_part(loaded)
    if part.empty:
        return
    last = loaded.events.rows.last_month
    spans = part.groupby("actor")["month"].agg(["min", "max"])
    gone = spans.index[spans["max"].between(last - LATELY, last - 1)]
    for old in gone:
        end = spans.loc[old, "max"]
        for new in spans.index[spans["min"] == end + 1]:
            if _are_alike(part, old, new, int(end), last):
                when = months.label(int(end) + 1)
                what = f"{old!r} is named no more since {when}, when {new!r} appears in its units"
                yield Finding(f"renamed-{old}", what)


def _are_alike(part: pd.DataFrame, old: str, new: str, end: int, last: int) -> bool:
    before = part[(part["actor"] == old) & (part["month"] > end - YEAR)]
    since = part[part["actor"] == new]
    rate = len(before) / YEAR * (last - end)
    shared = since["unit"].isin(before["unit"]).mean()
    return len(before) >= LARGE and len(since) >= LIKE * rate and bool(shared >= 1 - LIKE)


def _taking_part(loaded: Loaded) -> pd.DataFrame:
    """Return a row an event and side with a name (see `panel.taking_part`)."""
    events = loaded.events.table
    if loaded.events.rows.shape != "events" or not set(_SIDES) <= set(events):
        return pd.DataFrame(columns=["unit", "month", "actor"])
    part = panel.taking_part(events)
    return part[~part["actor"].str.match("Unknown|XXX")]
