"""Digests of the small issue, and what they need beside it."""

from datetime import date

import pandas as pd

from ewarn.core import columns
from ewarn.publishing import digest
from ewarn.publishing.digest import Inputs, Scope
from support import small_issue

TODAY = date(2021, 1, 15)
MALI = Scope("Mali desk", frozenset({"MLI-gao", "MLI-mopti"}), (1, 2, 3), 0.05)


def chained(folder):
    """The small issue, a month after another."""
    before = small_issue.earlier(folder)
    return small_issue.written(folder, last_issue=before.id)


def scored(**escalated):
    """Forecasts of December 2020 at lead 1 beside outcomes: risks 0.09 down to 0.04."""
    codes = list(small_issue.units()["code"])
    rows = [
        {
            "unit": code,
            "risk": (9 - place) / 100,
            "expected": 1.0,
            "is_escalation": code in escalated,
        }
        for place, code in enumerate(codes)
    ]
    return pd.DataFrame(rows).assign(lead=1, target_month="2020-12")


def composed(issue, language="en", scope=Scope(), url="", **inputs):  # noqa: B008
    facts = digest.collect(issue, scope, Inputs(TODAY, **inputs))
    return digest.compose(facts, language, url)


def alert(**changed):
    row = dict.fromkeys(columns.TABLES["alerts"])
    row |= {"admin1_code": "MLI-gao", "admin1_name": "Gao", "location_code": "MLI"}
    row |= {"location_name": "Mali", "target_month": "2021-02", "measure": "risk"}
    return row | {"measured": 0.31, "threshold": 0.3, "reason": "threshold"} | changed
