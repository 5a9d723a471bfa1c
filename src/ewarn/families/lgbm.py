"""LightGBM's prediction of the log count into the outcomes that followed predictions like it."""

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

# Read once, when the library loads: without it idle threads spin, and on a busy machine training
# takes several times as long. No setting of LightGBM's own can do this.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ewarn.distribution import Distribution
from ewarn.errors import BadInput
from ewarn.families import Rows, Span, Training
from ewarn.families._analogues import Analogues
from ewarn.settings import settings

_FILE = "lgbm.json"
_SMALLEST_SHARE = 10  # a window is at most a tenth of the rows, or nothing is near any more


class Parameters(BaseModel):
    """What a model spec may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    trees: int = Field(default=120, ge=3, description="trees a lead, over all folds together")
    leaves: int = Field(default=15, ge=2, description="leaves a tree")
    learning_rate: float = Field(default=0.1, gt=0, le=1)
    min_leaf: int = Field(default=50, ge=1, description="training rows a leaf, at least")
    bins: int = Field(default=63, ge=2, le=255, description="values of a feature told apart")
    feature_share: float = Field(default=1.0, gt=0, le=1, description="features a tree may use")
    folds: int = Field(default=3, ge=2, le=12, description="blocks of time that are left out")
    window: int = Field(default=800, ge=20, description="training rows whose outcomes are near")
    seed: int = 1


@dataclass(frozen=True)
class Lead:
    """One lead: a booster a block of time, each blind to its block, and what followed."""

    boosters: tuple[lgb.Booster, ...]
    analogues: Analogues

    def forecast(self, matrix: NDArray[np.float32]) -> Distribution:
        """The draws that go with the boosters' mean prediction."""
        each = [_predict(booster, matrix) for booster in self.boosters]
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
            f"lead_{lead:02d}_fold_{fold}.txt": booster.model_to_string()
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
    """
    options = _options(parameters)
    binned = _bin(training.block, 0, options)
    leads = {
        span.lead: _fit(_lead(binned, span, options), span, parameters) for span in training.spans()
    }
    return Lgbm(training.names, leads)


def load(files: Mapping[str, str]) -> Lgbm:
    """What `dump` wrote."""
    about = json.loads(files[_FILE])
    leads = {}
    for key, one in about["leads"].items():
        names = (f"lead_{int(key):02d}_fold_{fold}.txt" for fold in range(one["folds"]))
        boosters = tuple(lgb.Booster(model_str=files[name]) for name in names)
        leads[int(key)] = Lead(boosters, Analogues.from_json(one["analogues"]))
    return Lgbm(tuple(about["names"]), leads)


def _bin(matrix: NDArray[np.float32], position: int, options: dict[str, object]) -> lgb.Dataset:
    """The features from that position on, in bins, a byte a value; labels come with the leads."""
    names = [f"Column_{position + place}" for place in range(matrix.shape[1])]
    label = np.zeros(len(matrix), np.float32)
    return lgb.Dataset(matrix, label, feature_name=names, params=options).construct()


def _lead(binned: lgb.Dataset, span: Span, options: dict[str, object]) -> lgb.Dataset:
    """The bins of a lead's rows with its outcomes: only what is known ahead is binned anew."""
    label = np.zeros(binned.num_data(), np.float32)
    label[span.rows] = np.log1p(span.outcome)
    binned.set_label(label)
    data = binned.subset(list(range(span.rows.start, span.rows.stop))).construct()
    if span.ahead.shape[1]:
        with warnings.catch_warnings():  # it says that the raw matrix does not come along
            warnings.simplefilter("ignore", UserWarning)
            data.add_features_from(_bin(span.ahead, binned.num_feature(), options))
    return data


def _fit(data: lgb.Dataset, span: Span, parameters: Parameters) -> Lead:
    fold = _blocks(span.month, parameters.folds)
    unseen = np.empty(len(fold))
    boosters = []
    for left_out in range(parameters.folds):
        out = fold == left_out
        booster, unseen[out] = _grow(data, out, parameters)
        boosters.append(booster)
    window = max(20, min(parameters.window, len(fold) // _SMALLEST_SHARE))
    return Lead(tuple(boosters), Analogues.of(unseen, span.outcome, window))


def _grow(
    data: lgb.Dataset, out: NDArray[np.bool_], parameters: Parameters
) -> tuple[lgb.Booster, NDArray[np.float64]]:
    """A booster that has not seen the rows `out`, and its predictions of them.

    LightGBM adds these up in the bins while it trains, which needs no matrix and gives what
    `predict` would, to the last bit.
    """
    seen, unseen = (data.subset(np.flatnonzero(which).tolist()) for which in (~out, out))
    booster = lgb.train(
        _options(parameters),
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
    # The text alone is kept: a booster in training holds its rows.
    return lgb.Booster(model_str=booster.model_to_string()), found[0]


def _options(parameters: Parameters) -> dict[str, object]:
    return {
        "objective": "regression",
        "metric": "None",  # nothing is chosen by it, and it takes time at every tree
        "num_leaves": parameters.leaves,
        "learning_rate": parameters.learning_rate,
        "min_data_in_leaf": parameters.min_leaf,
        "max_bin": parameters.bins,
        "feature_fraction": parameters.feature_share,
        "seed": parameters.seed,
        "num_threads": settings().threads,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def _blocks(month: NDArray[np.intp], folds: int) -> NDArray[np.intp]:
    """Which block of consecutive months each row lies in, (n,), from 0."""
    first = [block[0] for block in np.array_split(np.unique(month), folds)]
    return np.searchsorted(first, month, side="right") - 1


def _predict(booster: lgb.Booster, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(matrix, num_threads=settings().threads), np.float64)
