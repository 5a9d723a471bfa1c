"""The README's path with files of the whole world, unfiltered, and with a small country."""

import gzip

import pytest
from typer.testing import CliRunner

from ewarn import cli

pytestmark = [pytest.mark.slow, pytest.mark.realdata]


@pytest.fixture(scope="module")
def world(shared_data, tmp_path_factory):
    """Africa and Asia in one file, as UCDP publishes the world."""
    lines = []
    for name in ("africa", "asia"):
        with gzip.open(shared_data / f"ged/ged211_{name}.csv.gz", "rt", encoding="utf-8") as file:
            header, *rows = file.read().splitlines()
            lines += rows
    path = tmp_path_factory.mktemp("world") / "GEDEvent_v21_1.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def forecast(home, *arguments):
    return CliRunner().invoke(
        cli.app,
        ["forecast", "--from-last-covered", *map(str, arguments)],
        env={"EWARN_HOME": str(home), "COLUMNS": "200"},
    )


@pytest.mark.parametrize("chosen", [(), ("--country", "MLI")])
def test_a_file_of_the_world_is_forecast_from_unfiltered(world, tmp_path, monkeypatch, chosen):
    monkeypatch.chdir(tmp_path)
    done = forecast(tmp_path, "--events", world, "--model", "conflictology", *chosen)
    assert done.exit_code == 0, done.output
    assert "rows are of other countries: out of scope" in done.output
    assert "Highest risk of escalation in 2021-01" in done.output


@pytest.mark.parametrize("model", ["hurdle", "pool"])
def test_a_model_trains_on_a_small_country_alone(world, tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    done = forecast(tmp_path, "--events", world, "--model", model, "--country", "MOZ")
    assert done.exit_code == 0, done.output
    assert "Cabo Delgado" in done.output
