"""Results as a person reads them in a terminal."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ewarn.core import months
from ewarn.data.panel import disagreements
from ewarn.publishing import issue, ranking

if TYPE_CHECKING:
    from ewarn.data.ingest import Loaded
    from ewarn.data.panel import Panel
    from ewarn.data.quality import Finding
    from ewarn.database.audit import Entry
    from ewarn.database.keys import Key
    from ewarn.database.subscriptions import Delivery, Subscription
    from ewarn.evaluation.report import Numbers
    from ewarn.jobs import Judged, Replayed, Reported, ScenarioRunner, Trained
    from ewarn.publishing.issue import Issue

PIPED_WIDTH = 140  # columns, where there is no terminal to ask
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True)


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


def sources(loaded: "Loaded") -> None:
    """One line a source: rows, months covered, rows set aside."""
    if loaded.simulated:
        out.print("[bold yellow]SIMULATED EVENTS[/]: name real ones with --events")
    for one in loaded.sources:
        aside = f"; {one['set_aside']:,} rows set aside" if one["set_aside"] else ""
        dated = one["first_month"] is not None
        span = f", {one['first_month']} to {one['last_month']}{_known(one)}" if dated else ""
        out.print(f"{one['kind']:<12} {one['file']}: {one['rows']:,} rows{span}{aside}")
    for note in loaded.notes:
        out.print(f"[yellow]note[/]         {note}")


def _known(one: dict[str, Any]) -> str:
    """By what the rows of a source are known on the day."""
    if one["known_by"] == "vintages":
        return f"; as of {len(one['vintages'])} vintages kept" if len(one["vintages"]) > 1 else ""
    return f"; known {one['delay_days']} days after each month" if one["delay_days"] else ""


def findings(held: Sequence["Finding"], accepted: Sequence["Finding"]) -> None:
    """What is suspicious about the data, each with its name and evidence."""
    for one in held:
        out.print(f"[bold red]finding[/]      {one.name}: {escape(one.evidence)}")
    for one in accepted:
        out.print(f"[yellow]accepted[/]     {one.name}: {escape(one.evidence)}")


def not_found(names: Iterable[str]) -> None:
    """Names that were accepted and that nothing found has."""
    for name in sorted(names):
        out.print(f"[yellow]note[/]         nothing is found by the name {name}")


def held(some: Sequence["Finding"]) -> None:
    """Why no issue was made, and how it can be made all the same."""
    accept = " ".join(f"--accept {one.name}" for one in some)
    out.print("[bold red]HELD[/]         no issue was made, and no file taken as a new vintage")
    out.print(f"next         look at the data; if they are right: the same with {accept}")


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


def panel(known: "Panel") -> None:
    """The size of a panel, the day whose knowledge it is, and milestones that disagree."""
    units, span = known.shape
    out.print(
        f"panel        {units:,} units x {span} months to {months.label(known.reference_month)},"
        f" {len(known.columns)} columns, as of {known.as_of}"
    )
    for one in disagreements(known.milestones):
        out.print(f"[yellow]disagree[/]     {escape(one)}")


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
            "place": f"{row['name']}, {row['country_name']}",
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


def frame(table: pd.DataFrame, title: str) -> None:
    """Any small table; text to the left, numbers to the right."""
    shown = Table(title=title, title_justify="left")
    for name in table:
        is_number = pd.api.types.is_numeric_dtype(table[name]) or name in _NUMBERS
        shown.add_column(str(name), justify="right" if is_number else "left", no_wrap=True)
    for row in table.itertuples(index=False):
        shown.add_row(*(_cell(value) for value in row))
    out.print(shown)


def scores(one: "Trained", what: str) -> None:
    """The scores of a model, a line a metric."""
    lines = pd.Series(one.scores, name="score").rename_axis("metric").reset_index()
    frame(lines, f"{one.model.spec.name}: {what}")


def resumed(finished: int, total: int) -> None:
    """How much of a backtest an earlier run has left."""
    if finished:
        out.print(f"resumed      {finished} of {total} origins x models were finished before")


def backtest(numbers: "Numbers", baselines: Sequence[str]) -> None:
    """The main scores of each model, and by lead how they differ from the first baseline's."""
    whole = numbers.average[list(_SCORES)].rename(columns=_SCORES)
    frame(whole, f"Means over leads, origins: {len(numbers.origins)}")
    differences = numbers.against[baselines[0]]
    if differences.empty:
        return
    main = differences[differences["metric"].isin(["crps", "crps_log1p"])]
    shown = [f"{one.difference:+.4f} ({one.low:+.4f} to {one.high:+.4f})"
             for one in main.itertuples()]  # fmt: skip
    wide = main.assign(shown=shown).pivot(index=["model", "lead"], columns="metric", values="shown")
    frame(wide.reset_index(), f"Less {baselines[0]}'s, with interval over origins (- is better)")


def reported(made: "Reported", forecasts: Path | None) -> None:
    """Where a backtest's report lies."""
    out.print(f"report       {place(made.page)}")
    out.print(f"numbers      {place(made.page.with_name('numbers.json'))}")
    out.print(f"MLflow run   {made.run_id}")
    if forecasts:
        out.print(f"forecasts    {forecasts}")


_SCORES = {
    "model": "model",
    "crps": "CRPS",
    "crps_log1p": "CRPS of log1p",
    "brier_ge_1": "Brier >= 1",
    "brier_ge_25": "Brier >= 25",
    "ap_ge_25": "AP >= 25",
    "ap_large_increase": "AP large increase",
    "pit_90": "in 90 % (PIT)",
}


def trained(one: "Trained") -> None:
    """Where a model is found in MLflow."""
    out.print(f"model        {one.name} version {one.version} ({one.model.spec.name})")
    out.print(f"MLflow run   {one.run_id}  (make mlflow)")


def verdict(one: "Judged") -> None:
    """Every reason for and against a promotion, and what became of it."""
    chosen, passed = one.version, one.verdict.passed
    out.print(f"judged       {chosen.name} version {chosen.version} ({chosen.spec})")
    for reason in one.verdict.reasons:
        mark = "passed      " if reason.passed else "[bold red]REFUSED[/]     "
        out.print(f"{mark} {escape(reason.text)}")
    now = chosen if passed else one.champion
    champion = f"{now.name} version {now.version} ({now.spec})" if now else "none yet"
    out.print(f"champion     {champion}" + ("" if passed else ", as before"))
    out.print(f"MLflow run   {chosen.run_id}  (gate.json)")
    if passed:
        out.print("next         make forecast")


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
    if made.card.simulated:
        out.print("[bold yellow]SIMULATED EVENTS[/]: this is not a forecast of the world")
    out.print("next         make serve, then open http://127.0.0.1:8000/")


def keys(some: Sequence["Key"], prefixes: dict[str, list[str]]) -> None:
    """A line a key: what it is good for, how its secrets begin, and how long it lasts."""
    names = ["key", "id", "scopes", "secrets begin with", "created", "last used", "state"]
    table = Table(*names, title="Keys of the service")
    for key in some:
        ended = key.ended(datetime.now(UTC))
        until = f"until {_moment(key.expires_at)}" if key.expires_at else "good"
        begins = "\n".join(prefixes.get(key.id, []))
        moments = _moment(key.created_at), _moment(key.last_used_at)
        scopes = ", ".join(key.scopes)
        table.add_row(escape(key.name), key.id, scopes, begins, *moments, ended or until)
    out.print(table if some else "there are no keys; `ewarn keys create` makes one")


def audit(lines: Sequence["Entry"]) -> None:
    """The audit log, a row a line."""
    table = Table("when (UTC)", "key", "from", "what", "to", "result", title="Audit log")
    for one in lines:
        cells = (one.key_id or "", one.origin, one.action, one.subject, one.result)
        table.add_row(_moment(one.at), *map(escape, cells))
    out.print(table if lines else "the audit log is empty")


def undelivered(some: Sequence[tuple["Delivery", "Subscription"]]) -> None:
    """A row a message that has not arrived; of an address only the host is shown."""
    table = Table("message", "to", "issue", "tries", "last try", "state", title="Not arrived")
    for one, to in some:
        state = f"due {_moment(one.next_attempt_at)}" if one.next_attempt_at else "given up"
        host = urlsplit(to.url).hostname or ""
        table.add_row(one.id, host, one.issue_id, str(one.attempts), one.result or "", state)
    out.print(table if some else "every message has arrived")


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "never"


def place(path: Path) -> str:
    """Return a path, from here if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


_NUMBERS = ("risk", "expected", "90 % interval")


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
