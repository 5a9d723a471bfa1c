"""Fit the shipped revision model on vintages of country-months, or score a fit on earlier ones.

The vintages (as_of, month, country, fatalities) are UCDP's, CC BY 4.0, as a user would have had
them on 24 days from January 2024 to March 2026; final events of 2023 came by 2024-06-24, those of
2024 by 2025-07-21. Only figures of the fit are written. Cite Hegre et al. (2020).

    python tools/build_revision_prior.py VINTAGES.csv.gz --scores
    python tools/build_revision_prior.py VINTAGES.csv.gz --out src/ewarn/_data
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from ewarn.data import places, revisions
from ewarn.data.revisions import Revisions
from ewarn.evaluation import scores as metrics
from ewarn.forecasting.distribution import Distribution

FINAL = {2023: "2024-06-24", 2024: "2025-07-21"}  # the day by which a year was final
BEFORE = {2023: "2024-01-26", 2024: "2025-06-24"}  # a day on which its months were candidates
SCORED = ("2024-07", "2024-12")
MIDDLES = (np.arange(400) + 0.5) / 400


def main() -> None:
    """Run the tool."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("vintages", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--scores", action="store_true")
    chosen = parser.parse_args()
    wide = read(chosen.vintages)
    if chosen.scores:
        print(scores(wide).to_string(float_format=lambda x: f"{x:.3f}"))
    if chosen.out:
        pairs = shipped_pairs(wide)
        first = pairs[pairs["age"] == "first"]
        reverse = first.rename(columns={"reported": "final", "final": "reported"})
        for kind, some in (("revision", pairs), ("report", reverse)):
            path = chosen.out / f"{kind}_prior.json"
            path.write_text(revisions.fit(some).to_json() + "\n")


def read(path: Path) -> pd.DataFrame:
    """Return deaths by country (ISO3) and month, a column a day."""
    table = pd.read_csv(path)
    table["country"] = table["country"].map(places.country_code)
    return table.pivot_table(index=["country", "month"], columns="as_of", values="fatalities")


def early_pairs(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs known by June 2024: 2023 as candidates and as final."""
    some = _of_year(wide, 2023)
    return _pairs(some[BEFORE[2023]], some[FINAL[2023]], "later")


def shipped_pairs(wide: pd.DataFrame) -> pd.DataFrame:
    """Return all pairs there are: as first reported, and as reported again."""
    newest = wide.iloc[:, -1]
    first = _of_year(wide, 2024).bfill(axis=1).iloc[:, 0]
    again = [_pairs(_of_year(wide, year)[BEFORE[year]], newest, "later") for year in BEFORE]
    return pd.concat([_pairs(first, newest, "first"), *again], ignore_index=True)


def scores(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the scores on months of 2024 from July on, by a fit on what was known in June."""
    model = revisions.fit(early_pairs(wide))
    months = wide.index.get_level_values("month")
    some = wide[(months >= SCORED[0]) & (months <= SCORED[1])]
    rows = _pairs(some.bfill(axis=1).iloc[:, 0], wide.iloc[:, -1], "first")
    scored = pd.concat([rows, _scored(model, rows)], axis=1)
    largest = scored.groupby("country")["final"].sum().nlargest(10).index
    sizes = pd.cut(rows["reported"], [-1, 0, 9, 99, 1e9], labels=["0", "1-9", "10-99", "100+"])
    parts = {"all": scored}
    parts |= {f"size {name}": own for name, own in scored.groupby(sizes, observed=True)}
    parts |= {code: scored[scored["country"] == code] for code in largest}
    return pd.DataFrame({name: _summary(own) for name, own in parts.items()}).T


def _summary(own: pd.DataFrame) -> dict[str, float]:
    by_country = own.groupby("country")[["crps", "first"]].mean()
    return {
        "n": len(own),
        "log1p": own["crps_log"].mean(),
        "log1p first": own["first_log"].mean(),
        "difference": own["crps_log"].sum() / max(own["first_log"].sum(), 1e-9) - 1,
        "covered 90 %": own["covered"].mean(),
        "counts": own["crps"].mean(),
        "counts first": own["first"].mean(),
        "median country": (by_country["crps"] - by_country["first"]).median(),
    }


def _scored(model: Revisions, rows: pd.DataFrame) -> pd.DataFrame:
    draws = np.array(
        [
            revisions.level(model, row.reported, row.age, row.country, MIDDLES)
            for row in rows.itertuples()
        ]
    )
    final, first = rows["final"].to_numpy(), rows["reported"].to_numpy()
    forecast = Distribution.of(draws)
    low, high = np.quantile(draws, 0.05, axis=1), np.quantile(draws, 0.95, axis=1)
    return pd.DataFrame(
        {
            "crps_log": metrics.crps_log1p(forecast, final),
            "first_log": np.abs(np.log1p(first) - np.log1p(final)),
            "crps": metrics.crps(forecast, final),
            "first": np.abs(first - final),
            "covered": (final >= low) & (final <= high),
        }
    )


def _of_year(wide: pd.DataFrame, year: int) -> pd.DataFrame:
    return wide[wide.index.get_level_values("month").str.startswith(str(year))]


def _pairs(reported: pd.Series, final: pd.Series, age: str) -> pd.DataFrame:
    table = pd.DataFrame({"reported": reported, "final": final.reindex(reported.index)})
    return table.dropna().reset_index().assign(age=age)


if __name__ == "__main__":
    main()
