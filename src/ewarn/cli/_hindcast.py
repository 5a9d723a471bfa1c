"""`ewarn hindcast`: forecast past months as known then, and count what alerts would have given."""

from typing import TYPE_CHECKING, Annotated

import typer

from ewarn.cli import _inputs, _output
from ewarn.cli._options import DEFAULT, Data, takes_data
from ewarn.core.settings import settings

if TYPE_CHECKING:
    import pandas as pd

    from ewarn.evaluation.hindcasts import Hindcast


@takes_data
def hindcast(
    data: Data,
    model: Annotated[
        str | None, typer.Option(help="A spec of models/, or a .toml file; not the champion's.")
    ] = None,
    alerts: Annotated[
        float, typer.Option(min=0.1, help="The alert budget a month to show the past of.")
    ] = 8,
) -> None:
    """Forecast each of the last 24 months at every lead with the champion's spec, as known then.

    Three models are fitted, 36, 24 and 12 months before the newest month, each on what was known
    then. Alert budgets are chosen on these rows. Finished origins are kept: after an interruption
    the same command goes on where it was.

    Examples:
      ewarn hindcast

      ewarn hindcast --model lgbm --events ged.csv.gz --deployments geopko.csv.gz

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.core import specs  # noqa: PLC0415

    spec = specs.model(model or DEFAULT)
    loaded, known = _inputs.load(data)
    champion = None if model else jobs.champion(spec, loaded.simulated, settings().mlruns)
    spec = champion.model.spec if champion else spec
    _output.out.print(f"model        {spec.name}{'' if model or champion else ': no champion yet'}")
    built, rows = jobs.hindcast(spec, loaded, known, settings().mlruns, _output.track)
    _output.frame(_table(rows, alerts), f"Alerts within {alerts:g} a month, chosen on these months")
    _summary(built, len(rows))


def _table(rows: "pd.DataFrame", a_month: float) -> "pd.DataFrame":
    """Return the alerts that the budget would have given, a row a lead, and one for all leads
    together.
    """
    import pandas as pd  # noqa: PLC0415  loads only when needed

    from ewarn.evaluation import budgets  # noqa: PLC0415

    leads = sorted(rows["lead"].unique())
    chosen = [(str(lead), [lead]) for lead in leads] + [(f"any to {leads[-1]}", leads)]
    lines = []
    for name, some in chosen:
        found = budgets.keep_to(budgets.within(rows, None, some), a_month)
        lines.append(
            {
                "lead": name,
                "threshold": f"{found.threshold:.4g}" if found.alerts else "none",
                "alerts a month": f"{found.a_month:.2f}",
                "hits": found.hits,
                "misses": found.misses,
                "false alarms": found.false_alarms,
            }
        )
    return pd.DataFrame(lines)


def _summary(made: "Hindcast", rows: int) -> None:
    about = made.about
    span = f"{about.first_target} to {about.reference_month}"
    fitted = f"fitted at {', '.join(about.fitted_at)}"
    _output.out.print(f"hindcast     {rows:,} rows of target months {span}, {fitted}")
    _output.out.print(f"written      {_output.place(made.path)}")
    if about.simulated:
        _output.out.print("[bold yellow]SIMULATED EVENTS[/]: these months did not happen")
