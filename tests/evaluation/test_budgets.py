"""Alert budgets: thresholds and what they would have given, worked out by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewarn.core.errors import BadInput, Unknown
from ewarn.evaluation import budgets

#          unit  target     lead  risk  escalated
LINES = [
    ("A", "2020-01", 1, 0.90, True),
    ("A", "2020-01", 2, 0.10, True),
    ("B", "2020-01", 1, 0.20, False),
    ("B", "2020-01", 2, 0.60, False),
    ("A", "2020-02", 1, 0.60, False),
    ("A", "2020-02", 2, 0.60, False),
    ("B", "2020-02", 1, 0.00, True),
    ("B", "2020-02", 2, 0.05, True),
]  # fmt: skip


def rows(lines=LINES):
    names = ["unit", "target_month", "lead", "risk", "is_escalation"]
    return pd.DataFrame(lines, columns=names)


def counts(found):
    return found.hits, found.misses, found.false_alarms


def test_one_alert_a_month_at_lead_1():
    # Risks of the four unit-months at lead 1: 0.9 (came), 0.2, 0.6, 0 (came). Two alerts in two
    # months: 0.9 and 0.6. One came, one did not, and B in 2020-02 was missed.
    found = budgets.keep_to(budgets.within(rows(), None, [1]), 1)
    assert (found.threshold, found.months, found.a_month) == (0.6, 2, 1.0)
    assert counts(found) == (1, 1, 1)


def test_a_unit_and_month_is_one_alert_however_many_leads_say_so():
    # The highest at any lead: A 0.9, B 0.6; A 0.6, B 0.05. Two that share 0.6 are taken all or
    # none: with them there are three alerts, so a budget of 1.5 a month takes them, one of 1 not.
    found = budgets.keep_to(rows(), 1.5)
    assert (found.threshold, found.a_month, *counts(found)) == (0.6, 1.5, 1, 1, 2)
    found = budgets.keep_to(rows(), 1.4)
    assert (found.threshold, found.a_month, *counts(found)) == (0.9, 0.5, 1, 1, 0)


def test_a_risk_of_0_is_never_an_alert():
    found = budgets.keep_to(budgets.within(rows(), None, [1]), 100)
    assert (found.threshold, found.alerts) == (0.2, 3)


def test_no_threshold_keeps_to_a_budget_smaller_than_the_highest_ties():
    found = budgets.keep_to(rows(), 0.4)
    assert found.threshold == float("inf")
    assert counts(found) == (0, 2, 0)


def test_only_the_units_asked_for_count():
    # B alone, any lead: 0.6 (did not come), 0.05 (came). Half an alert a month is one in two.
    found = budgets.keep_to(budgets.within(rows(), ["B"], None), 0.5)
    assert (found.threshold, *counts(found)) == (0.6, 0, 1, 1)


def test_whether_it_escalated_is_seen_from_the_last_origin():
    lines = [("A", "2020-01", 2, 0.5, True), ("A", "2020-01", 1, 0.4, False)]
    assert counts(budgets.at(rows(lines), 0.5)) == (0, 0, 1)


def test_rounding_takes_no_risk_below_a_threshold():
    sums = pd.Series([0.1 + 0.2, 0.3, 0.7 - 0.4, 0.299])
    assert budgets.is_reached(sums, 0.3).tolist() == [True, True, True, False]


def test_what_is_not_in_the_hindcast_is_refused():
    with pytest.raises(Unknown, match="'C'"):
        budgets.within(rows(), ["C"], None)
    with pytest.raises(BadInput, match="lead: found 3"):
        budgets.within(rows(), None, [3])
    with pytest.raises(BadInput, match="no row"):
        budgets.keep_to(budgets.within(rows(), [], None), 1)
    for budget in (0, -1, float("nan")):
        with pytest.raises(BadInput, match="alert budget"):
            budgets.keep_to(rows(), budget)


_SHARES = st.integers(0, 20).map(lambda part: part / 20)


@pytest.mark.slow
@given(st.lists(st.tuples(_SHARES, st.booleans()), min_size=1, max_size=40), st.floats(0.1, 20))
def test_the_budget_is_kept_and_nothing_lower_keeps_it(pairs, budget):
    made = rows([(f"U{i // 2}", f"2020-0{1 + i % 2}", 1, *pair) for i, pair in enumerate(pairs)])
    found = budgets.keep_to(made, budget)
    assert found.a_month <= budget
    assert found.hits + found.misses == sum(came for _, came in pairs)
    lower = {risk for risk, _ in pairs if 0 < risk < found.threshold}
    assert all(budgets.at(made, risk).a_month > budget for risk in lower)
