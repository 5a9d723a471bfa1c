"""The files of the page: what they may load, whose they are, and that both languages say all."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ewarn.core.settings import Settings
from ewarn_api.app import create

WEB = Path(__file__).parents[2] / "api/ewarn_api/web"
OWN = [path for path in WEB.rglob("*") if path.is_file() and "vendor" not in path.parts]
SCRIPTS = [path for path in OWN if path.suffix == ".js"]
WORDS = {path.stem: json.loads(path.read_text()) for path in (WEB / "words").glob("*.json")}
VENDORED = sorted(WEB.glob("vendor/*/vendored.json"))
# Begins of keys whose ends are codes of the data, or names in the same file.
PREFIXES = re.compile(r"say\(`(\w+)\$\{|called\(\"(\w+)\"")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return TestClient(create(Settings(home=tmp_path_factory.mktemp("home"))))


# Languages


def test_both_languages_say_the_same_things_with_the_same_gaps():
    assert set(WORDS) == {"en", "fr"}
    assert list(WORDS["en"]) == list(WORDS["fr"])
    for key, phrase in WORDS["en"].items():
        gaps = [sorted(re.findall(r"\{\w+\}", words[key])) for words in WORDS.values()]
        assert gaps[0] == gaps[1], key
        assert phrase.strip()
        assert WORDS["fr"][key].strip()


def test_every_phrase_that_is_said_is_there_and_every_one_there_is_said():
    text = "\n".join(path.read_text() for path in SCRIPTS)
    said = set(re.findall(r'say\("(\w+)"', text))
    assert said <= set(WORDS["en"])
    begins = {one or f"{other}_" for one, other in PREFIXES.findall(text)}
    named = set(re.findall(r'"(\w+)"|(?<=[{ ,])(\w+):', text))
    quoted = {word for pair in named for word in pair if word}
    for key in set(WORDS["en"]) - said:
        ends = {key.removeprefix(begin) for begin in begins if key.startswith(begin)}
        assert {key, key.removesuffix("_note")} & quoted or ends, key  # a failure has a note


def test_what_the_data_call_kinds_and_drivers_has_a_phrase(shared_data):
    table = (shared_data / "milestones/withdrawal_milestones.csv").read_text().splitlines()
    place = table[0].split(",").index("kind")
    kinds = {
        line.split(",")[place]
        for line in table[1:]
        if re.fullmatch(r"[a-z_]+", line.split(",")[place])
    }
    assert len(kinds) > 10
    assert {f"kind_{kind}" for kind in kinds} <= set(WORDS["en"])


# What it loads


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_file_of_ours_names_another_host(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text)


def test_the_page_has_no_script_or_style_of_its_own_inside():
    text = (WEB / "index.html").read_text()
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r"\s(on\w+|style)=", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_of_text(path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", path.read_text()
    )


def test_the_policy_allows_its_own_scripts_and_no_other(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.slow
def test_every_file_the_page_names_is_served(client):
    text = (WEB / "index.html").read_text()
    named = set(re.findall(r'(?:href|src)="(web/[^"]+)"', text))
    for path in SCRIPTS:
        for other in re.findall(r'from "(\.[^"]+)"', path.read_text()):
            named.add("web/" + (path.parent / other).resolve().relative_to(WEB).as_posix())
    assert len(named) > 20
    for name in named:
        answer = client.get(f"/{name}")
        assert answer.status_code == 200, name
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(f"/{name}", headers=tag).status_code == 304


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["nothing.js", "../app.py", "__init__.py", "%2e%2e/app.py", "vendor/leaflet/LICENSE"]
)
def test_nothing_else_is_served(client, name):
    assert client.get(f"/web/{name}").status_code == 404


@pytest.mark.parametrize("path", VENDORED, ids=lambda path: path.parent.name)
def test_what_others_wrote_is_as_they_published_it_with_its_licence(path):
    said = json.loads(path.read_text())
    assert said["licence"] in ("BSD-2-Clause", "MIT", "ISC")
    others = {one.name for one in path.parent.iterdir()} - {path.name}
    assert others == set(said["files"])
    assert any("LICENSE" in name for name in others)
    for name, digest in said["files"].items():
        content = (path.parent / name).read_bytes()
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == digest, name
