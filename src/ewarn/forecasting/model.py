"""A model: a spec fitted to a panel, its forecasts, and its storage as a folder of text."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from ewarn.core import files, months, plugins
from ewarn.core.errors import BadInput
from ewarn.core.specs import ModelSpec
from ewarn.data.panel import Panel
from ewarn.forecasting import families, features, preliminary, robust
from ewarn.forecasting.distribution import Distribution
from ewarn.forecasting.families import Fitted, Rows, Training
from ewarn.forecasting.families._by_lead import ByLead

WARM_UP = 24  # months at the start of a panel, whose features are not wholly observed
MIN_MONTHS = 6  # months of outcomes a model can be fitted on at the very least
Track = Callable[[Sequence[int], str], Iterable[int]]


@dataclass(frozen=True)
class Model:
    """A fitted model: its spec, the features it was fitted on, and until when it had learned."""

    spec: ModelSpec
    names: tuple[str, ...]
    trained_to: str
    simulated: bool
    fitted: Fitted


@dataclass(frozen=True)
class Forecast:
    """A distribution for every unit of a panel, by lead.

    `panel` is as reported; `expected` has the expected final counts in its preliminary months, and
    is the same one where nothing is corrected.
    """

    model: Model
    panel: Panel
    by_lead: dict[int, Distribution]
    expected: Panel

    @property
    def corrected(self) -> int:
        """How many months at the end of the panel are corrected."""
        return 0 if self.expected is self.panel else self.panel.preliminary


def fit(
    spec: ModelSpec, panel: Panel, simulated: bool = False, track: Track | None = None
) -> Model:
    """Return the model that a spec describes, fitted on every outcome in the panel; on the final
    ones alone where preliminary counts are corrected.

    Raises BadInput when the panel is too short, lacks the target, or the family cannot fit.
    """
    family = plugins.load(families, spec.family)
    parameters = _parameters(family.Parameters, spec)
    panel = robust.capped(preliminary.final(panel) if is_corrected(spec, panel) else panel)
    design = features.build(panel, spec.feature_sets, spec.columns)
    training = _Training(spec, design, _target(spec, panel), track or (lambda leads, _: leads))
    fitted = family.fit(training, parameters)
    return Model(spec, design.names, months.label(panel.reference_month), simulated, fitted)


def forecast(model: Model, panel: Panel) -> Forecast:
    """Forecast every unit, for each lead after the panel's reference month.

    Where months are preliminary and the spec has them corrected, the forecast is a mixture, in
    equal parts, of those from plausible final panels (`preliminary.histories`). Raises BadInput or
    Unknown when the panel lacks what the model was fitted on.
    """
    panels = preliminary.histories(panel) if is_corrected(model.spec, panel) else (panel,)
    each = [{some.lead: model.fitted.forecast(some) for some in rows(model, one)} for one in panels]
    by_lead = {lead: Distribution.mixed([one[lead] for one in each]) for lead in model.spec.leads}
    return Forecast(model, panel, by_lead, preliminary.expected(panels))


def is_corrected(spec: ModelSpec, panel: Panel) -> bool:
    """Return whether forecasts by that spec from that panel correct preliminary counts."""
    return bool(spec.preliminary == "corrected" and panel.preliminary)


def rows(model: Model, panel: Panel) -> Iterator[Rows]:
    """Return the rows a forecast is made from: every unit at the panel's last month, lead by lead.

    Raises BadInput or Unknown when the panel lacks what the model was fitted on.
    """
    panel = robust.capped(panel)
    last = slice(panel.shape[1] - 1, panel.shape[1])
    design = features.build(panel, model.spec.feature_sets, model.names, since=last.start)
    if design.missing:
        raise BadInput("panel", "no column for " + design.missing[0], "what the model learned from")
    target = _target(model.spec, panel)
    return (_rows(design, target, lead, last) for lead in model.spec.leads)


def left_out(model: Model) -> dict[str, list[str]]:
    """Return the columns that regressions left out, which their training rows did not bear, by the
    member of a pool, lead and part.
    """
    members = getattr(model.fitted, "members", {"": model.fitted})
    return {
        f"{name}, {where}" if name else where: columns
        for name, member in members.items()
        if isinstance(member, ByLead)
        for where, columns in member.left_out().items()
    }


def digest(model: Model) -> str:
    """Return a digest of the model as text; the same for one kept and read again."""
    spec = ModelSpec.model_validate(model.spec.model_dump())  # 5 and 5.0 are one
    facts = {"spec": spec.model_dump(), "names": model.names, "trained_to": model.trained_to}
    text = json.dumps(facts | {"texts": model.fitted.dump()}, sort_keys=True)
    return files.digest(text.encode())


def save(model: Model, folder: Path) -> None:
    """Write the model as text files into an empty or new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "spec": model.spec.model_dump(),
        "names": model.names,
        "trained_to": model.trained_to,
        "simulated": model.simulated,
    }
    (folder / "model.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    for name, text in model.fitted.dump().items():
        (folder / name).write_text(text, encoding="utf-8")


def load(folder: Path) -> Model:
    """Return the model that `save` wrote into a folder."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
    about = json.loads(texts.pop("model.json"))
    spec = ModelSpec.model_validate(about["spec"])
    fitted = plugins.load(families, spec.family).load(texts)
    return Model(spec, tuple(about["names"]), about["trained_to"], about["simulated"], fitted)


@dataclass(frozen=True)
class _Training:
    spec: ModelSpec
    design: features.Design
    target: NDArray[np.float32]
    track: Track

    @property
    def leads(self) -> Sequence[int]:
        return self.spec.leads

    @property
    def names(self) -> tuple[str, ...]:
        return self.design.names

    def at(self, lead: int) -> tuple[Rows, NDArray[np.float32]]:
        months = self._months(lead)
        return _rows(self.design, self.target, lead, months), self._outcome(lead)

    def each(self) -> Iterator[tuple[int, Rows, NDArray[np.float32]]]:
        for lead in self._tracked():
            yield lead, *self.at(lead)

    def only(self, names: Sequence[str]) -> Training:
        return replace(self, design=self.design.only(names)) if names else self

    def until(self, month: int) -> Training:
        return replace(self, target=self.target[:, :month])

    def _months(self, lead: int) -> slice:
        span = self.target.shape[1]
        first = max(WARM_UP, span - lead - self.spec.train_months)
        if span - lead - first < MIN_MONTHS:
            what, need = f"{span} months", f"at least {WARM_UP + MIN_MONTHS + lead} for lead {lead}"
            raise BadInput(f"model {self.spec.name}: panel", what, need)
        return slice(first, span - lead)

    def _outcome(self, lead: int) -> NDArray[np.float32]:
        return self.target[:, self._months(lead).start + lead :].T.ravel()

    def _tracked(self) -> Iterable[int]:
        return self.track(self.leads, f"fitting {self.spec.name}")


def _rows(design: features.Design, target: NDArray[np.float32], lead: int, span: slice) -> Rows:
    column, unit = np.arange(span.start, span.stop), np.arange(target.shape[0])
    return Rows(
        lead,
        design.names,
        design.at(lead, span),
        target,
        unit=np.tile(unit, len(column)),
        month=np.repeat(column, len(unit)),
        country=design.panel.units["country"].to_numpy(str),
    )


def _target(spec: ModelSpec, panel: Panel) -> NDArray[np.float32]:
    target = panel.columns.get(spec.target)
    if target is None or np.isnan(target).any():
        what = "no such column" if target is None else "months with an unknown number"
        raise BadInput(f"model {spec.name}: target {spec.target}", what, "a count in every month")
    return target


def _parameters(shape: type[BaseModel], spec: ModelSpec) -> BaseModel:
    try:
        return shape.model_validate(spec.parameters)
    except ValidationError as error:
        first = error.errors()[0]
        where = f"model {spec.name}: parameters." + ".".join(map(str, first["loc"]))
        raise BadInput(where, repr(first["input"]), first["msg"]) from error
