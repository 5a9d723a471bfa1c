"""Rank units by risk, pick the highest, and draw the past year as a line of blocks."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

# Least counts of the eight blocks. A block more is about three times the count, so that 1 and 100
# both show; the same for every unit, so that lines of two units can be compared.
_LEAST = (0.0, np.nextafter(0, 1), 3.0, 9.0, 27.0, 81.0, 243.0, 729.0)
_BLOCKS = "▁▂▃▄▅▆▇█"
_MISSING = "·"


def rank(risks: pd.DataFrame) -> pd.DataFrame:
    """Return the risks with a column `rank`: 1, 2, ... within each lead, from the highest risk.

    Ties go by `expected`, then by unit code, so that the order of rows changes nothing.
    """
    ordered = risks.assign(unit=risks["unit"].astype(str)).sort_values(
        ["lead", "risk", "expected", "unit"], ascending=[True, False, False, True], kind="stable"
    )
    return risks.assign(rank=ordered.groupby("lead").cumcount() + 1)


def top(risks: pd.DataFrame, n: int, lead: int) -> pd.DataFrame:
    """Return the n rows of that lead which rank first, in order."""
    return risks[risks["lead"] == lead].sort_values("rank", kind="stable").head(n)


def sparkline(counts: Iterable[float]) -> str:
    """Return one character a month: ▁ for 0, then ▂ from above 0, ▃ 3, ▄ 9, ▅ 27, ▆ 81, ▇ 243, █
    729.

    A month without an observation is a dot.

    >>> sparkline([0, 1, 2, 3, 30, 100, 1000, float("nan")])
    '▁▂▂▃▅▆█·'
    """
    values = np.fromiter(counts, float)
    blocks = np.searchsorted(_LEAST, values, side="right") - 1
    seen = zip(values, blocks, strict=True)
    return "".join(_MISSING if np.isnan(value) else _BLOCKS[block] for value, block in seen)
