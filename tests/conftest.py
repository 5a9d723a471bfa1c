"""Fixtures shared by all tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from support import databases, small_home, worlds

from ewarn.data import ingest, panel
from ewarn.database import Database

settings.register_profile("any machine", deadline=None)  # a busy machine is no fault
settings.load_profile("any machine")
SHARED = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items):
    """Files with slow tests first, so that in the end no process waits for one of them."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; the test is skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"real data not found at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> ingest.Loaded:
    """The tiny world, loaded from its files."""
    return ingest.load(worlds.files(tmp_path_factory.mktemp("world")))


@pytest.fixture(scope="session")
def known(loaded) -> panel.Panel:
    """The tiny world's panel as of its last day."""
    return panel.build(loaded.inputs, worlds.AS_OF)


@pytest.fixture(scope="session")
def home(tmp_path_factory) -> Path:
    """The folder that holds mlruns/ with an issue of the tiny world and all it was made from."""
    folder = tmp_path_factory.mktemp("home")
    small_home.made_issue(folder / "mlruns", folder)
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[databases.Cluster]:
    """A PostgreSQL server of our own, the same for all tests."""
    with databases.cluster() as server:
        yield server


@pytest.fixture(params=databases.KINDS)
def database_url(request, tmp_path) -> str:
    """The address of an empty database; the test runs once with each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ewarn.db'}"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture
def records(database_url) -> Iterator[Database]:
    """Database in an empty database; the test runs once with each kind."""
    made = Database(database_url)
    yield made
    made.close()
