"""Shapley values: each player's fair share, from the value of every coalition."""

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shares(values: Floats) -> Floats:
    """Return the Shapley value of each player, (n, players), in each of n games.

    `values` is (n, 2 ** players): the value of every coalition, bit j of its number set where
    player j is in it. Player j gets the mean over coalitions S without j of v(S + j) - v(S), all
    sizes of S weighing alike, and all S of a size (Shapley 1953, A value for n-person games). The
    shares add up to v(all) - v(none); a player who never changes anything gets exactly 0.

    >>> shares(np.array([[0.0, 1.0, 1.0, 3.0]])).tolist()
    [[1.5, 1.5]]
    """
    coalitions = np.arange(values.shape[1])
    players = values.shape[1].bit_length() - 1
    each = np.array([1 / (players * comb(players - 1, size)) for size in range(players)])
    found = np.empty((len(values), players))
    for player in range(players):
        without = coalitions[coalitions >> player & 1 == 0]
        gain = values[:, without | 1 << player] - values[:, without]
        found[:, player] = gain @ each[np.bitwise_count(without)]
    return found
