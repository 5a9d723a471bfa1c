"""A small made-up issue: 6 units in 3 countries x 12 leads, written as a real one would be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ewarn.core import columns, months
from ewarn.publishing import issue, ranking
from ewarn.publishing.issue import Issue

REFERENCE = "2020-12"
LEADS = list(range(1, 13))
TARGETS = {lead: months.label(months.parse(REFERENCE) + lead) for lead in LEADS}
LEVELS = [f"{percent / 100:.2f}" for percent in range(1, 100)]
CLASSES = ["large_decrease", "decrease", "stable", "increase", "large_increase"]
MONTHS = [months.label(month) for month in range(months.parse("2018-01"), months.parse("2021-01"))]
NOW = datetime(2021, 1, 15, 8, 30, tzinfo=UTC)
_UNITS = [
    ("MLI-gao", "Gao", "MLI", "Mali", 17.1, 0.6),
    ("MLI-mopti", "Mopti", "MLI", "Mali", 14.6, -3.4),
    ("NER-diffa", "Diffa", "NER", "Niger", 14.9, 12.6),
    ("NER-tillaberi", "Tillabéri", "NER", "Niger", 14.2, 1.5),
    ("TCD-lac", 'Lac, "the lake"', "TCD", "Chad", 13.5, 14.1),
    ("TCD-tibesti", "Tibesti", "TCD", "Chad", 21.0, 17.0),
]
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def units(copies: int = 1) -> pd.DataFrame:
    """The six units, and copies of them under other codes and names."""
    names = ["code", "name", "country", "country_name", "latitude", "longitude"]
    marks = ["", *(f"-{number:02}" for number in range(1, copies))]
    rows = [(code + mark, name + mark, *rest) for mark in marks for code, name, *rest in _UNITS]
    return pd.DataFrame(rows, columns=names).assign(geometry=json.dumps(SQUARE))


def forecasts(chosen: pd.DataFrame, scale: float = 1.0) -> pd.DataFrame:
    """Hubverse rows: quantile q of unit u at lead l is floor(scale * u * l * q)."""
    outputs = [("mean", None), *(("quantile", x) for x in LEVELS), *(("pmf", x) for x in CLASSES)]
    codes = list(chosen["code"])
    pairs = [(u, lead) for u in range(len(codes)) for lead in LEADS]
    numbers = {"mean": lambda u, lead, _: scale * u * lead / 7}
    numbers["quantile"] = lambda u, lead, level: np.floor(scale * u * lead * float(level))
    numbers["pmf"] = lambda _u, _lead, name: 0.2 if name else 0.0
    rows = [
        (codes[u], lead, TARGETS[lead], kind, id_, numbers[kind](u, lead, id_))
        for u, lead in pairs
        for kind, id_ in outputs
    ]
    names = ["unit", "lead", "target_month", "output_type", "output_type_id", "value"]
    return pd.DataFrame(rows, columns=names).assign(
        model="made-up", target="fatalities", reference_month=REFERENCE
    )


def risks(chosen: pd.DataFrame, scale: float = 1.0) -> pd.DataFrame:
    """Risk of unit u at lead l is (u + 1) * (l + 1) / 100 (units 0 and 1 tie at every lead).

    Of its draws six are 0 and the seventh is scale * u * l (1 for u in unit 0).
    """
    rows = chosen.drop(columns=["latitude", "longitude", "geometry"])
    rows = rows.rename(columns={"code": "unit"}).merge(pd.DataFrame({"lead": LEADS}), how="cross")
    place = np.maximum(rows["unit"].map({code: u % 6 for u, code in enumerate(chosen["code"])}), 1)
    risk = (place + 1) * (rows["lead"] + 1) / 100
    most = scale * place * rows["lead"]
    rows = rows.assign(
        target_month=rows["lead"].map(TARGETS),
        risk=risk,
        p_large_decrease=0.0,
        p_decrease=0.0,
        p_stable=1 - risk,
        p_increase=risk / 3,
        p_large_increase=risk * 2 / 3,
        p_ge_1=(most >= 1) / 7,
        p_ge_25=(most >= 25) / 7,
        p_ge_100=(most >= 100) / 7,
        expected=most / 7,
        q05=0.0,
        q50=0.0,
        q95=most,
        baseline=0.1,
        is_onset=place == 1,
    )
    return ranking.rank(rows)


def draws(chosen: pd.DataFrame, scale: float = 1.0) -> pd.DataFrame:
    rows = risks(chosen, scale)[["unit", "lead", "target_month", "q95"]]
    return rows.assign(draws=[[0] * 6 + [int(most)] for most in rows.pop("q95")])


DRIVERS = ("own_history", "neighbours", "actors")


def drivers(chosen: pd.DataFrame) -> pd.DataFrame:
    """A quiet place's risk is 0.01; of the rest 3/2 is own history's, -1/2 the neighbours'."""
    rows = risks(chosen)[["unit", "lead", "target_month", "risk"]]
    shares = pd.DataFrame({"driver": DRIVERS, "share": [1.5, -0.5, 0.0], "driver_rank": [1, 2, 3]})
    rows = rows.merge(shares, how="cross")
    return rows.assign(
        contribution=rows["share"] * (rows["risk"] - 0.01),
        reference_risk=0.01,
        sentence_en="1 event here",
        sentence_fr="1 événement ici",
    ).drop(columns=["share", "risk"])


def changes(chosen: pd.DataFrame) -> pd.DataFrame:
    """The risk was a tenth less; new events gave twice what it rose, a new model took half. The
    last issue told of no unit 5, and did not reach the last lead; of unit 4 no part is known.
    """
    rows = risks(chosen)[["unit", "lead", "target_month", "risk"]]
    was_told = (rows["lead"] < max(LEADS)) & (rows["unit"] != _UNITS[5][0])
    change = (rows["risk"] / 10).where(was_told)
    parts = change.where(rows["unit"] != _UNITS[4][0])
    rows = rows.assign(last_risk=rows["risk"] - change, risk_change=change)
    rows["risk_change"] = rows["risk"] - rows["last_risk"]
    for name, share in zip(
        columns.PARTS_OF_A_CHANGE, (2.0, 0.0, 0.0, -0.5, 0.0, -0.5), strict=True
    ):
        rows[name] = share * parts
    return rows


def history(chosen: pd.DataFrame) -> pd.DataFrame:
    """Unit u had u events and 10 u deaths a month; the first two months were not observed."""
    rows = chosen[["code"]].rename(columns={"code": "unit"})
    rows = rows.merge(pd.DataFrame({"month": MONTHS}), how="cross")
    place = rows["unit"].map({code: u for u, code in enumerate(chosen["code"])}).astype(float)
    seen = place.where(~rows["month"].isin(MONTHS[:2]))
    names = [name for name in columns.TABLES["history"] if name not in ("unit", "month")]
    counts = {name: seen * (10 if "fatal" in name else 1) for name in names}
    facts = {"actors": np.where(seen > 1, "Group A; Group B", None), "is_preliminary": False}
    return rows.assign(**counts | facts | {"expected_final": counts["fatalities"]})


def milestones() -> pd.DataFrame:
    own = ("M-1", "MLI-gao", "MLI", "Gao", "Gao", "Barkhane", "base_closure")
    national = ("M-2", None, "MLI", None, "(national)", "MINUSMA", "announcement")
    abroad = ("M-3", None, "LBN", None, None, "UNIFIL", "mission_exit")
    tail = ("2020-11-30", "2021-03-01", "2020-11-30", True, 'report, page "7"\nand 8', "high")
    rows = [own + tail, national + tail, (*abroad, "2020-10-01", None, *tail[2:])]
    return pd.DataFrame(rows, columns=list(columns.TABLES["milestones"]))


def tables(scale: float = 1.0, is_first: bool = True, copies: int = 1) -> dict[str, pd.DataFrame]:
    """The tables of the small issue, which tells no changes if it is the first."""
    made = {name: table.copy() for name, table in _tables(scale, copies).items()}
    return made | ({"changes": made["changes"][:0]} if is_first else {})


@cache
def _tables(scale: float, copies: int) -> dict[str, pd.DataFrame]:
    chosen = units(copies)
    return {
        "forecasts": forecasts(chosen, scale),
        "risks": risks(chosen, scale),
        "draws": draws(chosen, scale),
        "drivers": drivers(chosen),
        "changes": changes(chosen),
        "units": chosen,
        "history": history(chosen),
        "milestones": milestones(),
    }


def about(**changed: Any) -> dict[str, Any]:
    source = {"kind": "events", "source": "simulated", "file": "made-up.csv"}
    source |= {"digest": "sha256:00", "first_month": "2018-03", "last_month": REFERENCE}
    model = {"name": "made-up", "version": 3, "run_id": "8c1f", "spec": {"family": "none"}}
    return {
        "as_of": "2020-12-31",
        "reference_month": REFERENCE,
        "target": "fatalities",
        "leads": LEADS,
        "simulated": True,
        "model": model | {"scores": {"crps": np.float64(0.5), "coverage_90": float("nan")}},
        "sources": [source | {"rows": 540, "set_aside": 2}],
    } | changed


CARD: dict[str, Any] = {
    **{"model": "made-up", "model_version": "3", "registered_name": "ewarn-made-up"},
    **{"target": "fatalities", "leads": LEADS, "simulated": True},
    **{"as_of": "2020-12-31", "reference_month": REFERENCE, "code_version": "0"},
    **{"summary": ["made-up beats conflictology."], "spec": {"family": "none"}},
    **{"coverage": {"units": 6}, "sources": [{"kind": "events"}], "features": {"calendar": []}},
    **{"missing_features": [], "compared_with": "conflictology", "origins": ["2019-12"]},
    **{"scores": {"by_lead": []}, "differences": {"by_lead": []}, "calibration": []},
    **{"importance": {"by_lead": []}, "limits": ["It is made up."]},
}
FILES = {
    "model_card.json": json.dumps(CARD).encode(),
    "model_card.html": b"<!doctype html><title>Model card</title>",
    "set_aside.csv": b"file,row,column,found,expected\n",
    "map.png": b"\x89PNG\r\n",
}


def written(
    issues: Path,
    scale: float = 1.0,
    now: datetime = NOW,
    files: Mapping[str, bytes] = FILES,
    copies: int = 1,
    **changed: Any,
) -> Issue:
    """The small issue, written there; another `scale` makes another issue. It is the first, unless
    another is named as `last_issue`.
    """
    made = tables(scale, is_first=not changed.get("last_issue"), copies=copies)
    return issue.write(issues, made, about(**changed), files, now)


def earlier(issues: Path, told: Mapping[str, pd.DataFrame] | None = None) -> Issue:
    """An issue of a month earlier with the same risks by lead, of the tables told, or its own."""
    made, targets = dict(told or tables()), {0: REFERENCE, **TARGETS}
    made["forecasts"] = made["forecasts"].assign(reference_month="2020-11")
    for name in ("forecasts", "risks", "draws", "drivers"):
        month = [targets[lead - 1] for lead in made[name]["lead"]]
        made[name] = made[name].assign(target_month=month)
    made["history"] = made["history"][made["history"]["month"] <= "2020-11"]
    said = about(as_of="2020-11-30", reference_month="2020-11")
    made["changes"] = made["changes"][:0]
    return issue.write(issues, made, said, FILES, NOW - timedelta(days=30))
