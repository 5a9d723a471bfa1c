"""`ewarn keys`: create, list, rotate and revoke keys of the service, and show what was done with
them.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from ewarn.core.settings import settings

if TYPE_CHECKING:
    from ewarn.database import Database
    from ewarn.database.keys import Shown

app = typer.Typer(
    help="Keys for the service: create, list, rotate, revoke, and what was done with them.\n\n"
    "Example: ewarn keys create who-mali --scope read --scope watchlists",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="The key's name, or its id.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is; no two keys have the same.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it is good for: read, watchlists, admin (all). Repeatable."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="Days until it expires. Default: never.")
    ] = None,
    team: Annotated[
        str | None,
        typer.Option(
            help="The team whose judgements it shares. Default: a team of its own, of its name."
        ),
    ] = None,
) -> None:
    """Make a key, and print its secret: once, for only its hash is kept.

    Example: ewarn keys create who-mali --scope read --scope watchlists --days 365
    """
    from ewarn.database import keys  # noqa: PLC0415

    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with _records().writing() as session:
        built = keys.create(session, name, scope or ["read"], expires_at, team)
    _hand_over(built)


@app.command("list")
def list_() -> None:
    """List all keys, also those that have ended.

    Example: ewarn keys list
    """
    from ewarn.cli import _output  # noqa: PLC0415
    from ewarn.database import keys  # noqa: PLC0415

    with _records().reading() as session:
        _output.keys(keys.everyone(session), keys.prefixes(session))


@app.command()
def rotate(
    name: Name,
    grace_hours: Annotated[
        float, typer.Option(min=0, max=8784, help="Hours the old secret stays good; 0 ends it now.")
    ] = 24,
) -> None:
    """Give a key a new secret, and print it: once.

    Example: ewarn keys rotate who-mali --grace-hours 0
    """
    from ewarn.database import keys  # noqa: PLC0415

    with _records().writing() as session:
        built = keys.rotate(session, name, timedelta(hours=grace_hours))
    _hand_over(built)


@app.command()
def revoke(name: Name) -> None:
    """End a key: its next request is refused.

    Example: ewarn keys revoke who-mali
    """
    from ewarn.database import keys  # noqa: PLC0415

    with _records().writing() as session:
        key = keys.revoke(session, name)
    typer.echo(f"key {key.name} ({key.id}) is revoked")


@app.command()
def audit(
    key: Annotated[
        str | None, typer.Option(help="Only lines by or about this key, by its name or id.")
    ] = None,
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many lines to show.")] = 50,
) -> None:
    """Show the audit log, the newest line first: writes, refused writes, events of keys.

    Example: ewarn keys audit --key who-mali --last 20
    """
    from ewarn.cli import _output  # noqa: PLC0415
    from ewarn.database import audit, keys  # noqa: PLC0415

    with _records().reading() as session:
        key_id = keys.find(session, key).id if key else None
        _output.audit(audit.latest(session, last, key_id))


def _records() -> "Database":
    from ewarn.database import Database  # noqa: PLC0415

    return Database(settings().database)


def _hand_over(made: "Shown") -> None:
    """The secret alone goes to standard output, so that it can be piped to where it is kept."""
    key = made.key
    until = f"until {key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else "until revoked"
    typer.echo(f"key {key.name} ({key.id}): {', '.join(key.scopes)}, {until}", err=True)
    typer.echo("its secret, which is not shown again:", err=True)
    typer.echo(made.secret)
