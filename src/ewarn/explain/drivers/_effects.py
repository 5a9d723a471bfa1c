"""How far a risk moves without each topic, some features of a group."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ewarn.explain.drivers._coalitions import Floats, Game, Value


def effects(game: Game, value: Value, topics: NDArray[np.bool_]) -> Floats:
    """Return how far the value moves when the features of one topic alone, a row of `topics`,
    (topics, features), are as in the quiet place, (n, topics).

    This decides which topic of a group comes first, and no more: effects do not add up.
    """
    own, everyone = game.rows.matrix, np.arange(len(game.rows.matrix))
    differs = (own != game.reference) & ~np.isnan(own)
    unit, topic = np.nonzero(differs.astype(np.float32) @ topics.T.astype(np.float32))
    who = np.concatenate([everyone, unit])
    matrix = np.where(topics[topic], game.reference[unit], own[unit])
    rows = replace(game.rows.of(who), matrix=np.concatenate([own, matrix]))
    values = value(rows, who)
    whole, without = np.split(values, [len(own)])
    moved = np.zeros((len(own), len(topics)))
    moved[unit, topic] = np.abs(without - whole[unit])
    return moved
