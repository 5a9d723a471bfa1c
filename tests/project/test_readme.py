"""What the README and the docs say to type works."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from support import small_issue
from typer.testing import CliRunner

from ewarn import cli
from ewarn.core.settings import Settings
from ewarn_api.app import create

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    block for page in PAGES for block in re.findall(r"```sh\n(.*?)```", page.read_text(), re.S)
]
COMMANDS = [shlex.split(line) for block in BLOCKS for line in block.splitlines() if line]
LINKS = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)#]+)", page.read_text())]


def test_the_two_commands_come_first():
    assert COMMANDS[:2] == [["make", "forecast"], ["make", "test"]]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c[0] == "make"], ids=shlex.join)
def test_every_make_command_runs_a_command_ewarn_has(command):
    for line in _make("--dry-run", "--always-make", *command[1:]).splitlines():
        if line.startswith(".venv/bin/ewarn"):
            _assert_understood(shlex.split(line)[1:])


def _make(*arguments: str) -> str:
    """What make prints; it would pass on the ARGS that `make test` itself was given."""
    outside = {
        key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "ARGS"))
    }
    done = subprocess.run(
        ["make", *arguments],  # noqa: S607
        cwd=ROOT, env=outside, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def _assert_understood(arguments: list[str]) -> None:
    known = CliRunner().invoke(cli.app, [arguments[0], "--help"], env={"COLUMNS": "200"}).output
    for option in (part for part in arguments if part.startswith("--")):
        assert option in known, f"{option} is not an option of ewarn {arguments[0]}"


def test_curl_lines_are_answered(tmp_path):
    urls = [command[1] for command in COMMANDS if command[0] == "curl"]
    small_issue.written(tmp_path / "mlruns/issues")
    client = TestClient(create(Settings(home=tmp_path)))
    assert len(urls) == 2
    for url in urls:
        path = url.removeprefix("http://127.0.0.1:8000").replace("MLI-KD", "MLI-gao")
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[link for _, link in LINKS])
def test_every_link_leads_somewhere(page, link):
    assert link.startswith("http") or (page.parent / link).exists()


def test_make_alone_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert targets is not None
    assert {line.split()[1] for line in _make().splitlines()} == set(targets[1].split())
