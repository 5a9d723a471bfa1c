"""`ewarn forecast` makes an issue; `ewarn replay` makes one again and compares."""

from typing import Annotated

import typer

from ewarn.cli import _inputs, _output
from ewarn.cli._options import DEFAULT, Data, takes_data
from ewarn.core.settings import settings


@takes_data
def forecast(
    data: Data,
    model: Annotated[
        str | None, typer.Option(help="Train this model now, and use it, not the champion.")
    ] = None,
    lead: Annotated[int, typer.Option(min=1, help="The lead whose highest risks are shown.")] = 1,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A finding about the data to issue in spite of; repeat for more."),
    ] = None,
    from_last_covered: Annotated[
        bool, typer.Option(help="Issue from the last month covered, though later ones are due.")
    ] = False,
) -> None:
    """Issue a forecast for every unit and lead: the main job.

    It comes from the champion; where none was promoted yet, a model is trained first. What is
    suspicious about the data holds the issue, with status 2, until it is accepted by its name.

    Examples:
      ewarn forecast

      ewarn forecast --events ged.csv.gz --deployments geopko.csv.gz

      ewarn forecast --events ged.csv.gz --as-of 2019-06-30

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.core import specs  # noqa: PLC0415
    from ewarn.data import quality  # noqa: PLC0415

    spec = specs.model(model or DEFAULT)
    loaded, known = _inputs.read(data)
    behind = quality.months_behind(loaded)
    if behind and not from_last_covered:
        raise quality.stale(loaded, behind)
    held, accepted = _inputs.keep(loaded, known, accept or ())
    if held:
        _output.held(held)
        raise typer.Exit(2)
    trained = None if model else jobs.champion(spec, loaded.simulated, settings().mlruns)
    if trained is None:
        _output.out.print(
            f"model        training {spec.name}" + ("" if model else ": no champion yet")
        )
        trained = jobs.train(spec, loaded, known, settings().mlruns, _output.track, origins=1)
    issued = jobs.publish(trained, loaded, known, settings().mlruns, accepted)
    risks, drivers, changes = map(issued.table, ("risks", "drivers", "changes"))
    _output.risks(risks, drivers, changes, issued.table("history"), lead)
    _output.trained(trained)
    _output.issued(issued)


def replay(
    issue: Annotated[str, typer.Argument(help="The id of an issue, or its folder.")],
) -> None:
    """Make an issue again from its vintages and its model, and compare every table with it.

    The first difference, if there is one, is named, and the status is 1; 2 if a vintage or the
    model is gone.

    Example: ewarn replay 2020-12-0f1e2d3c4b
    """
    from ewarn import jobs  # noqa: PLC0415

    found = jobs.replay(issue, settings().mlruns)
    _output.replayed(found)
    if found.difference:
        raise typer.Exit(1)
