"""Read files of events, deployments, milestones and borders."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from ewarn.data import ingest, places, sources
from ewarn.data.ingest import Files, Loaded
from ewarn.data.places import Units
from ewarn.data.sources import Rows


def read_units(path: Path | str | None = None, countries: Sequence[str] = ()) -> Units:
    """Read administrative units and their borders.

    Parameters
    ----------
    path
        GeoJSON whose features have code, name, country and a polygon. Without it, the 860
        first-level units of Africa that ewarn ships.
    countries
        Keep the units of these countries (names or ISO 3166 alpha-3 codes); all where empty.

    Returns
    -------
    Units
        `table` has a row a unit: code, name, country, country_name, latitude and longitude in
        degrees (WGS84). `geometry` holds the shapes in the same order.

    Raises
    ------
    BadInput
        The file is missing or is not such a GeoJSON.
    Unknown
        No unit lies in one of the countries.

    Examples
    --------
    >>> import ewarn
    >>> ewarn.read_units(countries=["Mali"]).table["code"].tolist()[:3]
    ['MLI-BAMAKO', 'MLI-GA', 'MLI-KD']

    """
    units = places.read(Path(path)) if path else places.shipped()
    return places.of_countries(units, countries) if countries else units


def read_events(path: Path | str, columns: Mapping[str, str] | Path | str | None = None) -> Rows:
    r"""Read a file of events or of monthly counts.

    Parameters
    ----------
    path
        UCDP GED (CSV, CSV.gz, GeoJSON), monthly counts (CSV, xlsx), or any event CSV.
    columns
        For other event CSVs: our column name -> the file's, or a TOML file of that.

    Returns
    -------
    Rows
        `table` has a row an event, with date, coordinates, actors and `fatalities` (deaths);
        `set_aside` lists each row that could not be used, with file, row, column and reason.

    Raises
    ------
    BadInput
        The file, or a value in it, cannot be used.

    Examples
    --------
    >>> import ewarn, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "events.csv"
    >>> _ = file.write_text("event_id,date,latitude,longitude,type_of_violence,actor_a,actor_b,"
    ...     "fatalities\n1,2020-01-05,16.3,0.0,1,Army,Group,3\n")
    >>> ewarn.read_events(file).table["fatalities"].tolist()
    [3.0]

    """
    return sources.read(path, "events", columns)


def read_deployments(path: Path | str) -> Rows:
    """Read deployments of peacekeepers, as Geo-PKO publishes them (CSV).

    Returns
    -------
    Rows
        `table` has a row a base and map date, with troops (people) and coordinates in degrees.

    Raises
    ------
    BadInput
        The file, or a value in it, cannot be used.

    Examples
    --------
    >>> import ewarn
    >>> ewarn.read_deployments("no-such-file.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ewarn.core.errors.BadInput: no-such-file.csv: ...

    """
    return sources.read(path, "deployments")


def read_milestones(path: Path | str | None = None) -> Rows:
    """Read withdrawal milestones of foreign missions (CSV).

    Returns
    -------
    Rows
        `table` has a row a milestone, with the days on which it was announced, takes effect and
        may be used by a forecast. Without a path, the 94 milestones that ewarn ships.

    Raises
    ------
    BadInput
        The file, or a value in it, cannot be used.

    Examples
    --------
    >>> import ewarn
    >>> sorted(ewarn.read_milestones().table["country"].unique())
    ['BFA', 'CAF', 'COD', 'LBN', 'MLI', 'NER', 'SDN', 'TCD']

    """
    return sources.read(path or ingest.MILESTONES, "milestones")


def load(
    events: Path | str | None = None,
    deployments: Path | str | None = None,
    milestones: Path | str | None = None,
    *,
    places: Path | str | None = None,
    columns: Path | str | None = None,
    countries: Sequence[str] = (),
    delay: int | None = None,
    as_of: date | None = None,
) -> Loaded:
    """Read all files a panel is built from, and place every row in a unit.

    Parameters
    ----------
    events, deployments, milestones, places, columns
        Files, as the options of `ewarn forecast` take them. Without events, the simulated world;
        without milestones and places, those that ewarn ships.
    countries
        Keep the units of these countries; all where empty.
    delay
        Days from a month's end until its events are known; without it, the source's own.
    as_of
        The day whose knowledge is used; without it, the day by which the last month is known.

    Returns
    -------
    Loaded
        `inputs` for `build_panel`, `units`, `set_aside` (rows that could not be used, with the
        reason), `notes` and `day`. Nothing is written.

    Raises
    ------
    BadInput
        A file cannot be used, or too many events lie in no unit.

    Examples
    --------
    >>> import ewarn
    >>> loaded = ewarn.load(countries=["MLI"])
    >>> loaded.simulated, len(loaded.units.table)
    (True, 9)

    """
    paths = {"events": events, "deployments": deployments, "milestones": milestones}
    paths |= {"places": places, "columns": columns}
    named = {name: Path(path) if path else None for name, path in paths.items()}
    return ingest.load(Files(countries=countries, delay=delay, **named), as_of=as_of)  # type: ignore[arg-type]
