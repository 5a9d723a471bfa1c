"""The examples of the API in the docs are what the service answers; and every resource has one.

To renew the answers after a change that is meant: EWARN_RENEW_EXAMPLES=1 and run this file's tests.
"""

import argparse
import json
import os
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support import small_watch
from support.small_issue import earlier, written

from ewarn import jobs
from ewarn.cli._output import track
from ewarn.core.settings import Settings
from ewarn.database import Database
from ewarn_api.app import create
from ewarn_api.issues import store

PAGE = Path(__file__).parents[2] / "docs/api-examples.md"
BLOCK = re.compile(r"```console\n\$ (curl [^\n]*)\n(.*?)```", re.S)
HOST = "http://127.0.0.1:8000"
# What changes whenever the made-up issue does, or the library that writes its files.
CHANGING = re.compile(
    r"20\d\d-\d\d-[0-9a-f]{10}(-[0-9a-f]{16})?|sha256:[0-9a-f]{64}|\b[0-9a-f]{16}\b"
)
SHORT_LIST = re.compile(r"\[\n\s+([^\[\]{}]*?)\n\s+\]")
# Resources whose examples are in pages of their own, and run there.
ELSEWHERE = re.compile(r"/v1/(scenarios|watchlists|alerts|subscriptions|judgements)\b")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, rate_per_minute=0)
    written(settings.issues, last_issue=earlier(settings.issues).id)
    jobs.verify(settings.mlruns, Database(settings.database), track)
    small_watch.hindcast(settings.mlruns, leads=(1, 2, 3))
    return TestClient(create(settings))


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(store, "today", lambda: date(2021, 1, 15))


def _asked(command):
    curl = argparse.ArgumentParser()
    for flag in ("-s", "-I"):
        curl.add_argument(flag, action="store_true")
    curl.add_argument("-H", action="append", default=[])
    for option in ("-d", "-o", "-w"):
        curl.add_argument(option)
    curl.add_argument("url")
    return curl.parse_args(shlex.split(command)[1:])


def _answer(client, command):
    """What curl prints, JSON indented."""
    asked = _asked(command)
    method = "HEAD" if asked.I else "POST" if asked.d else "GET"
    headers = dict(line.split(": ", 1) for line in asked.H)
    url = asked.url.removeprefix(HOST)
    answer = client.request(method, url, content=asked.d, headers=headers)
    if asked.w:
        return asked.w.replace("%{http_code}", str(answer.status_code)).replace("\\n", "\n")
    if asked.I:
        told = [pair for pair in answer.headers.items() if pair[0] != "content-length"]
        lines = [f"{name}: {value}" for name, value in told]
        return "\n".join([f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}", *lines, ""])
    if "json" in answer.headers["Content-Type"]:
        text = json.dumps(answer.json(), indent=2, ensure_ascii=False) + "\n"
        return SHORT_LIST.sub(_in_one_line, text)
    return answer.text.replace("\r\n", "\n")


def _in_one_line(found):
    inner = re.sub(r"\n\s+", " ", found[1])
    return f"[{inner}]"


def _current(client, command):
    """The command with the issue there is, and the tag it has."""
    asked = _asked(command)
    now = client.get("/readyz").json()["issue"]
    if asked.H and asked.H[0].startswith("If-None-Match"):
        now = client.get(asked.url.removeprefix(HOST)).headers["ETag"].strip('"')
    return CHANGING.sub(now, command)


@pytest.mark.slow
def test_every_example_is_what_the_service_answers(client):
    def answered(found):
        command = _current(client, found[1])
        return f"```console\n$ {command}\n{_answer(client, command)}```"

    text = PAGE.read_text(encoding="utf-8")
    made = BLOCK.sub(answered, text)
    if os.environ.get("EWARN_RENEW_EXAMPLES"):
        PAGE.write_text(made, encoding="utf-8")
        text = made
    assert len(BLOCK.findall(text)) == text.count("```console")
    assert CHANGING.sub("", text) == CHANGING.sub("", made), "see this file on how to renew it"


@pytest.mark.slow
def test_every_resource_has_an_example(client):
    asked = [_asked(command) for command, _ in BLOCK.findall(PAGE.read_text(encoding="utf-8"))]
    shown = {(bool(one.d), one.url) for one in asked}
    for path, item in client.app.openapi()["paths"].items():
        like = re.compile(HOST + re.sub(r"\{\w+\}", "[^/?]+", path) + r"(\.\w+)?(\?.*)?")
        for method in item if not ELSEWHERE.match(path) else ():
            there = [url for is_sent, url in shown if is_sent == (method == "post")]
            assert any(like.fullmatch(url) for url in there), (method, path)
