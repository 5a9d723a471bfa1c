"""What preliminary counts become: draws of final deaths by country, shared out over its units.

May import core alone. The shipped figures were fitted by `tools/build_revision_prior.py`.
"""

from ewarn.data.revisions._combine import combined
from ewarn.data.revisions._draws import level, totals
from ewarn.data.revisions._figures import Branch, Figures, Revisions, shipped
from ewarn.data.revisions._fit import fit
from ewarn.data.revisions._histories import CLUMP, histories

__all__ = [
    "CLUMP",
    "Branch",
    "Figures",
    "Revisions",
    "combined",
    "fit",
    "histories",
    "level",
    "shipped",
    "totals",
]
