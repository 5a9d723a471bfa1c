"""The stratum of a unit by the two years before: quiet, active or in transition."""

import numpy as np
from numpy.typing import NDArray

QUIET, ACTIVE, TRANSITION = STRATA = ("quiet", "active", "transition")
_EARLIER, _LATER = slice(0, 12), slice(12, 24)


def strata(history: NDArray[np.floating]) -> NDArray[np.str_]:
    """Return the stratum of each row by its last 24 months, (n, 24) oldest first: one of STRATA,
    (n,).

    quiet: no count above 0 in the 24 months. active: some in both of the two years.
    transition: some in one year only, so that violence has begun or ended within the last year.
    A missing month counts as one without.
    """
    earlier, later = ((history[:, part] > 0).any(axis=1) for part in (_EARLIER, _LATER))
    return np.select([earlier & later, earlier | later], [ACTIVE, TRANSITION], QUIET)
