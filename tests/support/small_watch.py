"""A watch list on the small issue, with alerts of it, and a webhook they are to be sent to."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ewarn.alerting import runs
from ewarn.core import columns, months
from ewarn.database import Database, judgements, keys
from ewarn.evaluation import hindcasts
from ewarn.evaluation.hindcasts import Hindcast
from support import small_issue

CODES = list(small_issue.units()["code"])
LIST = {"name": "Mali", "countries": ["MLI"], "leads": [1, 2], "thresholds": {"risk": 0.05}}


@dataclass(frozen=True)
class Watched:
    """A key's header, and what path parameters are filled in with."""

    key: dict[str, str]
    ids: dict[str, str]


def a_key(records: Database, name: str = "watcher", *scopes: str) -> dict[str, str]:
    with records.writing() as session:
        return {"X-Api-Key": keys.create(session, name, scopes or ["read", "watchlists"]).secret}


def watched(client: Any, settings: Any) -> Watched:
    """Makes a key, a list of Mali at risks from 0.05, and a webhook; evaluates the newest issue."""
    records = client.app.state.database
    key = a_key(records)
    made = client.post("/v1/watchlists", json=LIST, headers=key).json()["data"][0]
    to = {"watchlist": made["watchlist"], "url": "http://127.0.0.1:9/in"}
    sub = client.post("/v1/subscriptions", json=to, headers=key).json()["data"][0]
    _judge(records)
    runs.evaluate(settings.mlruns, records)
    alert = client.get("/v1/alerts", headers=key).json()["data"][0]
    path = f"/v1/subscriptions/{sub['subscription']}/deliveries"
    delivery = client.get(path, headers=key).json()["data"][0]
    ids = {"watchlist_id": made["watchlist"], "alert_id": alert["alert"]}
    ids |= {"subscription_id": sub["subscription"], "delivery_id": delivery["delivery"]}
    return Watched(key, ids)


def _judge(records: Database) -> None:
    """Records a judgement of the watcher on a month to come of a unit."""
    facts = {
        **{
            "simulated": True,
            "area_level": "unit",
            "area_code": "MLI-mopti",
            "analyst_note": "convoys",
        },
        **{"target_month": "2199-12", "arrow": "stable", "probability": 0.4, "issue_id": "2020-12"},
        **{"target": "fatalities", "model_risk": 0.04, "baseline": 0.1, "escalates_at": 6},
    }
    with records.writing() as session:
        judgements.add(session, keys.find(session, "watcher").id, facts)


def hindcast(
    mlruns: Path,
    leads: tuple[int, ...] = (1,),
    q95: float = 0.0,
    codes: Sequence[str] = CODES,
    **changed: Any,
) -> Hindcast:
    """A hindcast of the small issue's model: 2 target months at each lead in which unit u of 6 has
    risks (u + 1) / 10 and (u + 1) / 100, and escalates in the first if u is even; each six more
    have a little less.
    """
    spec, told = small_issue.about()["model"]["spec"], (("2020-11", 10), ("2020-12", 100))
    rows = []
    for lead, (place, code), (month, share) in product(leads, enumerate(codes), told):
        row: dict[str, Any] = dict.fromkeys(columns.TABLES["hindcasts"], 0.0)
        row |= {"unit": code, "lead": lead, "target_month": month, "stratum": "quiet"}
        row |= {"reference_month": months.label(months.parse(month) - lead), "is_onset": False}
        row |= {"risk": (place % 6 + 1) / share - place // 6 / 10_000, "q95": q95}
        rows.append(row | {"is_escalation": place % 2 == 0 and share == 10})
    about = {
        **{"id": "2020-12-made-up-1", "model": "made-up", "target": "fatalities", "spec": spec},
        **{"simulated": True, "as_of": "2020-12-31", "reference_month": "2020-12"},
        **{"first_target": "2020-11", "fitted_at": ["2020-10"], "leads": list(leads)},
        **{"sources": [], "scores": [], "countries": [], "code_version": "0"},
    }
    frame = pd.DataFrame(rows).astype({"lead": np.int64})
    return hindcasts.write(mlruns / hindcasts.FOLDER, frame, about | changed)
