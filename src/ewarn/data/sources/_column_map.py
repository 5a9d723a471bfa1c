"""Read a column map: the name that a file of one's own has for each tidy column."""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from ewarn.core.errors import BadInput, Unknown
from ewarn.data.sources._files import content


def column_map(columns: Path | str | Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """Return the name a file has for each tidy column, from a mapping or a TOML file of one.

    A tidy name that is not in the map keeps its own name. Raises Unknown for a name that is not
    one of the known, BadInput for a file that is not such TOML.
    """
    named = columns if isinstance(columns, Mapping) else _toml(Path(columns))
    for tidy, column in named.items():
        if tidy not in known:
            raise Unknown("column of events or counts", tidy, known)
        if not isinstance(column, str):
            raise BadInput(f"column map, key {tidy}", repr(column), "the name of a column")
    return dict(named)


def _toml(path: Path) -> Mapping[str, str]:
    try:
        return tomllib.loads(content(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(path, str(error), 'TOML such as date = "event_date"') from error
