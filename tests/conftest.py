"""Fixtures shared by all tests."""

from pathlib import Path

import pytest
import worlds

from ewarn import inputs, panel

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"real data not found at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> inputs.Loaded:
    """The tiny world, loaded from its files."""
    return inputs.load(worlds.files(tmp_path_factory.mktemp("world")))


@pytest.fixture(scope="session")
def known(loaded) -> panel.Panel:
    """The tiny world's panel as of its last day."""
    return panel.build(loaded.inputs, worlds.AS_OF)
