"""The terminal: results on standard output, progress on standard error, and small tables."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

PIPED_WIDTH = 140  # columns, where there is no terminal to ask
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)
_NUMBERS = ("risk", "expected", "90 % interval")


def track(steps: Sequence[int], what: str) -> Iterable[int]:
    """Yield the steps one by one, with a progress bar on a terminal."""
    with bar() as shown:
        yield from shown.track(steps, description=what)


def bar() -> Progress:
    """Return a progress bar, if there is a terminal."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=err, disable=not err.is_terminal, transient=True,
    )  # fmt: skip


def frame(table: pd.DataFrame, title: str) -> None:
    """Any small table; text to the left, numbers to the right."""
    shown = Table(title=title, title_justify="left")
    for name in table:
        is_number = pd.api.types.is_numeric_dtype(table[name]) or name in _NUMBERS
        shown.add_column(str(name), justify="right" if is_number else "left", no_wrap=True)
    for row in table.itertuples(index=False):
        shown.add_row(*(_cell(value) for value in row))
    out.print(shown)


def place(path: Path) -> str:
    """Return a path, from here if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "never"


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
