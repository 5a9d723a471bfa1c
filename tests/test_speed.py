"""Training holds no matrix of features, and the benchmark of its cost runs."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ewarn import features, model, specs
from ewarn.specs import ModelSpec

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "speed.py"
TOY = "--units 40 80 --months 60 --trees 6 --repeats 1 --without-mlforecast"


def test_spans_of_the_columns_are_the_rows_of_each_lead(known):
    sets = specs.names("features")
    spec = ModelSpec(name="all", why="", family="lgbm", leads=[1, 3, 5], feature_sets=sets)
    design, target = features.build(known, sets), known.columns["fatalities"]
    training = model._Training(spec, design, target, lambda leads, _: leads)
    back = np.hstack(list(training.columns()))
    assert "behind" not in vars(design)
    for span in training.spans():
        rows, outcome = training.at(span.lead)
        whole = np.hstack([back[span.rows], span.ahead])
        np.testing.assert_array_equal(whole, rows.matrix)
        np.testing.assert_array_equal(span.month, rows.month)
        np.testing.assert_array_equal(span.outcome, outcome)
        assert span.ahead.shape[1] == len(design.later) > 2


@pytest.mark.slow
def test_the_benchmark_prints_a_row_a_size_and_contestant():
    command = [sys.executable, str(SCRIPT), *TOY.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("| 40", "| 80"))]
    rows = [line.split(" | ")[:2] for line in lines]
    sizes, shares = rows[:4], rows[4:]
    assert sizes == [[f"| {units}", who] for units in (40, 80) for who in ("ewarn", "bare")]
    assert shares == [["| 40", "bare"], ["| 80", "bare"]]
    assert "growth exponent" in done.stdout
