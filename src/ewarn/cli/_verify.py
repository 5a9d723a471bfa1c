"""`ewarn verify`: verify issued forecasts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from ewarn.cli import _inputs, _output
from ewarn.cli._options import Data, takes_data
from ewarn.core import columns
from ewarn.core.settings import settings

if TYPE_CHECKING:
    import pandas as pd

    from ewarn.database.ledger import Ledger
    from ewarn.jobs import Verified

_SHOWN = [1, 3, 6, 12]  # leads, where none is named
_PAIRS = (("CRPS", "crps"), ("of log1p", "crps_log1p"), ("Brier", "brier_escalation"))
_BESIDE = "in brackets: conflictology's"


@takes_data
def verify(
    data: Data,
    lead: Annotated[
        list[int] | None, typer.Option(min=1, help="Leads to show; 1, 3, 6 and 12 by default.")
    ] = None,
    void: Annotated[
        list[str] | None, typer.Option(help="An issue whose forecasts do not count; with --reason.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why they do not count; kept for good.")] = "",
    failed: Annotated[
        list[str] | None,
        typer.Option(help="A finding that was accepted and proved true: its issues are void."),
    ] = None,
) -> None:
    """Record the issues there are, and score those whose months have come.

    Outcomes come from the histories of later issues, and from the events named here, if any: as
    first reported, and as reported latest. An issue that was changed after it was recorded is
    refused, with status 2. Void forecasts are listed, and are in no average.

    Examples:
      ewarn verify

      ewarn verify --events ged.csv.gz

      ewarn verify --void 2020-12-0f1e2d3c4b --reason "the source was cut short"

      ewarn verify --failed silent-MLI

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.database import Database  # noqa: PLC0415

    chosen = settings()
    requested = jobs.VoidRequest(void or (), reason, failed or ())
    newest = jobs.of_files(*_inputs.read(data)) if data.events else None
    found = jobs.verify(chosen.mlruns, Database(chosen.database), _output.track, requested, newest)
    _output.out.print(
        f"ledger       {len(found.recorded)} issues new, {found.scored} months scored"
    )
    for stored, title in ((found.real, ""), (found.simulated, "SIMULATED EVENTS: ")):
        _world(stored, title, lead or _SHOWN)
    _troubles(found)
    if found.changed:
        raise typer.Exit(2)


def _world(kept: "Ledger", title: str, leads: Sequence[int]) -> None:
    """The scores of one world: by issue and lead, by lead, and what is void."""
    import pandas as pd  # noqa: PLC0415  loads only when needed

    from ewarn.database import ledger_rows  # noqa: PLC0415

    if not kept.issues:
        return
    rows = pd.DataFrame(ledger_rows.rows(kept), columns=list(columns.TABLES["verification"]))
    scored = rows[rows["void"].isna() & (rows["stratum"] == "all") & (rows["vintage"] == "latest")]
    shown = scored[scored["lead"].isin(leads)]
    if not shown.empty:
        each = [
            _line(dict(row), {"issue": row["issue"], "model": row["model"]})
            for _, row in shown.iterrows()
        ]
        table = pd.DataFrame(each).drop(columns="of log1p")
        _output.frame(table, f"{title}By issue and lead, as reported latest ({_BESIDE})")
        alike = shown.groupby(["model", "is_ahead", "lead"], sort=True)
        means = [
            _line(_mean(own), {"model": own["model"].iloc[0], "issues": len(own)})
            for _, own in alike
        ]
        table = pd.DataFrame(means).drop(columns=["month", "reports"])
        _output.frame(table, f"{title}By model and lead, means over units and months")
    else:
        _output.out.print(f"{title}{len(kept.issues)} issues, and no month of theirs is known yet")
    for row in rows[rows["void"].notna()].drop_duplicates(["issue", "void"]).to_dict("records"):
        where = f", {row['location_code']} at lead {row['lead']}" if row["location_code"] else ""
        _output.out.print(f"[yellow]void[/]         {row['issue']}{where}: {escape(row['void'])}")


def _line(row: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    skill = 1 - row["crps"] / row["conflictology_crps"] if row["conflictology_crps"] else 0.0
    pairs = {
        name: f"{row[column]:.3g} ({row['conflictology_' + column]:.3g})" for name, column in _PAIRS
    }
    return first | {
        "lead": row["lead"],
        "month": row.get("target_month", ""),
        "reports": f"{row.get('vintages', 0)}x",
        "ahead": "yes" if row["is_ahead"] else "no",
        "n": f"{row['n']:,.0f}",
        **pairs,
        "better by": f"{skill:+.1%}",
        "top 20": f"{row['top_20_hits']:.0f} of {row['escalations']:.0f}",
    }


def _mean(own: "pd.DataFrame") -> dict[str, Any]:
    """Return the line of several: means weighed by how many were scored, and sums of counts."""
    weight = own["n"].to_numpy(float)
    means = {
        whose + name: float((own[whose + name] * weight).sum() / weight.sum())
        for whose in ("", "conflictology_")
        for name in ("crps", "crps_log1p", "brier_escalation")
    }
    sums = {name: own[name].sum() for name in ("n", "top_20_hits", "escalations")}
    return {"lead": own["lead"].iloc[0], "is_ahead": own["is_ahead"].iloc[0]} | means | sums


def _troubles(found: "Verified") -> None:
    for issue, why in found.skipped.items():
        _output.out.print(f"[yellow]note[/]         {issue} is passed over: {escape(why)}")
    for issue in found.gone:
        _output.out.print(f"[yellow]note[/]         {issue} is recorded, and no longer there")
    for issue, why in found.changed.items():
        _output.out.print(
            f"[bold red]CHANGED[/]      {issue} is not what was recorded: {escape(why)}"
        )
