"""`ewarn alerts`: run the alerts of every watch list on the newest issue, and deliver messages."""

import logging
import time
from typing import TYPE_CHECKING, Annotated

import typer

from ewarn.core.settings import settings

if TYPE_CHECKING:
    from ewarn.database import Database

app = typer.Typer(
    help="Alerts of watch lists: evaluate the newest issue and deliver, list what did not arrive,"
    " send it again.\n\nExample: ewarn alerts run --watch",
    no_args_is_help=True,
)
_SECONDS = 30.0  # between two rounds


@app.command()
def run(
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: a round every 30 seconds, until interrupted.")
    ] = False,
) -> None:
    """Evaluate the newest issue for each watch list that has not seen it, and deliver what is due.

    An issue is evaluated once for a list, however often this runs and wherever. What does not
    arrive is tried again when it is due: go on with --watch, or run this every few minutes.

    Example: ewarn alerts run
    """
    database = _records()
    logging.getLogger("httpx").setLevel(logging.WARNING)  # addresses of webhooks are secrets
    if not watch:
        _round(database)
        return
    while True:
        _try_round(database)
        time.sleep(_SECONDS)


@app.command()
def undelivered() -> None:
    """List the messages that have not arrived: given up, or waiting for their next try.

    Example: ewarn alerts undelivered
    """
    from ewarn.cli import _output  # noqa: PLC0415
    from ewarn.database import subscriptions  # noqa: PLC0415

    with _records().reading() as session:
        _output.undelivered(subscriptions.undelivered(session))


@app.command()
def resend(
    delivery: Annotated[str, typer.Argument(help="The id of a message, as `undelivered` has it.")],
) -> None:
    """Have a message be due again, with all its tries; the next round sends it.

    Example: ewarn alerts resend msg_5f0c9e2a7b31d8465f0c9e2a
    """
    from ewarn.database import audit, now, subscriptions  # noqa: PLC0415

    with _records().writing() as session:
        stored = subscriptions.find_message(session, delivery)
        subscriptions.send_again(session, stored, now())
        audit.note(session, "resend", delivery)
    typer.echo(f"message {delivery} is due now")


def _records() -> "Database":
    from ewarn.database import Database  # noqa: PLC0415

    return Database(settings().database)


def _round(database: "Database") -> None:
    from ewarn.alerting import runs, webhooks  # noqa: PLC0415

    for one in runs.evaluate(settings().mlruns, database):
        facts = f"{one.raised} alerts, {one.ended} ended"
        typer.echo(f"watch list   {one.watchlist.name} ({one.watchlist.id}): {facts}, {one.issue}")
        if one.note:
            typer.secho(f"note         {one.note}", fg="yellow", err=True)
    post = webhooks.Post(is_anywhere=settings().webhooks == "anywhere")
    sent = webhooks.deliver(database, post)
    typer.echo(f"messages     {sent.arrived} arrived, {sent.failed} to be tried again or given up")


def _try_round(database: "Database") -> None:
    """Run one round; when the database or the disk is away, print it and go on."""
    from ewarn.core.errors import EwarnError  # noqa: PLC0415

    try:
        _round(database)
    except (EwarnError, OSError) as error:
        typer.secho(f"ewarn: {error}; trying again", fg="red", err=True)
