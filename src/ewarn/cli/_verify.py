"""`ewarn verify`: how good the issued forecasts proved to be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer
from rich.markup import escape

from ewarn.cli import _show
from ewarn.settings import settings

if TYPE_CHECKING:
    from ewarn.jobs import Verified
    from ewarn.records.ledger import Ledger

_SHOWN = [1, 3, 6, 12]  # leads, where none is asked for
_BESIDE = "in brackets: conflictology's"


def verify(
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

    What happened is told by the histories of later issues: as first told, and as told latest. An
    issue that was changed after it was recorded is refused, with status 2. Void forecasts are
    listed, and are in no average.

    Examples:
      ewarn verify

      ewarn verify --void 2020-12-0f1e2d3c4b --reason "the source was cut short"

      ewarn verify --failed silent-MLI

    """
    from ewarn import jobs  # noqa: PLC0415
    from ewarn.records import Records  # noqa: PLC0415

    chosen = settings()
    asked = jobs.Asked(void or (), reason, failed or ())
    found = jobs.verify(chosen.mlruns, Records(chosen.database), _show.track, asked)
    _show.out.print(f"ledger       {len(found.recorded)} issues new, {found.scored} months scored")
    for kept, title in ((found.real, ""), (found.simulated, "SIMULATED EVENTS: ")):
        _world(kept, title, lead or _SHOWN)
    _troubles(found)
    if found.changed:
        raise typer.Exit(2)


def _world(kept: "Ledger", title: str, leads: Sequence[int]) -> None:
    """The scores of one world: by issue and lead, by lead, and what is void."""
    from ewarn.records import ledger  # noqa: PLC0415

    rows = pd.DataFrame(ledger.rows(kept))
    if rows.empty:
        return
    scored = rows[rows["void"].isna() & (rows["stratum"] == "all") & (rows["vintage"] == "latest")]
    shown = scored[scored["lead"].isin(leads)]
    if not shown.empty:
        each = [_line(dict(row), {"issue": row["issue"]}) for _, row in shown.iterrows()]
        _show.frame(pd.DataFrame(each), f"{title}By issue and lead, as told latest ({_BESIDE})")
        means = [_line(_mean(own), {"issues": len(own)}) for _, own in shown.groupby("lead")]
        table = pd.DataFrame(means).drop(columns=["month", "told", "ahead"])
        _show.frame(table, f"{title}By lead, means over units and months")
    else:
        _show.out.print(f"{title}{len(kept.issues)} issues, and no month of theirs is known yet")
    for row in rows[rows["void"].notna()].drop_duplicates(["issue", "void"]).to_dict("records"):
        where = f", {row['location_code']} at lead {row['lead']}" if row["location_code"] else ""
        _show.out.print(f"[yellow]void[/]         {row['issue']}{where}: {escape(row['void'])}")


def _line(row: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    skill = 1 - row["crps"] / row["conflictology_crps"] if row["conflictology_crps"] else 0.0
    scores = {
        name: f"{row[column]:.4g} ({row[f'conflictology_{column}']:.4g})"
        for name, column in (("CRPS", "crps"), ("of log1p", "crps_log1p"))
    }
    return first | {
        "lead": row["lead"],
        "month": row.get("target_month", ""),
        "told": f"{row.get('vintages', 0)}x",
        "ahead": "yes" if row.get("is_ahead") else "no",
        "n": f"{row['n']:,.0f}",
        **scores,
        "better by": f"{skill:+.1%}",
        "Brier": f"{row['brier_escalation']:.4f} ({row['conflictology_brier_escalation']:.4f})",
        "top 20": f"{row['top_20_hits']:.0f} of {row['escalations']:.0f}",
    }


def _mean(own: pd.DataFrame) -> dict[str, Any]:
    """The line of several: means weighed by how many were scored, and sums of counts."""
    weight = own["n"].to_numpy(float)
    means = {
        whose + name: float((own[whose + name] * weight).sum() / weight.sum())
        for whose in ("", "conflictology_")
        for name in ("crps", "crps_log1p", "brier_escalation")
    }
    sums = {name: own[name].sum() for name in ("n", "top_20_hits", "escalations")}
    return {"lead": own["lead"].iloc[0]} | means | sums


def _troubles(found: "Verified") -> None:
    for issue, why in found.skipped.items():
        _show.out.print(f"[yellow]note[/]         {issue} is passed over: {escape(why)}")
    for issue in found.gone:
        _show.out.print(f"[yellow]note[/]         {issue} is recorded, and no longer there")
    for issue, why in found.changed.items():
        _show.out.print(
            f"[bold red]CHANGED[/]      {issue} is not what was recorded: {escape(why)}"
        )
