"""Facts for phrases: the panel at its reference month, as known then."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ewarn.core import months, transforms
from ewarn.data.panel import Array, Panel
from ewarn.explain.drivers import _milestones
from ewarn.explain.drivers._phrases import Fact, Language, Table
from ewarn.forecasting import features

MOST_ACTORS = 3  # that are named
_TYPES = ("state_based", "non_state", "one_sided")


def facts(panel: Panel, target: str, table: Table, language: Language) -> list[dict[str, Fact]]:
    """Return every fact known of each unit, by name; one that nobody observed is left out.

    Deaths are of the target that is forecast. Texts about ends are in the language.
    """
    numbers = pd.DataFrame(dict(_numbers(panel, target))).to_dict("records")
    first_month = months.label(panel.first_month)
    return [
        {str(name): fact for name, fact in counted.items() if fact == fact}
        | {"first_month": first_month, "actors": actors}
        | said
        for counted, actors, said in zip(
            numbers, _actors(panel), _milestones.ends(panel, table, language), strict=True
        )
    ]


def season(table: Table, month: int, language: Language) -> dict[str, Fact]:
    """Return the month of the year of a target month."""
    return {"season": table.seasons[language][month % 12]}


def _numbers(panel: Panel, target: str) -> Iterator[tuple[str, Array]]:
    views = {"": None} | features.views(panel)
    for scope, view in views.items():
        prefix = f"{scope}_" if scope else ""
        for name, values in (*_violence(panel, target), *_missions(panel)):
            seen = values if view is None else view @ values
            for fact, built in _made(name, seen):
                yield f"{prefix}{fact}", built
    yield from _groups(panel)


def _violence(panel: Panel, target: str) -> Iterator[tuple[str, Array]]:
    yield "deaths", panel.columns[target]
    yield "events", panel.columns["events"]
    for name in _TYPES:
        if f"{target}_{name}" in panel.columns:
            yield f"deaths_{name}", panel.columns[f"{target}_{name}"]


def _missions(panel: Panel) -> Iterator[tuple[str, Array]]:
    return ((name, panel.columns[name]) for name in ("troops", "bases") if name in panel.columns)


def _made(name: str, values: Array) -> Iterator[tuple[str, Array]]:
    """Yield the facts of one column, (units,) each."""
    last = values[:, -1]
    if name == "deaths":
        lately = _last(transforms.mean(values, 3))
        usual = _last(transforms.lag(transforms.mean(values, 12), 3))
        yield "deaths", lately
        yield "usual", usual
        yield from _direction(lately, usual)
        yield "deaths_ever", values.sum(axis=1)
        yield "silent", np.argmax(values[:, ::-1] > 0, axis=1)
    elif name == "events":
        yield "events", _last(transforms.mean(values, 3))
    elif name == "troops":
        change = _last(transforms.change(values, 6))
        yield "troops", last
        yield "troops_more", np.maximum(change, 0)
        yield "troops_fewer", np.maximum(-change, 0)
    elif name == "bases":
        yield "bases", last
        yield "bases_lost", _last(transforms.lost(values, 12))
    else:
        yield name, _last(transforms.mean(values, 12))


def _direction(lately: Array, usual: Array) -> Iterator[tuple[str, Array]]:
    """Yield, as 0 or 1, whether a monthly mean rose, fell or stayed level, as numbers are shown."""
    now, then = np.round(lately, 1), np.round(usual, 1)
    yield "rose", (now > then).astype(np.float32)
    yield "fell", (now < then).astype(np.float32)
    yield "level", (now == then).astype(np.float32)


def _groups(panel: Panel) -> Iterator[tuple[str, Array]]:
    if "active_groups" not in panel.columns:
        return
    most = _last(transforms.max(panel.columns["active_groups"], 3))
    yield "groups_3", most
    some = (most > 0).astype(np.float32)
    for scope, view in features.views(panel).items():
        yield f"{scope}_with_groups", view @ some
    yield "groups_deaths", panel.columns["groups_fatalities"][:, -1]
    yield "groups_events", panel.columns["groups_events"][:, -1]


def _actors(panel: Panel) -> Iterator[str]:
    """Yield the named actors present in each unit in the last six months, those most often so
    first.
    """
    names = [name for name in panel.columns if name.startswith("presence.")]
    often = np.zeros((panel.shape[0], len(names)))
    for place, name in enumerate(names):
        often[:, place] = np.nansum(panel.columns[name][:, -6:], axis=1)
    for row in often:
        order = np.argsort(-row, kind="stable")[:MOST_ACTORS]
        yield ", ".join(names[place].removeprefix("presence.") for place in order if row[place])


def _last(values: NDArray[np.floating]) -> Array:
    return np.asarray(values[:, -1], np.float32)
