"""`ewarn month`: the monthly cycle, to be run every day."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from ewarn.cli import _output
from ewarn.core.errors import BadInput
from ewarn.core.settings import settings

if TYPE_CHECKING:
    from ewarn.data.connectors import Web
    from ewarn.jobs.month import Cycle, Step

_COLOURS = {"done": "green", "held": "bold red", "failed": "bold red", "source down": "red"}
_BUSY = 3


def month(
    config: Annotated[Path, typer.Option(help="The configuration.")] = Path("ewarn.toml"),
    init: Annotated[
        bool, typer.Option("--init", help="Write a configuration with comments, and stop.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done; nothing is written.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the steps as JSON.")] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A finding about the data to issue in spite of; repeat for more."),
    ] = None,
) -> None:
    """Fetch new releases, issue a forecast, verify older ones, and run alerts: once a month.

    It can be run every day: where nothing is new it does nothing, and after an interruption it
    goes on where it was. Status: 0 done, 3 nothing new or another run at work, 4 held by a finding,
    5 the source is down, 2 bad input.

    Examples:
      ewarn month --init

      ewarn month --dry-run

      ewarn month --config /etc/ewarn.toml

    """
    if init:
        _init(config)
        return
    from ewarn.data.connectors import Web  # noqa: PLC0415  everything loads when needed
    from ewarn.jobs import month as cycle  # noqa: PLC0415

    try:
        with Web() as web:
            chosen = _cycle(config, web, tuple(accept or ()))
            steps = cycle.run(chosen, _ignore if as_json else _print, dry_run)
    except cycle.Busy as error:
        typer.secho(f"ewarn: {error}", err=True)
        raise typer.Exit(_BUSY) from error
    if as_json:
        typer.echo(json.dumps([asdict(step) for step in steps], indent=1))
    raise typer.Exit(cycle.status(steps))


def _cycle(config: Path, web: "Web", accept: tuple[str, ...]) -> "Cycle":
    from ewarn.alerting import webhooks  # noqa: PLC0415
    from ewarn.core import configuration  # noqa: PLC0415
    from ewarn.database import Database  # noqa: PLC0415
    from ewarn.jobs.month import Cycle  # noqa: PLC0415

    own = settings()
    return Cycle(
        configuration=configuration.read(config),
        mlruns=own.mlruns,
        database=Database(own.database),
        today=datetime.now(UTC).date(),
        web=web,
        post=webhooks.Post(is_anywhere=own.webhooks == "anywhere"),
        track=_output.track,
        accept=accept,
    )


def _init(config: Path) -> None:
    from ewarn.core import configuration  # noqa: PLC0415

    if config.exists():
        raise BadInput(config, "a file", "none: --init does not write over a configuration")
    config.write_bytes(configuration.TEMPLATE.read_bytes())
    typer.echo(f"written      {config}")
    typer.echo("next         name your token in EWARN_UCDP_TOKEN, then: ewarn month --dry-run")


def _print(step: "Step") -> None:
    colour = _COLOURS.get(step.state, "default")
    _output.out.print(f"{step.name:<12} [{colour}]{step.state}[/]: {escape(step.detail)}")


def _ignore(step: "Step") -> None:
    """Print nothing before the whole is there."""
