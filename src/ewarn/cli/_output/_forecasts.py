"""Print forecasts, issues, replays and scenarios."""

from textwrap import shorten
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.markup import escape

from ewarn.cli._output._console import frame, out, place
from ewarn.publishing import issue, ranking

if TYPE_CHECKING:
    from ewarn.jobs import Replayed, ScenarioRunner
    from ewarn.publishing.issue import Issue

PLACE = 40  # characters of a place in a table


def risks(
    table: pd.DataFrame,
    drivers: pd.DataFrame,
    changes: pd.DataFrame,
    history: pd.DataFrame,
    lead: int,
    count: int = 15,
) -> None:
    """The units of highest risk at a lead, with how far it moved since the last issue, their
    leading driver and last twelve months.
    """
    first = ranking.top(table, count, lead)
    since = changes[changes["lead"] == lead].set_index("unit")["risk_change"]
    past = dict(iter(history.groupby("unit", observed=True)["fatalities"]))
    leading = drivers[(drivers["lead"] == lead) & (drivers["driver_rank"] == 1)].set_index("unit")
    lines = [
        {
            "": row["rank"],
            "unit": row["unit"],
            "place": shorten(f"{row['name']}, {row['country_name']}", PLACE, placeholder="..."),
            "risk": f"{row['risk']:.0%}",
            **({"since last": _points(since[row["unit"]])} if len(since) else {}),
            "expected": f"{row['expected']:.1f}",
            "90 % interval": f"{row['q05']:.0f} to {row['q95']:.0f}",
            "leading driver": _driver(leading.loc[row["unit"]]),
            "last 12 months": ranking.sparkline(past[row["unit"]].to_numpy()[-12:]),
        }
        for row in first.to_dict("records")
    ]
    month = first["target_month"].iloc[0]
    frame(pd.DataFrame(lines), f"Highest risk of escalation in {month}, lead {lead} (fatalities)")


def _driver(row: "pd.Series[Any]") -> str:
    """Return a driver and what it adds, in points of risk, as in "neighbours +8"."""
    return f"{row['driver'].replace('_', ' ')} {100 * row['contribution']:+.0f}"


def _points(change: float) -> str:
    """Return how far a risk moved, in points, as in "+4"; new where there was none before."""
    return "new" if pd.isna(change) else f"{100 * change:+.0f}"


def issued(made: "Issue") -> None:
    """Where an issue lies, and what can be done with it."""
    out.print(f"issue        {place(made.folder)}")
    out.print(f"map          {place(made.folder / 'map.png')}")
    if made.card.last_issue:
        untold = made.card.changes_untold
        why = f"; not attributed: {escape(untold)}" if untold else ""
        out.print(f"changes      since {made.card.last_issue}{why}")
    served = issue.newest(made.folder.parent)
    if served.id != made.id:
        out.print(
            f"[yellow]note[/]         {served.id}, as of {served.card.as_of}, stays the newest"
        )
    if made.card.months_behind:
        last, due = made.card.reference_month, made.card.months_behind
        out.print(f"[bold yellow]BEHIND[/]       from {last}; {due} later months were due by then")
    _left_out(made.card.model.left_out)
    if made.card.simulated:
        out.print("[bold yellow]SIMULATED EVENTS[/]: this is not a forecast of the world")
    out.print("next         make serve, then open http://127.0.0.1:8000/")


def _left_out(columns: dict[str, list[str]]) -> None:
    """Print which columns the regressions left out, where too few rows bear them."""
    if columns:
        where, names = next(iter(columns.items()))
        out.print(
            f"[yellow]note[/]         too few rows for all columns in {len(columns)} regressions,"
            f" so left out: {', '.join(names)} ({where}); all are in issue.json"
        )


def replayed(made: "Replayed") -> None:
    """What was compared with an issue, and the first difference, if there is one."""
    card = made.card
    out.print(f"replayed     {card.issue}, as of {card.as_of}, from {made.vintages} vintages")
    out.print(f"model        {card.model.name}: {made.model_from}")
    if not made.is_same_code:
        out.print("[yellow]note[/]         another version of the code than made the issue")
    if made.difference:
        out.print(f"[bold red]DIFFERENT[/]    {escape(str(made.difference))}")
        return
    for name in issue.NAMES:
        out.print(f"same bytes   {name}.parquet {card.files[f'{name}.parquet']}")
    out.print(f"same id      {card.issue}")


def scenario(one: "ScenarioRunner", table: pd.DataFrame, lead: int | None, note: str) -> None:
    """Print the forecast with and without the scenario, and what the difference is not."""
    shown = table if lead is None else table[table["lead"] == lead]
    lines = {"unit": shown["unit"], "place": shown["name"]}
    lines["month, lead"] = shown["target_month"] + ", " + shown["lead"].astype(str)
    for name, text in (("risk", "{:.1%}"), ("expected", "{:.2f}"), ("p_ge_25", "{:.1%}")):
        values = [shown[f"{name}_{which}"].map(text.format) for which in ("without", "with")]
        change = shown[f"{name}_difference"].map(text.replace("{:", "{:+").format)
        lines[name] = values[0] + "→" + values[1] + " (" + change + ")"
    card = one.card
    out.print(f"issue        {card.issue}, as of {card.as_of}, model {card.model.name}")
    frame(pd.DataFrame(lines), "As issued → in the scenario (difference)")
    if card.simulated:
        out.print("[bold yellow]SIMULATED EVENTS[/]: this is not a forecast of the world")
    out.print(f"[yellow]note[/]         {note}")
