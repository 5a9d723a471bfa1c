"""Write the tables of an issue as checked Parquet, the same bytes for the same rows, and
read them.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ewarn.core import columns, months
from ewarn.core.columns import Field
from ewarn.core.errors import BadInput
from ewarn.publishing.issue import _draws
from ewarn.publishing.issue._card import About

# What no two rows of a table share; the first key of a table is also the order of its rows.
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "forecasts": (("model", "target", "unit", "lead", "output_type", "output_type_id"),),
    "risks": (("lead", "rank"), ("unit", "lead")),
    "draws": (("unit", "lead"),),
    "drivers": (("lead", "unit", "driver_rank"), ("unit", "lead", "driver")),
    "changes": (("unit", "lead"),),
    "units": (("code",),),
    "history": (("unit", "month"),),
    "milestones": (("milestone_id",),),
}
NAMES = tuple(_KEYS)
_MAY_BE_EMPTY = {"milestones", "changes"}
_OF_ALL_LEADS = ("forecasts", "risks", "draws", "drivers")
_TYPES = {
    **{str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()},
    list: pa.list_(pa.int32()),
}
_EXPECTED = {
    **{str: "text", bool: "true or false", int: "whole numbers", float: "numbers"},
    list: "lists of whole numbers",
}
_PARTS = columns.PARTS_OF_A_CHANGE
_ROUNDING = 1e-9  # what sums of shares may be off by
_BOUNDS = {
    "probability": (0.0, 1.0 + _ROUNDING),
    "count": (0.0, np.finfo(float).max),
    "count or probability": (0.0, np.finfo(float).max),
}


def parquets(tables: Mapping[str, pd.DataFrame], about: About) -> dict[str, bytes]:
    """Return file name -> bytes of each table of an issue; raises BadInput for what cannot be
    right.
    """
    if set(tables) != set(NAMES):
        raise BadInput("tables of an issue", ", ".join(tables) or "none", ", ".join(NAMES))
    checked = {name: _arranged(name, _typed(name, tables[name])) for name in NAMES}
    codes = checked["units"]["code"]
    if bool(about.last_issue) != bool(len(checked["changes"])):
        what = f"{len(checked['changes'])} rows, since {about.last_issue}"
        raise BadInput("issue table changes", what, "rows where there is a last issue, else none")
    for name in (*_OF_ALL_LEADS, *(["changes"] if about.last_issue else [])):
        _cover(name, checked[name], codes, about)
    _draws.agree(checked["draws"], checked["risks"])
    _add_up(checked["drivers"], checked["risks"])
    _parts(checked["changes"], checked["risks"])
    _past(checked["history"], codes, about)
    return {f"{name}.parquet": _bytes(table) for name, table in checked.items()}


def key(name: str) -> tuple[str, ...]:
    """Return the columns that identify a row of that table."""
    return _KEYS[name][-1]


def frame(name: str, content: bytes) -> pd.DataFrame:
    """Return the table of that name in those bytes, text as categories, draws as arrays; BadInput
    where it lacks a column, as one of another version may.
    """
    buffer = pa.BufferReader(content)
    schema = pq.read_schema(buffer)
    missing = [column for column in columns.TABLES[name] if column not in schema.names]
    if missing:
        expected = "an issue of this version: make it again"
        raise BadInput(f"issue table {name}", f"no {', '.join(missing)}", expected)
    text = [field.name for field in schema if pa.types.is_string(field.type)]
    buffer.seek(0)
    found: pd.DataFrame = pq.read_table(buffer, read_dictionary=text).to_pandas()
    return found


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    options = {"compression": "zstd", "compression_level": 3, "store_schema": False}
    pq.write_table(table, sink, version="2.6", row_group_size=1 << 20, **options)
    return bytes(sink.getvalue())


def _typed(name: str, given: pd.DataFrame) -> pa.Table:
    """Return the columns the table should have, in their order and types, checked one by one."""
    wanted = columns.TABLES[name]
    if set(given.columns) != set(wanted):
        raise BadInput(
            f"issue table {name}",
            f"columns {', '.join(map(str, given.columns))}",
            ", ".join(wanted),
        )
    if given.empty and name not in _MAY_BE_EMPTY:
        raise BadInput(f"issue table {name}", "no row", "at least one")
    typed = [_column(name, columns.of(column, name), given[column]) for column in wanted]
    return pa.table(typed, names=list(wanted))


def _column(name: str, field: Field, given: pd.Series) -> pa.Array:
    where, kind = f"issue table {name}, column {field.name}", type(field.example)
    try:
        column = _decoded(given, kind).cast(_TYPES[kind])
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise BadInput(where, error, _EXPECTED[kind]) from error
    if column.null_count and not field.is_optional:
        raise BadInput(where, f"{column.null_count} rows without a value", "a value in each row")
    if field.unit == "YYYY-MM":
        for label in column.unique().to_pylist():
            months.parse(label)
    if field.unit in _BOUNDS and len(column) > column.null_count:
        low, high = _BOUNDS[field.unit]
        least, most = pc.min_max(column).as_py().values()
        if not low <= least <= most <= high:
            raise BadInput(where, f"{least} to {most}", f"a {field.unit}")
    return column


def _decoded(given: pd.Series, kind: type) -> pa.Array:
    found = pa.Array.from_pandas(given)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    found = found.dictionary_decode() if pa.types.is_dictionary(found.type) else found
    is_text = pa.types.is_string(found.type) or pa.types.is_large_string(found.type)
    if kind is str and not is_text and found.null_count < len(found):
        raise pa.ArrowTypeError(str(found.type))  # numbers would be taken for text silently
    return found


def _arranged(name: str, table: pa.Table) -> pa.Table:
    """Return the rows in the order of the first key; raises BadInput where two rows share a key."""
    order = None
    for keys in _KEYS[name]:
        place = _places(table.select(keys))
        by_key = np.argsort(place, kind="stable")
        order = by_key if order is None else order
        same = np.flatnonzero(np.diff(place[by_key]) == 0)
        if same.size:
            row = table.select(keys).slice(by_key[same[0]], 1).to_pylist()[0]
            raise BadInput(f"issue table {name}", f"two rows of {row}", "one")
    return table.take(pa.array(order))


def _places(table: pa.Table) -> np.ndarray:
    """(rows,) int64, ordered as the rows are by all columns, the first one first."""
    place = np.zeros(len(table), np.int64)
    for column in table.itercolumns():
        coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        rank = np.argsort(pc.sort_indices(coded.dictionary).to_numpy())
        place = place * len(rank) + rank[coded.indices.to_numpy()]
    return place


def _cover(name: str, table: pa.Table, codes: pa.ChunkedArray, about: About) -> None:
    """Raise BadInput unless each unit has each lead, with the months that belong to it."""
    where = f"issue table {name}"
    have = table.group_by(["unit", "lead"]).aggregate([])
    known = pc.all(pc.is_in(have["unit"], codes)).as_py()
    if not known or len(have) != len(codes) * len(set(about.leads)):
        expected = f"each of the {len(codes)} units at each lead, and no other"
        raise BadInput(where, f"{len(have)} pairs of unit and lead", expected)
    reference = months.parse(about.reference_month)
    labels = {lead: months.label(reference + lead) for lead in about.leads}
    for row in table.group_by(["lead", "target_month"]).aggregate([]).to_pylist():
        if labels.get(row["lead"]) != row["target_month"]:
            raise BadInput(where, row, f"a lead of {labels} and its month")


def _add_up(drivers: pa.Table, risks: pa.Table) -> None:
    """Raise BadInput unless the drivers of each risk add up to it less its reference."""
    totals = [("contribution", "sum"), ("reference_risk", "min"), ("reference_risk", "max")]
    keys = ["unit", "lead"]
    each = drivers.group_by(keys).aggregate(totals).join(risks.select([*keys, "risk"]), keys)
    total, low, high, risk = (
        each[name].to_numpy()
        for name in ("contribution_sum", "reference_risk_min", "reference_risk_max", "risk")
    )
    off = np.abs(low + total - risk) + high - low
    worst = int(np.argmax(off))
    if not off[worst] <= _ROUNDING:  # nor where infinities left no number
        row = each.slice(worst, 1).to_pylist()[0]
        raise BadInput("issue table drivers", row, "contributions that add up to the risk")


def _parts(changes: pa.Table, risks: pa.Table) -> None:
    """Raise BadInput unless changes are of these risks, and their parts, where known, add up."""
    keys = ["unit", "lead"]
    reported = changes.join(risks.select([*keys, "risk"]), keys, right_suffix="_told").to_pandas()
    total = reported["risk_change"].where(
        reported["new_events"].isna(), reported[list(_PARTS)].sum(axis=1)
    )
    off = {
        "risks that are not the issue's": reported["risk"] - reported["risk_told"],
        "changes that are no differences": reported["risk"]
        - reported["last_risk"]
        - reported["risk_change"],
        "parts that do not add up to the change": total - reported["risk_change"],
    }
    for what, by in off.items():
        if (by.abs() > _ROUNDING).any():
            row = reported.loc[by.abs().idxmax()].to_dict()
            raise BadInput("issue table changes", row, f"no {what}")
    if reported["last_risk"].isna().ne(reported["risk_change"].isna()).any():
        raise BadInput("issue table changes", "a change without a last risk", "both or neither")


def _past(history: pa.Table, codes: pa.ChunkedArray, about: About) -> None:
    """Raise BadInput if the history has unknown units, or goes beyond what was observed."""
    if not pc.all(pc.is_in(history["unit"], codes)).as_py():
        raise BadInput("issue table history", "a unit that is not among the units", "known units")
    last = pc.max(history["month"]).as_py()
    if last > about.reference_month:
        raise BadInput("issue table history", last, f"months up to {about.reference_month}")
