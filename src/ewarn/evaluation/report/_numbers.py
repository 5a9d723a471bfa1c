"""Compute every number that a report shows from scored rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ewarn.core.specs import ModelSpec, Protocol
from ewarn.evaluation import backtest

_KEYS = ("model", "lead", "stratum", "is_onset")


@dataclass(frozen=True)
class Subject:
    """What a report is about: who was compared on what, by which code."""

    key: str
    protocol: Protocol
    specs: list[ModelSpec]
    sources: list[dict[str, Any]]
    simulated: bool
    as_of: date
    code_version: str

    @property
    def baselines(self) -> list[str]:
        """The names of the baselines, the one that skill is drawn beside first."""
        return list(self.protocol.baselines)

    @property
    def rivals(self) -> list[str]:
        """The names of the other models."""
        return [spec.name for spec in self.specs if spec.name not in self.baselines]


@dataclass(frozen=True)
class Numbers:
    """The tables of a report, and the origins they are means over.

    `average` counts every lead equally; `against` and `against_on_average` hold, by baseline, the
    paired differences of all other models; `against_near_withdrawals` those of the share of
    unit-months around the withdrawal of a mission (`backtest.MONTHS_AROUND`).
    """

    origins: list[str]
    average: pd.DataFrame
    by_lead: pd.DataFrame
    by_stratum: pd.DataFrame
    by_onset: pd.DataFrame
    at_top: pd.DataFrame
    owners: pd.DataFrame
    against: dict[str, pd.DataFrame]
    against_on_average: dict[str, pd.DataFrame]
    against_near_withdrawals: dict[str, pd.DataFrame]
    share_near_withdrawals: float

    def document(self, subject: Subject) -> dict[str, Any]:
        """Return all of it as JSON can hold it: a list of rows a table, null where there is no
        number.
        """
        reported = {
            "key": subject.key,
            "simulated": subject.simulated,
            "as_of": subject.as_of.isoformat(),
            "code_version": subject.code_version,
            "origins": self.origins,
            "protocol": subject.protocol.model_dump(
                mode="json", exclude={"events", "deployments", "milestones"}
            ),
            "sources": subject.sources,
            "specs": [spec.model_dump(mode="json") for spec in subject.specs],
        }
        tables = ("average", "by_lead", "by_stratum", "by_onset", "at_top", "owners")
        reported |= {name: records(getattr(self, name)) for name in tables}
        reported["share_near_withdrawals"] = self.share_near_withdrawals
        for name in ("against", "against_on_average", "against_near_withdrawals"):
            reported[name] = {base: records(table) for base, table in getattr(self, name).items()}
        return reported


def numbers(rows: pd.DataFrame, protocol: Protocol) -> Numbers:
    """Return every number of a report, from the scored rows of `backtest.run`."""
    by_lead = backtest.summary(rows)
    settings = (protocol.seed, protocol.level)
    near = rows[rows["is_near_withdrawal"]]
    return Numbers(
        origins=sorted(rows["origin"].unique()),
        average=_average(by_lead),
        by_lead=by_lead,
        by_stratum=_grouped(rows, "stratum"),
        by_onset=_grouped(rows, "is_onset"),
        at_top=backtest.at_top(rows, protocol.top),
        owners=backtest.owners(rows),
        against={one: backtest.against(rows, one, *settings) for one in protocol.baselines},
        against_on_average={
            one: backtest.against_on_average(rows, one, *settings) for one in protocol.baselines
        },
        against_near_withdrawals={
            one: backtest.against_on_average(near, one, *settings)
            for one in protocol.baselines
            if len(near)
        },
        share_near_withdrawals=len(near) / len(rows),
    )


def _grouped(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the metrics of each part of the unit-months, and the share of them it is."""
    size = rows[by].value_counts(normalize=True)
    table = backtest.summary(rows, ("model", by))
    return table.assign(share=[float(size[one]) for one in table[by]])


def _average(by_lead: pd.DataFrame) -> pd.DataFrame:
    metrics = [name for name in by_lead if name not in _KEYS]
    return by_lead.groupby("model", sort=False)[metrics].mean().reset_index()


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of plain values; JSON has no NaN, so it is null there."""
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")
    ]


def frame(lines: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the table that `records` made rows of."""
    return pd.DataFrame(
        [{key: np.nan if value is None else value for key, value in row.items()} for row in lines]
    )


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and np.isnan(value) else value
