"""Correct by trees the share of past months at or above each of ten counts, and draw from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import expit, logit

from ewarn.core.errors import BadInput
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import Rows, Training, _boosting
from ewarn.forecasting.families._boosting import Boosting, Leaves, MinLeaf, Rate, Share
from ewarn.forecasting.families._exceedances import COUNTS, Floats, Tail, past
from ewarn.forecasting.families._thinning import thin

_FILE = "exceedance.json"
_RARE = 20  # outcomes that reached a count; with fewer its past is the only estimate
_HIGH = 50  # counts from which half the trees are enough to follow single massacres


class Parameters(Boosting):
    """What a model spec may set. Without trees it is history alone."""

    trees: int = Field(default=110, ge=0, description="trees a count at lead 1; fewer further on")
    leaves: Leaves = 6
    learning_rate: Rate = 0.04
    min_leaf: MinLeaf = 200
    feature_share: Share = 0.5

    def rounds(self, lead: int, count: int) -> int:
        """Trees for a count at a lead: the further off, the less there is to learn."""
        return int(self.trees * lead**-0.25) // (2 if count >= _HIGH else 1)


@dataclass(frozen=True)
class Lead:
    """One lead: a booster for each count that was reached often enough, and the tail."""

    boosters: Mapping[int, lgb.Booster]
    tail: Tail

    def forecast(self, rows: Rows) -> Distribution:
        """Return the draws of the corrected shares of past months."""
        return self.tail.draws(self.above(rows))

    def above(self, rows: Rows) -> Floats:
        """Return the probabilities of reaching each of COUNTS, (n, counts)."""
        odds = _odds(rows)
        for place, count in enumerate(COUNTS):
            if count in self.boosters:
                matrix = _matrix(rows, odds, place)
                odds[:, place] += _boosting.predict(self.boosters[count], matrix, raw=True)
        return np.asarray(expit(odds), np.float64)


@dataclass(frozen=True)
class Exceedance:
    """Every lead, and the features it was trained on."""

    names: Sequence[str]
    leads: Mapping[int, Lead]

    def forecast(self, rows: Rows) -> Distribution:
        """Return the distributions at that lead; a feature may be missing (NaN).

        Raises BadInput when the features are not those of the training.
        """
        return self._lead(rows).forecast(rows)

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> Floats:
        """Return the same draws' share at or above a count a row."""
        lead = self._lead(rows)
        return lead.tail.p_ge(lead.above(rows), count)

    def _lead(self, rows: Rows) -> Lead:
        if list(rows.names) != list(self.names):
            raise BadInput("features", ", ".join(rows.names), ", ".join(self.names))
        return self.leads[rows.lead]

    def dump(self) -> Mapping[str, str]:
        """Return a file a lead, the boosters in LightGBM's own text format, and one for the
        rest.
        """
        texts = {
            f"lead_{lead:02d}.json": json.dumps(
                {count: _boosting.text(booster) for count, booster in one.boosters.items()}
            )
            for lead, one in self.leads.items()
        }
        tails = {lead: one.tail.exponent for lead, one in self.leads.items()}
        return texts | {_FILE: json.dumps({"names": list(self.names), "tails": tails})}


def fit(training: Training, parameters: Parameters) -> Exceedance:
    """For each lead and count, trees of the log odds that the count is reached, beginning at how
    share of past months at or above it: P(count >= c) by c is a distribution, and the CRPS is the
    sum of their Brier scores (Gneiting and Raftery 2007).

    Rows without a count are many and alike: a few of them weigh for all.
    """
    return Exceedance(
        training.names,
        {lead: _fit(rows, outcome, parameters) for lead, rows, outcome in training.each()},
    )


def load(files: Mapping[str, str]) -> Exceedance:
    """Return the model that `dump` wrote."""
    about = json.loads(files[_FILE])
    leads = {}
    for lead, exponent in about["tails"].items():
        texts = json.loads(files[f"lead_{int(lead):02d}.json"])
        boosters = {int(count): _boosting.read(text) for count, text in texts.items()}
        leads[int(lead)] = Lead(boosters, Tail(exponent))
    return Exceedance(tuple(about["names"]), leads)


def _fit(rows: Rows, outcome: NDArray[np.float32], parameters: Parameters) -> Lead:
    stored, weight = thin(outcome, parameters.zeros, [parameters.seed, rows.lead])
    some, observed = rows.of(stored), outcome[stored]
    odds, boosters = _odds(some), {}
    options = parameters.options("binary", bagging_fraction=0.8, bagging_freq=1, lambda_l2=10)
    for place, count in enumerate(COUNTS):
        number = parameters.rounds(rows.lead, count)
        if number and (observed >= count).sum() >= _RARE:
            data = lgb.Dataset(
                _matrix(some, odds, place),
                (observed >= count).astype(np.float32),
                weight=weight,
                init_score=np.ascontiguousarray(odds[:, place]),
            )
            booster = lgb.train(options, data, number)
            boosters[int(count)] = _boosting.read(_boosting.text(booster))
    return Lead(boosters, Tail.of(outcome))


def _odds(rows: Rows) -> Floats:
    """Return the log odds of reaching each count in past months, (n, counts), bounded away from
    zero; hope.
    """
    floor = 5e-4 / (1 + COUNTS / 10)
    return np.asarray(logit(np.clip(past(rows), floor, 0.98)), np.float64)


def _matrix(rows: Rows, odds: Floats, place: int) -> NDArray[np.float32]:
    return np.column_stack([rows.matrix, odds[:, place].astype(np.float32)])
