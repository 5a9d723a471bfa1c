"""Check that the numbers of an issue are those of its draws."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ewarn.core.errors import BadInput
from ewarn.forecasting.distribution import Distribution

_ROUNDING = 1e-9  # relative to a number above 1
_AT_LEAST = {"p_ge_1": 1, "p_ge_25": 25, "p_ge_100": 100}
_LEVELS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}


def agree(draws: pa.Table, risks: pa.Table) -> None:
    """Raise BadInput unless draws are counts, as many in each row, and the chances, means and
    quantiles among the risks are theirs; both have a row for the same units and leads.
    """
    order = [("unit", "ascending"), ("lead", "ascending")]
    draws, reported = draws.sort_by(order), risks.sort_by(order)
    counts = Distribution.of(_matrix(draws))
    of_draws: dict[str, NDArray[np.floating]] = {"expected": counts.mean()}
    of_draws |= {name: counts.p_ge(count) for name, count in _AT_LEAST.items()}
    of_draws |= {name: counts.quantile(level)[:, 0] for name, level in _LEVELS.items()}
    for name, wanted in of_draws.items():
        found = reported[name].to_numpy()
        off = np.flatnonzero(~(np.abs(found - wanted) <= _ROUNDING * np.maximum(wanted, 1)))
        if off.size:
            where = f"issue table draws, {_row(draws, off[0])}"
            raise BadInput(
                where, f"{name} {wanted[off[0]]}", f"{found[off[0]]}, as among the risks"
            )


def _matrix(draws: pa.Table) -> NDArray[np.int32]:
    """(rows, K), checked."""
    lists = draws["draws"].combine_chunks()
    least, most = pc.min_max(pc.list_value_length(lists)).as_py().values()
    if not 1 <= least == most:
        raise BadInput("issue table draws", f"{least} to {most} draws", "as many in each row")
    flat = lists.flatten()
    if flat.null_count:
        raise BadInput("issue table draws", "draws without a value", "counts")
    matrix: NDArray[np.int32] = flat.to_numpy().reshape(len(lists), most)
    wrong = np.flatnonzero((matrix < 0).any(axis=1))
    if wrong.size:
        where = f"issue table draws, {_row(draws, wrong[0])}"
        raise BadInput(where, matrix[wrong[0]].tolist(), "counts from 0")
    return matrix


def _row(draws: pa.Table, place: int) -> str:
    return f"unit {draws['unit'][place]} lead {draws['lead'][place]}"
