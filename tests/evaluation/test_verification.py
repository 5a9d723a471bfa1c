"""Scored rows into lines of scores, worked out by hand."""

import pandas as pd
import pytest
from support.scored_rows import row

from ewarn.core import columns
from ewarn.evaluation import verification


def lines(*rows):
    found = verification.lines(pd.DataFrame(rows))
    return {(one["lead"], one["stratum"]): one for one in found}


def test_means_by_lead_and_stratum():
    found = lines(
        row("A", crps=3.0, crps_log1p=0.5, conflictology_crps=4.0),
        row("B", crps=1.0, conflictology_crps=0.0),
        row("C", crps=8.0, stratum="active"),
        row("A", crps=7.0, lead=2),
    )
    assert list(found) == [
        (lead, name) for lead in (1, 2) for name in ("all", "quiet", "active", "transition")
    ]
    assert found[1, "all"]["n"] == 3
    assert found[1, "all"]["crps"] == pytest.approx(4)
    assert found[1, "quiet"]["crps"] == 2
    assert found[1, "quiet"]["crps_log1p"] == 0.25
    assert found[1, "quiet"]["conflictology_crps"] == 2
    assert found[1, "active"]["crps"] == 8
    assert found[2, "quiet"]["crps"] == 7
    assert set(found[1, "all"]) == {"lead", "stratum", *columns.VERIFICATION}


def test_a_stratum_without_rows_has_no_numbers():
    none = lines(row("A"))[1, "active"]
    assert none.pop("n") == 0
    assert {none[name] for name in columns.VERIFICATION if name != "n"} == {None}


def test_brier_scores_of_the_three_events():
    # A: 30 came where 0.8 was said of >= 1, 0.5 of >= 25, 0.6 of an escalation, which it was.
    # B: 1 came where 0.4, 0 and 0.2 were said, and it was none.
    found = lines(
        row("A", 0.6, True, 30.0, p_ge_1=0.8, p_ge_25=0.5, conflictology_risk=1.0),
        row("B", 0.2, False, 1.0, p_ge_1=0.4, p_ge_25=0.0, conflictology_risk=0.5),
    )[1, "all"]
    assert found["brier_ge_1"] == pytest.approx((0.2**2 + 0.6**2) / 2)
    assert found["brier_ge_25"] == pytest.approx(0.5**2 / 2)
    assert found["brier_escalation"] == pytest.approx((0.4**2 + 0.2**2) / 2)
    assert found["conflictology_brier_ge_1"] == 1
    assert found["conflictology_brier_escalation"] == pytest.approx(0.5**2 / 2)
    assert found["escalations"] == 1


def test_the_top_are_twenty_of_each_origin():
    # Of 25 units the 20 of highest risk are U05 to U24; U24 and U04 escalated, and U04 is not
    # among them. From another origin there is one unit, which did not.
    some = [row(f"U{i:02}", i / 100, i in (4, 24)) for i in range(25)]
    found = lines(*some, row("U00", 0.5, reference_month="2020-11"))[1, "all"]
    assert (found["top_20_hits"], found["top_20_false_alarms"]) == (1, 20)
    assert found["escalations"] == 2


def test_of_equal_risks_the_higher_expected_count_is_at_the_top():
    some = [row(f"U{i:02}", 0.5, i == 0, expected=float(i == 0)) for i in reversed(range(21))]
    assert lines(*some)[1, "all"]["top_20_hits"] == 1
    some = [row(f"U{i:02}", 0.5, i == 20) for i in range(21)]  # then by code: U20 is the last
    assert lines(*some)[1, "all"]["top_20_hits"] == 0


def test_reliability_is_sums_by_bin():
    # 0.3 is the lower end of the fourth bin, however it was added up; 1 is in the last.
    found = lines(
        row("A", 0.7 - 0.4, True), row("B", 0.39, False), row("C", 1.0, True), row("D", 0.0)
    )[1, "all"]["reliability"]
    assert found["escalation"][0] == [1, 0.0, 0]
    assert found["escalation"][3] == [2, 0.69, 1]
    assert found["escalation"][9] == [1, 1.0, 1]
    assert sum(number for number, _, _ in found["escalation"]) == 4
    assert found["ge_25"][0] == [4, 0.0, 0]
