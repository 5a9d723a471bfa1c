"""Find and open issued forecasts."""

from pathlib import Path

import pandas as pd

from ewarn.core.settings import settings
from ewarn.publishing import issue as issues
from ewarn.publishing.issue import Issue

_FACTS = ("issue", "as_of", "reference_month", "created_at", "simulated", "months_behind")


def list_issues(home: Path | str | None = None) -> pd.DataFrame:
    """List the issues of a home folder, the newest first.

    Parameters
    ----------
    home
        The folder that holds `mlruns/`; without it, the one of the settings (EWARN_HOME).

    Returns
    -------
    DataFrame
        A row an issue: issue, as_of, reference_month, created_at, simulated, months_behind.

    Examples
    --------
    >>> import ewarn, tempfile
    >>> len(ewarn.list_issues(tempfile.mkdtemp()))
    0

    """
    cards = issues.survey(_folder(home)).cards
    lines = [{name: getattr(card, name) for name in _FACTS} for card in cards]
    return pd.DataFrame(lines, columns=list(_FACTS))


def open_issue(issue: str | None = None, home: Path | str | None = None) -> Issue:
    """Open an issued forecast.

    Parameters
    ----------
    issue
        Its id, or its folder; without it, the newest one that is whole.
    home
        The folder that holds `mlruns/`; without it, the one of the settings (EWARN_HOME).

    Returns
    -------
    Issue
        `table(name)` is a DataFrame: risks, forecasts, draws, drivers, changes, units, history,
        milestones. `card` holds its facts; `file(name)` the bytes of a file such as `map.png`.

    Raises
    ------
    BadInput
        There is no such issue, or a file of it is missing or changed.

    Examples
    --------
    >>> import ewarn, tempfile
    >>> ewarn.open_issue("2020-12-0f1e2d3c4b", tempfile.mkdtemp())
    Traceback (most recent call last):
        ...
    ewarn.core.errors.BadInput: ...

    """
    folder = _folder(home)
    if issue is None:
        return issues.newest(folder)
    return issues.read(Path(issue) if Path(issue).is_dir() else folder / issue)


def _folder(home: Path | str | None) -> Path:
    return settings().issues if home is None else Path(home) / "mlruns" / "issues"
