"""The pool (weighted ensemble): a mixture of families, weighted by their scores at unseen
origins.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from ewarn.core import plugins
from ewarn.forecasting import strata
from ewarn.forecasting.distribution import Distribution, share_at_or_above
from ewarn.forecasting.families import Fitted, Rows, Training, _weights, p_ge

_FILE = "pool.json"
_NEAR = 2  # leads on either side whose past forecasts count too
ENDED = "ended"  # violence within 24 months, but none within 12
STRATA = (*strata.STRATA, ENDED)
_QUIET_EVERY = 4  # of the rows without violence, one in so many is enough


class Member(BaseModel):
    """One family of the pool; its name is the family's unless given."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    family: str = ""
    columns: list[str] = Field(default=[], description="features it gets; all where none is named")
    parameters: dict[str, Any] = {}


class Parameters(BaseModel):
    """What a model spec may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    members: dict[str, Member] = {"decayed_history": Member(), "lgbm": Member()}
    past: int = Field(default=36, ge=12, description="months of past origins to learn from")


@dataclass(frozen=True)
class Mixture:
    """For each stratum of one lead: the members' weights, and the levels to read the mixture at."""

    weights: dict[str, list[float]]
    levels: dict[str, list[float]]


@dataclass(frozen=True)
class Pool:
    """The members, each fitted on everything, and how they are mixed at each lead."""

    parameters: Parameters
    members: dict[str, Fitted]
    mixtures: dict[int, Mixture]

    def forecast(self, rows: Rows) -> Distribution:
        """Return the mixture of the members' draws, by the stratum of each row."""
        return _mix(_each(self.parameters, self.members, rows), *self._mixed(rows))

    def p_ge(self, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return those draws' share at or above a count a row."""
        weights, levels = self._mixed(rows)
        below = np.zeros(len(count))
        for share, (name, member) in zip(weights.T, self.parameters.members.items(), strict=True):
            below += share * (1 - _once(self.members[name], rows.only(member.columns), count))
        return share_at_or_above(below, levels)

    def _mixed(self, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the members' weights, (n, members), and the levels, (n, k), of each row."""
        mixture = self.mixtures[rows.lead]
        names, row = np.unique(_strata(rows), return_inverse=True)
        weights, levels = (
            np.array([of[name] for name in names])[row] for of in (mixture.weights, mixture.levels)
        )
        return weights, levels

    def dump(self) -> Mapping[str, str]:
        """Return every member's files under its name, and the mixtures."""
        texts = {
            f"{name}.{file}": text
            for name, member in self.members.items()
            for file, text in member.dump().items()
        }
        mixtures = {lead: vars(mixture) for lead, mixture in self.mixtures.items()}
        about = {"parameters": self.parameters.model_dump(), "mixtures": mixtures}
        return texts | {_FILE: json.dumps(about)}


def fit(training: Training, parameters: Parameters) -> Pool:
    """Return the pool: members fitted as of `past` months ago forecast all origins since; from that
    come weights, by lead and stratum, and the levels at which the mixture is calibrated; then the
    members are fitted again on everything.
    """
    newest, _ = training.at(training.leads[0])
    cut = newest.target.shape[1] - parameters.past
    earlier = _fit_members(training.until(cut), parameters)
    past = {lead: _past(training, lead, cut, earlier, parameters) for lead in training.leads}
    mixtures = {lead: _mixture(lead, past) for lead in past}
    return Pool(parameters, _fit_members(training, parameters), mixtures)


def load(files: Mapping[str, str]) -> Pool:
    """Return the model that `dump` wrote."""
    about = json.loads(files[_FILE])
    parameters = Parameters.model_validate(about["parameters"])
    members = {
        name: _family(name, parameters.members[name]).load(
            {
                key.removeprefix(f"{name}."): text
                for key, text in files.items()
                if key.startswith(f"{name}.")
            }
        )
        for name in parameters.members
    }
    mixtures = {int(lead): Mixture(**one) for lead, one in about["mixtures"].items()}
    return Pool(parameters, members, mixtures)


@dataclass(frozen=True)
class _Past:
    """How the members did at past origins, in one stratum of one lead: errors of mixtures, and the
    members' P(count < y) and P(count <= y), (n, members).
    """

    errors: NDArray[np.float64]
    below: NDArray[np.float64]
    up_to: NDArray[np.float64]


def _past(
    training: Training,
    lead: int,
    cut: int,
    members: Mapping[str, Fitted],
    parameters: Parameters,
) -> dict[str, _Past]:
    rows, outcome = training.at(lead)
    stratum = _strata(rows)
    since = rows.month >= cut - 1  # the members know what happened before that month's end
    found = {}
    for name in STRATA:
        every = _QUIET_EVERY if name == strata.QUIET else 1
        chosen = np.flatnonzero(since & (stratum == name))[::every]
        if len(chosen):
            facts = _each(parameters, members, rows.of(chosen))
            found[name] = _judge(facts, outcome[chosen])
    return found


def _judge(said: Sequence[Distribution], outcome: NDArray[np.float32]) -> _Past:
    up_to = [(one.draws <= outcome[:, None]).mean(axis=1) for one in said]
    below = [(one.draws < outcome[:, None]).mean(axis=1) for one in said]
    return _Past(_weights.errors(said, outcome), np.stack(below, 1), np.stack(up_to, 1))


def _mixture(lead: int, past: Mapping[int, Mapping[str, _Past]]) -> Mixture:
    near = [one for other, one in past.items() if abs(other - lead) <= _NEAR]
    weights, levels = {}, {}
    for name in STRATA:
        some = [one[name] for one in near if name in one]
        if not some:  # no such row in the past: as if it were an active one
            some = [one[strata.ACTIVE] for one in near if strata.ACTIVE in one]
        share = _weights.weights(np.mean([one.errors for one in some], axis=0))
        below = np.concatenate([one.below for one in some])
        up_to = np.concatenate([one.up_to for one in some])
        weights[name] = share.tolist()
        levels[name] = _weights.levels(_weights.transform(below @ share, up_to @ share)).tolist()
    return Mixture(weights, levels)


def _fit_members(training: Training, parameters: Parameters) -> dict[str, Fitted]:
    return {
        name: _family(name, member).fit(training.only(member.columns), _own(name, member))
        for name, member in parameters.members.items()
    }


def _each(parameters: Parameters, members: Mapping[str, Fitted], rows: Rows) -> list[Distribution]:
    return [
        members[name].forecast(rows.only(member.columns))
        for name, member in parameters.members.items()
    ]


def _once(fitted: Fitted, rows: Rows, count: NDArray[np.integer]) -> NDArray[np.float64]:
    """P(target >= count) of each row; rows that are the same to this member are computed once."""
    nation = rows.unit if rows.nation is None else rows.nation
    key = np.column_stack([rows.matrix.view(np.int32), rows.unit, rows.month, nation, count])
    _, first, same = np.unique(_bytes(key), return_index=True, return_inverse=True)
    return p_ge(fitted, rows.of(first), count[first])[same]


def _bytes(key: NDArray[np.integer]) -> NDArray[np.void]:
    wide = np.ascontiguousarray(key, np.int32)
    return wide.view(np.dtype((np.void, wide.shape[1] * 4))).ravel()


def _mix(
    said: Sequence[Distribution], weights: NDArray[np.float64], levels: NDArray[np.float64]
) -> Distribution:
    """Return the mixture, by a row's weights of the members, (n, members), read at its levels, (n,
    k).
    """
    draws = [one.draws.shape[1] for one in said]
    each = np.repeat(weights / draws, draws, axis=1)
    return Distribution.weighted(np.concatenate([one.draws for one in said], axis=1), each, levels)


def _strata(rows: Rows) -> NDArray[np.str_]:
    """Return the stratum of each row; those of violence that began and that ended apart, so that
    onsets are weighted and calibrated apart from continuations.
    """
    history = rows.history(24)
    stratum = strata.strata(history)
    ended = (stratum == strata.TRANSITION) & ~(history[:, 12:] > 0).any(axis=1)
    return np.where(ended, ENDED, stratum)


def _family(name: str, member: Member) -> Any:
    return plugins.load(sys.modules[__package__], member.family or name)


def _own(name: str, member: Member) -> BaseModel:
    shape: type[BaseModel] = _family(name, member).Parameters
    return shape.model_validate(member.parameters)
