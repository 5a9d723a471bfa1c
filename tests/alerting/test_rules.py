"""The rules of a watch list: which alerts are told and which end, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewarn.alerting import rules
from ewarn.alerting.rules import Earlier, Ended, Rule
from ewarn.core import months
from ewarn.evaluation import budgets

NOW = "2020-12"
NAMES = ["unit", "target_month", "risk", "p_ge_100", "risk_change"]


def risks(*rows):
    """Rows of unit, month ("1" is 2021-01), risk, and p_ge_100 and risk_change where given."""
    full = [(unit, f"2021-{month:02}", *more, *(0.0,) * (3 - len(more)))
            for unit, month, *more in rows]  # fmt: skip
    return pd.DataFrame(full, columns=NAMES)


def earlier(unit, month, reason="threshold", is_open=True):
    return Earlier(f"{unit}{month}", unit, f"2021-{month:02}", reason, is_open)


def decide(rule, rows, known=(), reference=NOW):
    """What is raised, as unit, month and reason; and what ends."""
    raised, ended = rules.decide(rule, rows, reference, known)
    return [(one.unit, int(one.target_month[5:]), one.reason) for one in raised], ended


PLAIN = Rule({"risk": 0.3})


def test_each_unit_and_month_that_reaches_the_threshold_is_told():
    rows = risks(("A", 1, 0.3), ("A", 2, 0.29), ("B", 1, 0.1), ("B", 2, 0.9))
    raised, ended = rules.decide(PLAIN, rows, NOW, [])
    assert [(one.unit, one.target_month) for one in raised] == [("A", "2021-01"), ("B", "2021-02")]
    first = raised[0]
    assert (first.reason, first.measure, first.value, first.threshold) == (
        "threshold", "risk", 0.3, 0.3,
    )  # fmt: skip
    assert ended == []


def test_rounding_takes_no_risk_below_a_threshold():
    assert decide(PLAIN, risks(("A", 1, 0.7 - 0.4)))[0]  # 0.29999999999999993


def test_a_month_is_told_once_while_its_alert_is_open():
    rows = risks(("A", 1, 0.9), ("A", 2, 0.9))
    assert decide(PLAIN, rows, [earlier("A", 1)])[0] == [("A", 2, "threshold")]
    over = [earlier("A", 1, is_open=False)]
    assert decide(PLAIN, rows, over)[0] == [("A", 1, "threshold"), ("A", 2, "threshold")]


def test_an_alert_ends_only_below_the_lower_threshold():
    # 0.8 of 0.3 is 0.24: 0.25 holds the alert, and 0.23 ends it. Neither raises another.
    rule = Rule({"risk": 0.3}, ends_below=0.8)
    assert decide(rule, risks(("A", 1, 0.25)), [earlier("A", 1)]) == ([], [])
    assert decide(rule, risks(("A", 1, 0.24)), [earlier("A", 1)]) == ([], [])
    fell = Ended("A1", "fell")
    assert decide(rule, risks(("A", 1, 0.23)), [earlier("A", 1)]) == ([], [fell])


def test_an_alert_whose_month_is_observed_is_past():
    known = [earlier("A", 1), earlier("A", 2)]
    rows = risks(("A", 2, 0.9))
    assert decide(PLAIN, rows, known, "2021-01") == ([], [Ended("A1", "past")])


def test_an_alert_of_a_unit_that_is_not_told_stays_to_its_month():
    rows = risks(("B", 1, 0.1))
    assert decide(PLAIN, rows, [earlier("A", 2)]) == ([], [])
    assert decide(PLAIN, rows, [earlier("A", 2)], "2021-02")[1] == [Ended("A2", "past")]


def test_a_cooldown_keeps_months_before_and_after_an_alert_quiet():
    rule, every = Rule({"risk": 0.3}, cooldown=2), [("A", month, 0.9) for month in range(1, 8)]
    # Month 1 is told; 2 and 3 are within two months of it; 4 is told, and 7.
    assert [month for _, month, _ in decide(rule, risks(*every))[0]] == [1, 4, 7]
    # Month 5 was told before: 3, 4, 6 and 7 are too near. 1 is told, and keeps 2 quiet.
    for is_open in (True, False):
        known = [earlier("A", 5, is_open=is_open)]
        assert [month for _, month, _ in decide(rule, risks(*every), known)[0]] == [1]
    assert decide(rule, risks(("B", 5, 0.9)), known)[0] == [("B", 5, "threshold")]


def test_an_extreme_is_told_in_spite_of_the_cooldown_and_of_an_open_alert():
    rule = Rule({"risk": 0.3}, {"p_ge_100": 0.5}, cooldown=12)
    known = [earlier("A", 1)]
    rows = risks(("A", 1, 0.9, 0.5), ("A", 2, 0.1, 0.6), ("A", 3, 0.9, 0.4))
    assert decide(rule, rows, known)[0] == [("A", 1, "extreme"), ("A", 2, "extreme")]
    again = [*known, earlier("A", 1, "extreme"), earlier("A", 2, "extreme")]
    assert decide(rule, rows, again) == ([], [])


def test_a_jump_may_be_an_extreme_and_what_is_not_known_is_none():
    rule = Rule({"risk": 0.9}, {"risk_change": 0.2})
    rows = risks(("A", 1, 0.3, 0.0, 0.2), ("A", 2, 0.3, 0.0, np.nan), ("A", 3, 0.3, 0.0, 0.1))
    assert decide(rule, rows)[0] == [("A", 1, "extreme")]
    assert decide(rule, rows, [earlier("A", 2, "extreme")])[1] == [Ended("A2", "fell")]


def test_the_first_measure_that_is_reached_is_told_extremes_first():
    rule = Rule({"p_ge_100": 0.1, "risk": 0.3}, {"risk_change": 0.5})
    rows = risks(("A", 1, 0.4, 0.2, 0.6), ("A", 2, 0.4, 0.2, 0.0), ("A", 3, 0.1, 0.2, 0.0))
    assert [one.measure for one in rules.decide(rule, rows, NOW, [])[0]] == [
        "risk_change", "risk", "p_ge_100",
    ]  # fmt: skip


# What holds for all


_SHARES = st.integers(0, 20).map(lambda part: part / 20)
_RULES = st.builds(
    lambda level, extreme, ends, wait: Rule(
        {"risk": level}, {"p_ge_100": extreme}, ends, wait
    ),
    _SHARES.filter(bool), _SHARES.filter(bool), st.sampled_from([0.5, 0.8, 1.0]), st.integers(0, 3),
)  # fmt: skip
_PLACES = st.tuples(st.sampled_from("ABC"), st.integers(1, 6))
_ROWS = st.dictionaries(_PLACES, st.tuples(_SHARES, _SHARES), max_size=18)
_KNOWN = st.dictionaries(
    _PLACES, st.tuples(st.sampled_from(["threshold", "extreme"]), st.booleans()), max_size=8
)


def _frame(rows):
    return risks(*((*place, *values) for place, values in rows.items()))


def _known(some):
    return [earlier(*place, *values) for place, values in some.items()]


@pytest.mark.slow
@given(_RULES, _ROWS, _KNOWN, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rule, rows, known, random):
    frame, some = _frame(rows), _known(known)
    shuffled = frame.sample(frac=1, random_state=random.randrange(1000))
    mixed = random.sample(some, len(some))
    assert rules.decide(rule, frame, NOW, some) == rules.decide(rule, shuffled, NOW, mixed)


@pytest.mark.slow
@given(_RULES, _ROWS, _KNOWN)
def test_asked_again_nothing_new_is_told_and_nothing_more_ends(rule, rows, known):
    frame, some = _frame(rows), _known(known)
    raised, ended = rules.decide(rule, frame, NOW, some)
    over = {one.id for one in ended}
    after = [Earlier(e.id, e.unit, e.target_month, e.reason, e.is_open and e.id not in over)
             for e in some]  # fmt: skip
    after += [Earlier(f"new{n}", r.unit, r.target_month, r.reason, True)
              for n, r in enumerate(raised)]  # fmt: skip
    assert rules.decide(rule, frame, NOW, after) == ([], [])


@pytest.mark.slow
@given(_RULES, _ROWS, _KNOWN)
def test_the_cooldown_is_kept_and_extremes_are_all_told(rule, rows, known):
    some = _known(known)
    raised, ended = rules.decide(rule, _frame(rows), NOW, some)
    over = {one.id for one in ended}
    told = {(e.unit, e.target_month) for e in some if e.is_open and e.id not in over
            and e.reason == "extreme"}  # fmt: skip
    told |= {(r.unit, r.target_month) for r in raised if r.reason == "extreme"}
    reached = {(unit, f"2021-{month:02}") for (unit, month), (_, p) in rows.items()
               if p >= rule.extremes["p_ge_100"]}  # fmt: skip
    assert reached <= told
    all_told = [*some, *raised]
    for one in raised:
        if one.reason == "threshold" and rule.cooldown:
            at = months.parse(one.target_month)
            others = [months.parse(o.target_month) for o in all_told
                      if o.unit == one.unit and o is not one
                      and getattr(o, "reason", "") == "threshold"]  # fmt: skip
            assert all(abs(at - other) > rule.cooldown for other in others)


@pytest.mark.slow
@given(
    st.dictionaries(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), _SHARES, min_size=1),
    st.floats(0.2, 9),
)
def test_a_plain_list_tells_as_many_as_its_budget_counts(rows, budget):
    """One lead, issue by issue: each month of each unit once, so as many as `budgets` says."""
    frame = pd.DataFrame(
        [(unit, f"2021-{month:02}", 1, risk, False) for (unit, month), risk in rows.items()],
        columns=["unit", "target_month", "lead", "risk", "is_escalation"],
    )
    chosen = budgets.keep_to(frame, budget)
    rule, known = Rule({"risk": chosen.threshold}), []
    for month in range(1, 10):
        issue = frame[frame["target_month"] == f"2021-{month:02}"]
        raised, _ = rules.decide(
            rule, issue, months.label(months.parse("2020-12") + month - 1), known
        )
        known += [
            Earlier(f"{r.unit}{month}", r.unit, r.target_month, r.reason, True) for r in raised
        ]
    assert len(known) == chosen.alerts
    assert len(known) <= budget * chosen.months
