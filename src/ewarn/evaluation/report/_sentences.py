"""Write the sentences a report begins with: which model is better, and by how much."""

from collections.abc import Iterator, Sequence

import pandas as pd

from ewarn.evaluation.report._numbers import Numbers, Subject

ENOUGH = 8  # origins, below which a bootstrap over them is much too sure
_NAMES = {"crps": "CRPS", "crps_log1p": "CRPS of log(1 + count)"}


def headline(found: Numbers, subject: Subject) -> str:
    """Who did best on the CRPS of log1p, and how that compares with the first baseline."""
    base = subject.baselines[0]
    table = found.against_on_average[base]
    rivals = _metric(table, "crps_log1p").reindex(subject.rivals).dropna(subset="difference")
    if rivals.empty:
        return f"Only {' and '.join(subject.baselines)} was run: there is nothing to compare."
    best = str(rivals["difference"].idxmin())
    logs = _relative(rivals, best)
    counts = _relative(_metric(table, "crps"), best)
    verb = _verb(*logs, is_enough=len(found.origins) >= ENOUGH)
    return (
        f"{best} {verb} {base}: its CRPS of log(1 + count) is {_shift(*logs)}, "
        f"its CRPS in fatalities {_shift(*counts)}."
    )


def sentences(found: Numbers, subject: Subject) -> Iterator[str]:
    """Yield one sentence a model that is no baseline: leads won, escalation found, calibration."""
    base = subject.baselines[0]
    average = found.average.set_index("model")
    for name in subject.rivals:
        own, its = average.loc[name], average.loc[base]
        parts = [_leads(found, one, name, each) for one in subject.baselines for each in _NAMES]
        ratio = own["ap_large_increase"] / its["ap_large_increase"]
        if pd.notna(ratio):
            parts.append(f"its average precision for large increases is {ratio:.2f} times {base}'s")
        parts.append(f"its 90 % interval holds {own['pit_90']:.1%} of outcomes")
        yield f"{name}: {'; '.join(parts)}."


def caveat(found: Numbers, subject: Subject) -> str:
    """Return how much of the mean CRPS a few unit-months own."""
    shares = found.owners[[spec.name for spec in subject.specs]].sum()
    low, high = shares.min(), shares.max()
    span = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"
    return (
        f"The {len(found.owners)} deadliest unit-months own {span} of each model's mean CRPS; on"
        " the log scale they weigh little, so read both."
    )


def leads(found: Sequence[int]) -> str:
    """Return the leads, as a span where they have no gap."""
    if len(found) == 1:
        return f"lead {found[0]}"
    if len(found) == found[-1] - found[0] + 1:
        return f"leads {found[0]} to {found[-1]}"
    return f"leads {', '.join(map(str, found))}"


def origins(found: Numbers) -> str:
    """Return a warning where the origins are too few for their bootstrap to be trusted, else
    nothing.
    """
    number = len(found.origins)
    if number >= ENOUGH:
        return ""
    noun = "one origin gives no interval" if number == 1 else f"{number} origins give intervals"
    return f"Only {noun}{'' if number == 1 else ' that are too narrow'}: a look, not a result."


def _leads(found: Numbers, base: str, name: str, metric: str) -> str:
    table = found.against[base]
    own = table[(table["model"] == name) & (table["metric"] == metric)]
    worse = [str(lead) for lead in own.loc[own["difference"] > 0, "lead"]]
    number = len(own)
    if not worse:
        return f"better than {base} on {_NAMES[metric]} at every lead"
    if len(worse) == number:
        return f"worse than {base} on {_NAMES[metric]} at every lead"
    some = f"{number - len(worse)} of {number} leads"
    noun = "lead" if len(worse) == 1 else "leads"
    return f"better than {base} on {_NAMES[metric]} at {some}, not at {noun} {', '.join(worse)}"


def _metric(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    return table[table["metric"] == metric].set_index("model")


def _relative(table: pd.DataFrame, name: str) -> tuple[float, float, float]:
    row = table.to_dict("index")[name]
    return float(row["relative"]), float(row["relative_low"]), float(row["relative_high"])


def _verb(mean: float, low: float, high: float, *, is_enough: bool) -> str:
    if not is_enough:
        return "looks better than" if mean < 0 else "looks no better than"
    if high < 0:
        return "beats"
    return "does worse than" if low > 0 else "cannot be distinguished from"


def _shift(mean: float, low: float, high: float) -> str:
    way = "lower" if mean < 0 else "higher"
    if pd.isna(low):
        return f"{abs(mean):.1%} {way} (one origin, so without an interval)"
    return f"{abs(mean):.1%} {way} (interval {low:+.1%} to {high:+.1%})"
