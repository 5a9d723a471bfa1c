"""Find which units share a border."""

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Two units are neighbours when they come this close, in degrees (about 500 m). Where borders come
# from a file a country, each draws the common one on a grid of its own, of up to 0.0025 degrees in
# the files of the shipped units: exact touching finds 1,715 pairs of neighbours in those, anything
# from 0.002 to 0.0075 degrees 2,310 to 2,313, and at twice that islands off the shore join in.
TOLERANCE = 0.005


def neighbours(geometry: NDArray[np.object_]) -> "csr_array":
    """Return which units share a border, float32 (n, n): 1 where they do, symmetric, 0 on the
    diagonal.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  the service finds places without it

    tree = shapely.STRtree(geometry)
    row, column = tree.query(geometry, predicate="dwithin", distance=TOLERANCE)
    row, column = row[row != column], column[row != column]
    row, column = np.concatenate([row, column]), np.concatenate([column, row])
    size = len(geometry)
    matrix = csr_array((np.ones(len(row), np.float32), (row, column)), shape=(size, size))
    matrix.data[:] = 1  # pairs found from both sides were added up
    matrix.sort_indices()
    return matrix
