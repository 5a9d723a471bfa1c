"""`ewarn leakage-test`: test whether any training row uses later facts."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ewarn.cli import _inputs, _output
from ewarn.cli._options import DEFAULT, Data, takes_data

if TYPE_CHECKING:
    import pandas as pd

    from ewarn.evaluation.leakage import Checked


@takes_data
def leakage_test(
    data: Data,
    model: Annotated[str, typer.Argument(help="A spec of models/, or a .toml file.")] = DEFAULT,
    seed: Annotated[int, typer.Option(min=0, help="Draws other months and another unit.")] = 0,
) -> None:
    """Check that no training row uses later facts, or name the first that does.

    Rebuilds a sample of training rows from the inputs as of their day, and compares. Plants an
    event and milestones that become known later, and looks for them in the months before. Ends
    with status 1 where anything differs. `ewarn train` does the same, for the gate.

    Examples:
      ewarn leakage-test

      ewarn leakage-test hurdle --events ged.csv.gz --deployments geopko.csv.gz --seed 7

    """
    from ewarn.core import specs  # noqa: PLC0415
    from ewarn.evaluation import leakage  # noqa: PLC0415

    spec = specs.model(model)
    loaded, known = _inputs.load(data)
    checked = leakage.check(spec, loaded.as_known, known, seed)
    _output.frame(_table(checked), f"Leakage test of {spec.name}: {checked.features} features")
    for found in checked.findings[:1]:
        _output.out.print(f"[bold red]LEAKAGE[/]      {escape(str(found))}")
        raise typer.Exit(1)
    _output.out.print("passed       every feature is what was known at its month")


def _table(checked: "Checked") -> "pd.DataFrame":
    """Return the comparisons, a row a check, and how many features differ."""
    import pandas as pd  # noqa: PLC0415  loads only when needed

    what = {
        "rebuilt": f"{', '.join(checked.months)}, as of the days they were known",
        "planted": f"all to {checked.planted_after}; {checked.noticed} features differ later",
    }
    lines = [
        {
            "check": check,
            "months": months,
            "units": f"{checked.units:,}",
            "leads": ", ".join(map(str, checked.leads)),
            "leaks": sum(one.check == check for one in checked.findings),
        }
        for check, months in what.items()
    ]
    return pd.DataFrame(lines)
