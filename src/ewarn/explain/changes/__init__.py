"""Explain how far each risk moved between two issues, and through what."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import columns, months
from ewarn.core.errors import BadInput
from ewarn.data.panel import Panel
from ewarn.explain import shapley
from ewarn.explain.changes._states import between
from ewarn.explain.changes._values import CoalitionRisks
from ewarn.forecasting.model import Model

__all__ = ["PARTS", "IssueEvidence", "parts", "table"]

PARTS = columns.PARTS_OF_A_CHANGE
_CORRECTIONS = "corrections"
_OF_GAME = tuple(name for name in PARTS if name != _CORRECTIONS)
_ROUNDING = 1e-9  # what a risk made again may be off by
_KEYS = ["unit", "target_month"]


@dataclass(frozen=True)
class IssueEvidence:
    """The evidence behind an issue, and its risks, a row a unit and lead; whether these are from
    corrected counts, while the panel has them as reported.
    """

    model: Model
    panel: Panel
    risks: pd.DataFrame
    is_corrected: bool = False


def table(
    last: pd.DataFrame, risks: pd.DataFrame, parts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return how far each risk moved from the last issue's, a row a risk, with the parts of it that
    are known (see `parts`); missing where the last issue had no risk for that unit and month.
    """
    before = last[[*_KEYS, "risk"]].rename(columns={"risk": "last_risk"}).astype({"unit": "str"})
    some = risks[["unit", "lead", "target_month", "risk"]].astype({"unit": "str"})
    found = some.merge(before.astype({"target_month": "str"}), on=_KEYS, how="left")
    found["risk_change"] = found["risk"] - found["last_risk"]
    if parts is not None:
        found = found.merge(parts, on=_KEYS, how="left")
    return found.reindex(columns=list(columns.TABLES["changes"]))


def parts(before: IssueEvidence, after: IssueEvidence) -> pd.DataFrame:
    """Return, for each risk in both issues, the PARTS that add up to its change.

    They are Shapley values: what each part adds, the mean over all orders in which the five can
    come to the last issue's evidence and model, on counts as reported. What their correction adds
    to either risk is a part of its own. Raises BadInput where the two cannot be compared.
    """
    risks_of = CoalitionRisks(between(before.panel, after.panel), (before.model, after.model))
    found = [_of_month(risks_of, before, after, *leads) for leads in _leads(before, after)]
    if not found:
        raise BadInput("changes", "no month that both issues forecast", "one at least")
    return pd.concat(found, ignore_index=True)


def _leads(before: IssueEvidence, after: IssueEvidence) -> list[tuple[int, int]]:
    """Return the two leads of each target month that both models can forecast at either lead."""
    gap = after.panel.reference_month - before.panel.reference_month
    able = set(before.model.spec.leads) & set(after.model.spec.leads)
    return [(lead + gap, lead) for lead in sorted(able) if lead + gap in able]


def _of_month(
    risks_of: CoalitionRisks, before: IssueEvidence, after: IssueEvidence, last_lead: int, lead: int
) -> pd.DataFrame:
    values = risks_of.values(last_lead, lead)
    shares = dict(zip(_OF_GAME, shapley.shares(values).T, strict=True))
    shares[_CORRECTIONS] = np.zeros(len(values))
    # Where the last model, rebuilt by this version of the code, differs from what was issued, or
    # where what was issued is from corrected counts.
    for sign, one, at, its in ((-1, before, 0, last_lead), (1, after, -1, lead)):
        name = _CORRECTIONS if one.is_corrected else "new_model"
        shares[name] = shares[name] + sign * _off(values[:, at], one, its)
    month = months.label(after.panel.reference_month + lead)
    return pd.DataFrame({"unit": risks_of.states.codes, "target_month": month, **shares})


def _off(made: NDArray[np.float64], told: IssueEvidence, lead: int) -> NDArray[np.float64]:
    """Return how far the issued risks are from those computed again, 0 within rounding,
    (units,).
    """
    own = told.risks[told.risks["lead"] == lead].set_index("unit")["risk"]
    off = own.reindex(told.panel.units["code"]).to_numpy(float) - made
    return np.where(np.abs(off) > _ROUNDING, off, 0.0)
