"""The options that several commands share: the data a job is run on."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

DEFAULT = "lgbm"  # the model


def _option(text: str, **more: Any) -> Any:
    return typer.Option(help=text, rich_help_panel="Data", **more)


@dataclass(frozen=True)
class Data:
    """What a user names: files of events and of what goes with them, and the day."""

    events: Annotated[
        list[Path] | None,
        _option(
            "Events: UCDP GED (CSV, CSV.gz, GeoJSON), monthly counts (xlsx, CSV), or any CSV with"
            " --columns. Repeat it, or name a folder, for several releases of one source. Without"
            " it, the simulated world."
        ),
    ] = None
    release: Annotated[
        list[str] | None,
        _option("Version of each --events file, from the oldest on, where no name or manifest has"),
    ] = None
    deployments: Annotated[Path | None, _option("Deployments of peacekeepers (Geo-PKO CSV).")] = (
        None
    )
    milestones: Annotated[
        Path | None, _option("Withdrawal milestones (CSV). Without it, those shipped with ewarn.")
    ] = None
    columns: Annotated[
        Path | None, _option("TOML file that names the columns of a CSV of events or counts.")
    ] = None
    places: Annotated[
        Path | None,
        _option(
            "Your own units: GeoJSON with code, name, country, geometry. Without it, the"
            " first-level units of Africa."
        ),
    ] = None
    place_fields: Annotated[
        str,
        _option(
            "Fields of --places, as code=FIELD,name=FIELD,country=FIELD, where it is not a file of"
            " COD-AB, geoBoundaries, GADM, GAUL, or of ewarn."
        ),
    ] = ""
    country: Annotated[
        list[str] | None, _option("Only units of this country (ISO3); repeat for more.")
    ] = None
    encoding: Annotated[
        str, _option("Encoding of the events, such as cp1252; UTF-8 by default.")
    ] = ""
    dates: Annotated[
        str,
        _option("Order of dates such as 03/04/2020 in the events: dmy or mdy, where both fit."),
    ] = ""
    long_events: Annotated[
        Literal["spread", "last month"],
        _option("Deaths of events over several months: 'spread' by days, or in the 'last month'."),
    ] = "spread"
    country_events: Annotated[
        Literal["apart", "spread"],
        _option(
            "Events known to their country alone: 'apart', in no unit; or 'spread' over its units"
            " by the deaths of twelve months."
        ),
    ] = "apart"
    max_set_aside: Annotated[
        float,
        _option("Refuse when a larger share of the events cannot be placed.", min=0, max=1),
    ] = 0.02
    as_of: Annotated[
        datetime | None,
        _option(
            "The day whose knowledge is used. Without it, the one by which the last month that the"
            " events cover is known.",
            formats=["%Y-%m-%d"],
        ),
    ] = None
    delay: Annotated[
        int | None,
        _option(
            "Days from a month's end until its events are known. Without it, the source's own.",
            min=0,
            max=366,
        ),
    ] = None


def takes_data(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with its first parameter, a `Data`, spread into one option a field."""
    own = list(inspect.signature(command).parameters.values())[1:]
    shared = list(inspect.signature(Data).parameters.values())
    names = [parameter.name for parameter in shared]

    @wraps(command)
    def spread(**given: Any) -> None:
        command(Data(**{name: given.pop(name) for name in names}), **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [parameter.replace(kind=keyword) for parameter in (*shared, *own)]
    del spread.__wrapped__
    spread.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    spread.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return spread
