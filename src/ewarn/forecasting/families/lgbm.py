"""Predict the log count with LightGBM; the draws are outcomes that followed similar predictions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ewarn.core.errors import BadInput
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import Rows, Training, _boosting
from ewarn.forecasting.families._analogues import Analogues
from ewarn.forecasting.families._boosting import Boosting
from ewarn.forecasting.families._thinning import thin

_FILE = "lgbm.json"
_SMALLEST_SHARE = 10  # a window is at most a tenth of the rows, or nothing is near any more


class Parameters(Boosting):
    """What a model spec may set."""

    trees: int = Field(default=120, ge=3, description="trees a lead, over all folds together")
    folds: int = Field(default=3, ge=2, le=12, description="blocks of time that are left out")
    window: int = Field(default=400, ge=20, description="training rows whose outcomes are near")


@dataclass(frozen=True)
class Lead:
    """One lead: a booster a block of time, each blind to its block, and what followed."""

    boosters: tuple[lgb.Booster, ...]
    analogues: Analogues

    def forecast(self, matrix: NDArray[np.float32]) -> Distribution:
        """Return the draws that go with the boosters' mean prediction."""
        each = [_boosting.predict(booster, matrix) for booster in self.boosters]
        return self.analogues.look_up(np.mean(each, axis=0))


@dataclass(frozen=True)
class Lgbm:
    """The boosters of every lead, and the features they were trained on."""

    names: tuple[str, ...]
    leads: dict[int, Lead]

    def forecast(self, rows: Rows) -> Distribution:
        """Return the distributions by the boosters of that lead; a feature may be missing (NaN).

        Raises BadInput when the features are not those of the training.
        """
        if rows.names != self.names:
            raise BadInput("features", ", ".join(rows.names), ", ".join(self.names))
        return self.leads[rows.lead].forecast(rows.matrix)

    def dump(self) -> Mapping[str, str]:
        """Return a file a booster, in LightGBM's own text format, and one for the rest."""
        texts = {
            f"lead_{lead:02d}_fold_{fold}.txt": _boosting.text(booster)
            for lead, one in self.leads.items()
            for fold, booster in enumerate(one.boosters)
        }
        leads = {
            lead: {"folds": len(one.boosters), "analogues": one.analogues.to_json()}
            for lead, one in self.leads.items()
        }
        return texts | {_FILE: json.dumps({"names": self.names, "leads": leads})}


def fit(training: Training, parameters: Parameters) -> Lgbm:
    """Boosters of log(1 + count) by cross-fitting over blocks of time, for each lead.

    Each row is predicted by the booster that has not seen its block, so that what followed a
    prediction shows how good predictions are. The folds share out the trees, so that all of it
    costs what one booster of that many trees does.

    Most outcomes are 0 and much alike, so that a few of them with more weight do: each booster
    draws its own, and what followed a prediction is counted with those weights as well.
    """
    leads = {lead: _fit(rows, outcome, parameters) for lead, rows, outcome in training.each()}
    return Lgbm(training.names, leads)


def load(files: Mapping[str, str]) -> Lgbm:
    """Return the model that `dump` wrote."""
    about = json.loads(files[_FILE])
    leads = {}
    for key, one in about["leads"].items():
        names = (f"lead_{int(key):02d}_fold_{fold}.txt" for fold in range(one["folds"]))
        boosters = tuple(_boosting.read(files[name]) for name in names)
        leads[int(key)] = Lead(boosters, Analogues.from_json(one["analogues"]))
    return Lgbm(tuple(about["names"]), leads)


def _fit(rows: Rows, outcome: NDArray[np.float32], parameters: Parameters) -> Lead:
    fold = _blocks(rows.month, parameters.folds)
    seeds = [[parameters.seed, rows.lead, left_out] for left_out in range(parameters.folds)]
    drawn = [thin(outcome, parameters.zeros, seed) for seed in seeds]
    binned = Binned.of(rows.matrix, outcome, [own for own, _ in drawn], parameters)
    requested, weight = thin(outcome, parameters.zeros, seeds[0][:2])
    unseen = np.empty(len(requested))
    boosters = []
    for left_out, (own, stand_for) in enumerate(drawn):
        seen, out = fold[own] != left_out, fold[requested] == left_out
        boosters.append(binned.grow(own[seen], stand_for[seen]))
        unseen[out] = _boosting.predict(boosters[-1], rows.matrix[requested[out]])
    window = max(20, min(parameters.window, len(requested) // _SMALLEST_SHARE))
    return Lead(tuple(boosters), Analogues.of(unseen, outcome[requested], weight, window))


@dataclass(frozen=True)
class Binned:
    """The rows of one lead that any booster learns from, in bins, a byte a value."""

    data: lgb.Dataset
    places: NDArray[np.intp]
    outcome: NDArray[np.float32]
    parameters: Parameters

    @classmethod
    def of(
        cls,
        matrix: NDArray[np.float32],
        outcome: NDArray[np.float32],
        drawn: Sequence[NDArray[np.intp]],
        parameters: Parameters,
    ) -> Self:
        """Return the rows that were drawn at least once; they are put in bins together."""
        places = np.unique(np.concatenate(drawn))
        params = parameters.options("regression")
        data = lgb.Dataset(matrix[places], np.log1p(outcome[places]), params=params)
        return cls(data.construct(), places, outcome, parameters)

    def grow(self, rows: NDArray[np.intp], weight: NDArray[np.float32]) -> lgb.Booster:
        """Return a booster that has seen those of the rows, each with its weight."""
        some = self.data.subset(np.searchsorted(self.places, rows).tolist()).construct()
        some.set_weight(weight)
        trees = self.parameters.trees // self.parameters.folds
        booster = lgb.train(self.parameters.options("regression"), some, trees)
        return _boosting.read(_boosting.text(booster))


def _blocks(month: NDArray[np.integer], folds: int) -> NDArray[np.int8]:
    """Return which block of consecutive months each row lies in, (n,), from 0."""
    first, last = month.min(), month.max()
    sizes = [len(block) for block in np.array_split(np.arange(first, last + 1), folds)]
    found: NDArray[np.int8] = np.repeat(np.arange(folds, dtype=np.int8), sizes)[month - first]
    return found
