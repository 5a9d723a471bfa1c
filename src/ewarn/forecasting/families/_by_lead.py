"""A family of regressions fitted lead by lead, stored as one JSON file."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import Rows


class Lead(Protocol):
    """What is fitted for one lead."""

    def forecast(self, rows: Rows) -> Distribution:
        """Return the distribution of each row; BadInput where a feature is missing."""
        ...

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return those draws' share at or above a count a row."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Return every weight, by column."""
        ...


@dataclass(frozen=True)
class ByLead:
    """A regression a lead, and the name of the file they are kept in."""

    file: str
    leads: Mapping[int, Lead]

    def forecast(self, rows: Rows) -> Distribution:
        """Return the distributions by the regression of that lead; BadInput where a feature is
        missing.
        """
        return self.leads[rows.lead].forecast(rows)

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return those draws' share at or above a count a row."""
        return self.leads[rows.lead].p_ge(rows, count)

    def dump(self) -> Mapping[str, str]:
        """Return every weight, by lead and column."""
        entries = {lead: one.to_json() for lead, one in self.leads.items()}
        return {self.file: json.dumps(entries, indent=1)}

    def left_out(self) -> dict[str, list[str]]:
        """Return the columns of weight 0, which training rows did not bear, by lead and part."""
        found = {
            f"lead {lead}, {part}": [
                name for name, one in entry["columns"].items() if one["weight"] == 0
            ]
            for lead, of in self.leads.items()
            for part, entry in of.to_json().items()
            if isinstance(entry, dict) and "columns" in entry
        }
        return {where: names for where, names in found.items() if names}

    @classmethod
    def of(cls, file: str, files: Mapping[str, str], lead: Callable[[Any], Lead]) -> Self:
        """Return the model that `dump` wrote, with `lead` to read one lead."""
        entries = json.loads(files[file])
        return cls(file, {int(key): lead(one) for key, one in entries.items()})
