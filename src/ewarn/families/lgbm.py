"""LightGBM's prediction of the log count into the outcomes that followed predictions like it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ewarn.distribution import Distribution
from ewarn.errors import BadInput
from ewarn.families import Rows, Span, Training, _bins, _boosting
from ewarn.families._analogues import Analogues
from ewarn.families._boosting import Boosting
from ewarn.families._thin import thin

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
        """The draws that go with the boosters' mean prediction."""
        each = [_boosting.predict(booster, matrix) for booster in self.boosters]
        return self.analogues.look_up(np.mean(each, axis=0))


@dataclass(frozen=True)
class Lgbm:
    """The boosters of every lead, and the features they were trained on."""

    names: tuple[str, ...]
    leads: dict[int, Lead]

    def forecast(self, rows: Rows) -> Distribution:
        """The distributions by the boosters of that lead; a feature may be missing (NaN).

        Raises BadInput when the features are not those of the training.
        """
        if rows.names != self.names:
            raise BadInput("features", ", ".join(rows.names), ", ".join(self.names))
        return self.leads[rows.lead].forecast(rows.matrix)

    def dump(self) -> Mapping[str, str]:
        """A file a booster, in LightGBM's own text format, and one for the rest."""
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
    prediction tells how good predictions are. The folds share out the trees, so that all of it
    costs what one booster of that many trees does. Features that look back are binned once.

    Most outcomes are 0 and much alike, so that a few of them with more weight do: each booster
    draws its own, and what followed a prediction is counted with those weights as well.
    """
    behind = _bins.look_back(training.columns(), parameters.options("regression"))
    leads = {span.lead: _fit(behind, span, parameters) for span in training.spans()}
    return Lgbm(training.names, leads)


def load(files: Mapping[str, str]) -> Lgbm:
    """What `dump` wrote."""
    about = json.loads(files[_FILE])
    leads = {}
    for key, one in about["leads"].items():
        names = (f"lead_{int(key):02d}_fold_{fold}.txt" for fold in range(one["folds"]))
        boosters = tuple(_boosting.read(files[name]) for name in names)
        leads[int(key)] = Lead(boosters, Analogues.from_json(one["analogues"]))
    return Lgbm(tuple(about["names"]), leads)


def _fit(behind: lgb.Dataset, span: Span, parameters: Parameters) -> Lead:
    binned = _bins.Binned.of(behind, span, parameters.options("regression"))
    fold = _blocks(span.month, parameters.folds)
    rows, weight = thin(span.outcome, parameters.zeros, [parameters.seed, span.lead])
    unseen = np.empty(len(rows))
    boosters = []
    for left_out in range(parameters.folds):
        seed = [parameters.seed, span.lead, left_out]
        own, stand_for = thin(span.outcome, parameters.zeros, seed)
        seen, out = fold[own] != left_out, fold[rows] == left_out
        booster, unseen[out] = _grow(
            binned.rows(own[seen], stand_for[seen]), binned.rows(rows[out], weight[out]), parameters
        )
        boosters.append(booster)
    window = max(20, min(parameters.window, len(rows) // _SMALLEST_SHARE))
    return Lead(tuple(boosters), Analogues.of(unseen, span.outcome[rows], weight, window))


def _grow(
    seen: lgb.Dataset, unseen: lgb.Dataset, parameters: Parameters
) -> tuple[lgb.Booster, NDArray[np.float64]]:
    """A booster that has seen some rows, and its predictions of others.

    LightGBM adds these up in the bins while it trains, which needs no matrix and gives what
    `predict` would, to the last bit.
    """
    booster = lgb.train(
        parameters.options("regression"),
        seen,
        parameters.trees // parameters.folds,
        valid_sets=[unseen],
        keep_training_booster=True,
    )
    found: list[NDArray[np.float64]] = []

    def keep(predictions: NDArray[np.float64], _: lgb.Dataset) -> tuple[str, float, bool]:
        found.append(predictions)
        return "kept", 0.0, True

    booster.eval_valid(keep)
    return _boosting.read(_boosting.text(booster)), found[0]


def _blocks(month: NDArray[np.int32], folds: int) -> NDArray[np.int8]:
    """Which block of consecutive months each row lies in, (n,), from 0."""
    first, last = month.min(), month.max()
    sizes = [len(block) for block in np.array_split(np.arange(first, last + 1), folds)]
    found: NDArray[np.int8] = np.repeat(np.arange(folds, dtype=np.int8), sizes)[month - first]
    return found
