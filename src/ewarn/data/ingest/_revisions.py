"""Place the rows of events that a later vintage changed in the units of their own vintage."""

from dataclasses import replace

import pandas as pd

from ewarn.data import vintages
from ewarn.data.ingest._placement import Placed, place
from ewarn.data.ingest._vintage_rows import Reading
from ewarn.data.places import Units
from ewarn.data.sources import Rows


def versions(placed: Placed, reading: Reading | None, units: Units, chosen: Units) -> pd.DataFrame:
    """Return the rows placed, and, where there are several vintages, every earlier version of a
    row.

    Then `known_on` and `gone_on` are the days from and until which each was reported (see
    `vintages.history`).
    """
    if reading is None or len(reading.at_hand) == 1:
        return placed.table
    history = reading.history()
    now, past = history[history["gone_on"].isna()], history[history["gone_on"].notna()]
    since = vintages.keys(reading.rows.table).map(now.set_index("key")["known_on"])
    since.index = _lines(reading.rows.table)
    known_on = since.reindex(_lines(placed.table)).set_axis(placed.table.index)
    reported = placed.table.assign(known_on=known_on)
    gone = place(_rows(placed.rows, past), units, chosen).table
    every = pd.concat([reported, gone.astype(reported.dtypes.to_dict())], ignore_index=True)
    return every[every["month"] >= placed.rows.first_month].reset_index(drop=True)


def _lines(table: pd.DataFrame) -> pd.MultiIndex:
    """Return the file and the line of each row."""
    file = table["file"] if "file" in table else pd.Series("", table.index)
    return pd.MultiIndex.from_arrays([file, table["row"]])


def _rows(rows: Rows, past: pd.DataFrame) -> Rows:
    where = {"row": 0} | ({"file": rows.path} if "file" in rows.table else {})
    table = past.drop(columns="key").assign(**where)
    return replace(rows, table=table, set_aside=rows.set_aside.iloc[:0])
