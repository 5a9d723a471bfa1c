"""Test that each notebook of the docs runs from its first cell, on the simulated world."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import run_notebooks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def _service(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EWARN_HOME", "")  # put back after the module, as are the values set inside
        patch.setenv("EWARN_URL", "")
        with run_notebooks.simulated_service(tmp_path_factory.mktemp("home")):
            yield


@pytest.mark.usefixtures("_service")
@pytest.mark.parametrize("path", run_notebooks.NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_kept_outputs_are_of_the_same_cells(path):
    ran = run_notebooks.execute(path)
    kept = run_notebooks.nbformat.read(path, as_version=4)
    for was, now in zip(kept.cells, ran.cells, strict=True):
        if was.cell_type == "code":
            kinds = [[one.output_type for one in cell.outputs] for cell in (was, now)]
            assert kinds[0] == kinds[1], was.source


def test_there_is_a_notebook_for_each_audience():
    assert [path.stem for path in run_notebooks.NOTEBOOKS] == ["analyst", "modeller", "partner"]
