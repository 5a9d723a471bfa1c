"""The benchmark of what training costs runs."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "speed.py"
TOY = "--units 40 80 --months 60 --trees 6 --repeats 1 --without-mlforecast"


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
