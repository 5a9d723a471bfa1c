"""`ewarn watchlists`: who watches which units, by which rule, and where alerts are sent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ewarn.settings import settings

if TYPE_CHECKING:
    from ewarn.issue import Issue
    from ewarn.records import Records

app = typer.Typer(
    help="Watch lists: add, list, remove, subscribe a webhook, show the alerts.\n\n"
    "Example: ewarn watchlists add Sahel --key who-mali --country MLI --country BFA --budget 8",
    no_args_is_help=True,
)
Key = Annotated[str, typer.Option(help="The owner: a key's name or id; see `ewarn keys`.")]
Id = Annotated[str, typer.Argument(help="The id of a watch list, as `list` has it.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the list; the key's others have others.")],
    key: Key,
    country: Annotated[
        list[str] | None, typer.Option(help="All units of a country, by ISO3 or name. Repeatable.")
    ] = None,
    unit: Annotated[list[str] | None, typer.Option(help="A unit, by its code. Repeatable.")] = None,
    lead: Annotated[
        list[int] | None, typer.Option(min=1, help="A lead to watch. Repeatable. Default: 1 to 3.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(min=0.01, help="Alerts a month, on average, that are welcome.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0.001, max=1, help="The risk that is told, instead.")
    ] = None,
    extreme: Annotated[
        float | None, typer.Option(min=0.001, max=1, help="P(count >= 100) that is always told.")
    ] = None,
    ends_below: Annotated[
        float, typer.Option(min=0.01, max=1, help="Share of the threshold below which one ends.")
    ] = 0.8,
    cooldown: Annotated[
        int, typer.Option(min=0, help="Months before and after an alert without another.")
    ] = 0,
) -> None:
    """Watch some units: tell of each whose risk reaches a threshold, your own or one that keeps to
    a budget, chosen on the last 24 months of the hindcast, with what it would have given.

    Example: ewarn watchlists add Sahel --key who-mali --country MLI --country BFA --budget 8
    """
    from ewarn import evaluation, issue  # noqa: PLC0415
    from ewarn.cli import _show  # noqa: PLC0415
    from ewarn.hindcasts import FOLDER  # noqa: PLC0415
    from ewarn.records import keys, watchlists  # noqa: PLC0415

    _check_one(budget, threshold)
    newest = issue.newest(settings().issues)
    units, leads = _units(newest, country or [], unit or []), lead or [1, 2, 3]
    folder = settings().mlruns / FOLDER
    past = evaluation.past(folder, newest.card, units, leads, budget) if budget else None
    said: dict[str, Any] = {"name": name, "units": units, "leads": leads, "budget": budget}
    said |= {"thresholds": {"risk": past.threshold if past else threshold}}
    said |= {"past": past.as_dict() if past else None, "simulated": newest.card.simulated}
    said |= {"extremes": {"p_ge_100": extreme} if extreme else {}}
    with _records().writing() as session:
        owner = keys.find(session, key)
        rule = {"ends_below": ends_below, "cooldown": cooldown}
        _show.watchlist(watchlists.add(session, owner.id, said | rule))


@app.command("list")
def list_(key: Key) -> None:
    """List the watch lists of a key, with their rules.

    Example: ewarn watchlists list --key who-mali
    """
    from ewarn.cli import _show  # noqa: PLC0415
    from ewarn.records import keys, watchlists  # noqa: PLC0415

    with _records().reading() as session:
        for one in watchlists.of_key(session, keys.find(session, key).id):
            _show.watchlist(one)


@app.command()
def remove(watchlist: Id, key: Key) -> None:
    """End a watch list, with its alerts and subscriptions.

    Example: ewarn watchlists remove 9e2a7b31d846 --key who-mali
    """
    from ewarn.records import alerts, audit, keys, subscriptions, watchlists  # noqa: PLC0415

    with _records().writing() as session:
        owner = keys.find(session, key)
        kept = watchlists.find(session, owner.id, watchlist)
        of_list = subscriptions.of_lists(session, [kept.id])
        subscriptions.remove(session, [one.id for one in of_list])
        alerts.remove(session, [kept.id])
        watchlists.remove(session, kept)
        audit.note(session, "remove watch list", watchlist, key_id=owner.id)
    typer.echo(f"watch list {watchlist} is gone")


@app.command()
def subscribe(
    watchlist: Id,
    url: Annotated[str, typer.Argument(help="Where messages are sent: https, a public host.")],
    key: Key,
) -> None:
    """Have the alerts of a list sent to a webhook; prints the secret that signs them, once.

    Example: ewarn watchlists subscribe 9e2a7b31d846 https://example.org/alerts --key who-mali
    """
    from ewarn import targets  # noqa: PLC0415
    from ewarn.records import audit, keys, now, subscriptions, watchlists  # noqa: PLC0415

    targets.checked(url, is_anywhere=settings().webhooks == "anywhere")
    with _records().writing() as session:
        owner = keys.find(session, key)
        kept = watchlists.find(session, owner.id, watchlist)
        made = subscriptions.add(session, kept, url, now())
        audit.note(session, "subscribe", made.id, key_id=owner.id)
    typer.echo(f"subscription {made.id}; the secret, shown once:", err=True)
    typer.echo(made.secret)


@app.command()
def alerts(key: Key) -> None:
    """Show the alerts of all lists of a key, the newest first, in words.

    Example: ewarn watchlists alerts --key who-mali
    """
    from ewarn.cli import _show  # noqa: PLC0415
    from ewarn.records import alerts as kept  # noqa: PLC0415
    from ewarn.records import keys  # noqa: PLC0415

    with _records().reading() as session:
        owner = keys.find(session, key)
        for simulated in (False, True):
            _show.alerts([kept.row(*one) for one in kept.of_key(session, owner.id, simulated)])


def _check_one(budget: float | None, threshold: float | None) -> None:
    from ewarn.errors import BadInput  # noqa: PLC0415

    if (budget is None) == (threshold is None):
        found = "neither" if budget is None else "both"
        raise BadInput("--budget and --threshold", found, "one of them")


def _units(newest: "Issue", countries: list[str], codes: list[str]) -> list[str]:
    """The codes of those units of the issue; raises Unknown for a name it has not."""
    from ewarn import places  # noqa: PLC0415
    from ewarn.errors import BadInput, Unknown  # noqa: PLC0415

    table = newest.table("units").astype({"code": "str", "country": "str"})
    chosen = set(codes)
    for code in codes:
        if code not in set(table["code"]):
            raise Unknown("unit", code, table["code"])
    for name in countries:
        own = table["code"][table["country"] == places.country_code(name)]
        if own.empty:
            raise Unknown("country", name, table["country"].unique())
        chosen |= set(own)
    if not chosen:
        raise BadInput("--country and --unit", "neither", "what to watch")
    return sorted(chosen)


def _records() -> "Records":
    from ewarn.records import Records  # noqa: PLC0415

    return Records(settings().database)
