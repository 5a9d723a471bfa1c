"""Ranks, lists and sparklines, on values worked out by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewarn.publishing import ranking

RISKS = pd.DataFrame(
    [
        # unit, lead, risk, expected -> rank
        ("c", 1, 0.5, 3.0, 3),  # ties with a and b on risk; b expects more
        ("b", 1, 0.5, 4.0, 1),
        ("a", 1, 0.5, 3.0, 2),  # and then the code decides
        ("d", 1, 0.1, 99.0, 4),
        ("a", 2, 0.2, 1.0, 2),
        ("b", 2, 0.9, 1.0, 1),
    ],
    columns=["unit", "lead", "risk", "expected", "wanted"],
)


def test_rank_goes_by_risk_then_expected_then_code_within_a_lead():
    ranked = ranking.rank(RISKS)
    assert ranked["rank"].tolist() == RISKS["wanted"].tolist()
    assert ranked["unit"].tolist() == RISKS["unit"].tolist()


@pytest.mark.slow
@given(st.permutations(range(len(RISKS))))
def test_the_order_of_rows_changes_no_rank(order):
    ranked = ranking.rank(RISKS.iloc[list(order)].reset_index(drop=True))
    assert (ranked["rank"] == ranked["wanted"]).all()


def test_rank_of_text_as_categories_is_the_same():
    ranked = ranking.rank(RISKS.astype({"unit": pd.CategoricalDtype(["d", "c", "b", "a"])}))
    assert ranked["rank"].tolist() == RISKS["wanted"].tolist()


def test_top_gives_the_first_of_one_lead_in_order():
    ranked = ranking.rank(RISKS)
    assert ranking.top(ranked, 2, lead=1)["unit"].tolist() == ["b", "a"]
    assert ranking.top(ranked, 9, lead=2)["unit"].tolist() == ["b", "a"]


@pytest.mark.parametrize(
    ("count", "block"),
    [
        *((0, "▁"), (0.5, "▂"), (1, "▂"), (2.9, "▂"), (3, "▃"), (9, "▄"), (26, "▄"), (27, "▅")),
        *((81, "▆"), (100, "▆"), (243, "▇"), (728, "▇"), (729, "█"), (50_000, "█")),
        (float("nan"), "·"),
    ],
)
def test_a_block_stands_for_a_count(count, block):
    assert ranking.sparkline([count]) == block


@given(st.lists(st.floats(0, 1e6) | st.just(float("nan")), max_size=40))
def test_a_sparkline_has_one_character_a_month_and_never_falls_as_counts_rise(counts):
    assert len(ranking.sparkline(counts)) == len(counts)
    seen = sorted(count for count in counts if count == count)
    line = ranking.sparkline(seen)
    assert list(line) == sorted(line)
