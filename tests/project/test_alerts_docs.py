"""The examples of docs/alerts.md are what the service answers."""

import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support import small_watch
from support.local_server import Answer, serving
from support.small_issue import written

from ewarn.alerting import runs, webhooks
from ewarn.core.settings import Settings
from ewarn.database import keys, subscriptions, watchlists
from ewarn_api.app import create
from ewarn_api.issues import store
from ewarn_api.routes import subscriptions as route

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"
BLOCK = re.compile(r"(<!-- example: (\S+) -->\n```\w+\n)(.*?)(```)", re.S)
NOW = datetime(2021, 1, 15, 8, 31, tzinfo=UTC)
ASKED = {"name": "Mali", "units": ["Gao"], "leads": [1], "budget": 1, "cooldown": 3}


def examples(tmp_path, monkeypatch):
    """Name -> text, from a run on the small issue on a day in January 2021."""
    for module in (runs, watchlists, route):
        monkeypatch.setattr(module, "now", lambda: NOW)
    monkeypatch.setattr(store, "today", lambda: date(2021, 1, 15))
    monkeypatch.setattr(
        watchlists.secrets,
        "token_hex",
        lambda size: "5f0c9e2a7b31d846" * (size // 8) or "2a7b31d8469e",
    )
    monkeypatch.setattr(watchlists, "_random", lambda: "9e2a7b31d846")
    monkeypatch.setattr(keys, "_random", lambda: "5f0c9e2a")
    monkeypatch.setattr(subscriptions.secrets, "token_bytes", lambda size: b"0" * size)
    settings = Settings(home=tmp_path, webhooks="anywhere", sender="ewarn@example.org")
    written(settings.issues)
    small_watch.hindcast(settings.mlruns)
    client = TestClient(create(settings))
    records = client.app.state.database
    key = small_watch.a_key(records)
    made = client.post("/v1/watchlists", json=ASKED, headers=key).json()
    with serving(lambda _: Answer(b"", 204)) as server:
        to = {"watchlist": "9e2a7b31d846", "url": server.url}
        sub = client.post("/v1/subscriptions", json=to, headers=key).json()["data"][0]
        runs.evaluate(settings.mlruns, records)
        webhooks.deliver(records, webhooks.Post(is_anywhere=True), lambda: NOW)
    (row,) = client.get("/v1/alerts", headers=key).json()["data"]
    (asked,) = server.asked
    headers = {name: asked.headers[name] for name in asked.headers if name.startswith("webhook")}
    cap = client.get(f"/v1/alerts/{row['alert']}.cap", headers=key).text
    calendar = client.get("/v1/watchlists/9e2a7b31d846/milestones.ics", headers=key).text
    found = {
        "request": json.dumps(ASKED, indent=1) + "\n",
        "list": json.dumps(made["data"][0], indent=1) + "\n",
        "alert": json.dumps(row, indent=1, ensure_ascii=False) + "\n",
        "atom": client.get("/v1/alerts.atom", headers=key).text,
        "cap": cap,
        "calendar": calendar.replace("\r\n", "\n"),
        "headers": "".join(f"{name}: {value}\n" for name, value in headers.items()),
        "subscription": json.dumps(sub | {"url": "https://example.org/alerts"}, indent=1) + "\n",
    }
    # Ids that hash the bytes of an issue change with the library that writes them.
    signature = headers["webhook-signature"]
    for own, shown in (
        (row["issue"], "2020-12-0f1e2d3c4b"),
        (row["alert"], "5f0c9e2a7b31d846"),
        (signature, "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="),
    ):
        found = {name: text.replace(own, shown) for name, text in found.items()}
    return found


@pytest.mark.slow
def test_the_examples_are_what_is_answered(tmp_path, monkeypatch):
    """To renew them: EWARN_RENEW_GOLDEN=1 and run this file's tests."""
    found = examples(tmp_path, monkeypatch)
    text = PAGE.read_text(encoding="utf-8")
    assert {name for _, name, _, _ in BLOCK.findall(text)} == set(found)
    made = BLOCK.sub(lambda block: block[1] + found[block[2]] + block[4], text)
    if os.environ.get("EWARN_RENEW_GOLDEN"):
        PAGE.write_text(made, encoding="utf-8")
    assert text == made, "see this test on how to renew them"
