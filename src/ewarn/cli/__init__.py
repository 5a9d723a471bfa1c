"""The command line: each command loads what it needs, runs one job and shows the result."""

import sys

import typer

from ewarn.cli import (
    _alerts,
    _digest,
    _fetch,
    _forecast,
    _hindcast,
    _keys,
    _leakage,
    _model,
    _month,
    _panel,
    _scenario,
    _serve,
    _verify,
)
from ewarn.core.errors import EwarnError

app = typer.Typer(
    help="Early warning of political violence: monthly forecasts for administrative units.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("forecast")(_forecast.forecast)
app.command("month")(_month.month)
app.command("fetch")(_fetch.fetch)
app.command("panel")(_panel.panel)
app.command("train")(_model.train)
app.command("backtest")(_model.backtest)
app.command("hindcast")(_hindcast.hindcast)
app.command("promote")(_model.promote)
app.command("replay")(_forecast.replay)
app.command("scenario")(_scenario.scenario)
app.command("leakage-test")(_leakage.leakage_test)
app.command("models")(_model.models)
app.command("card")(_model.card)
app.command("verify")(_verify.verify)
app.command("digest")(_digest.digest)
app.command("serve")(_serve.serve)
app.add_typer(_alerts.app, name="alerts")
app.add_typer(_keys.app, name="keys")


def main() -> None:
    """Run the command; input that cannot be used ends it with one message and status 2."""
    try:
        app()
    except (EwarnError, OSError) as error:
        typer.secho(f"ewarn: {error}", fg="red", err=True)
        sys.exit(2)
