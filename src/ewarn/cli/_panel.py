"""`ewarn panel`: write the panel alone."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ewarn.cli import _inputs, _output
from ewarn.cli._options import Data, takes_data
from ewarn.core.errors import BadInput


@takes_data
def panel(
    data: Data,
    out: Annotated[Path, typer.Option(help="The .parquet or .csv file to write.")] = Path(
        "panel.parquet"
    ),
) -> None:
    """Write the panel: a row a unit and month, a column a count.

    Rows that could not be used are listed beside it, in NAME.set_aside.csv.

    Example: ewarn panel --events ged.csv.gz --out panel.parquet
    """
    if out.suffix not in (".parquet", ".csv"):
        raise BadInput("--out", out.name, "a name that ends in .parquet or .csv")
    loaded, known = _inputs.load(data)
    aside = out.with_suffix(".set_aside.csv")
    unfinished = out.with_name(f".{out.name}")
    frame = known.frame()
    if out.suffix == ".csv":
        frame.to_csv(unfinished, index=False)
    else:
        frame.to_parquet(unfinished, index=False)
    loaded.set_aside.to_csv(aside, index=False)
    os.replace(unfinished, out)  # noqa: PTH105  whole or not at all
    _output.out.print(f"written      {out} ({len(frame):,} rows)")
    _output.out.print(f"set aside    {len(loaded.set_aside):,} rows, listed in {aside}")
