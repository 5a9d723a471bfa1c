"""Test that the command line and `import ewarn` start quickly, with nothing heavy loaded."""

import json
import resource
import subprocess
import sys

import pytest

HEAVY = {"pandas", "numpy", "scipy", "mlflow", "lightgbm", "statsmodels", "sklearn", "matplotlib"}
HELP = "import sys; sys.argv = ['ewarn', '--help']; from ewarn.cli import main; main()"
TRIES = 5  # the best of these, as other tests keep the machine busy


def _cpu_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.slow
@pytest.mark.parametrize(("code", "most"), [(HELP, 0.5), ("import ewarn", 0.3)])
def test_a_start_takes_little_cpu_time(code, most):
    assert min(_cpu_seconds(code) for _ in range(TRIES)) < most


@pytest.mark.parametrize("code", ["import ewarn", "import ewarn.cli"])
def test_a_start_loads_nothing_heavy(code):
    listed = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", listed], check=True, capture_output=True)
    assert not HEAVY & set(json.loads(found.stdout))


def test_every_public_name_loads_and_has_a_docstring():
    import ewarn  # noqa: PLC0415

    for name in ewarn.__all__:
        assert getattr(ewarn, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ewarn.nothing  # noqa: B018
