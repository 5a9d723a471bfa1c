"""Test the size limits of the tree and the files that people expect beside the code."""

import tomllib
from pathlib import Path

import pytest
import yaml

from project.plain_english import ROOT

SOURCES = sorted(path for root in ("src", "api") for path in (ROOT / root).rglob("*.py"))


def _entries(folder: Path) -> list[str]:
    beside = {"__init__.py", "__pycache__", "_data"}
    return sorted(path.name for path in folder.iterdir() if path.name not in beside)


def test_a_package_has_few_entries():
    assert len(_entries(ROOT / "src/ewarn")) <= 12
    assert len(_entries(ROOT / "api/ewarn_api")) <= 10


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_every_package_has_a_docstring_that_states_what_it_may_import():
    for folder in (ROOT / "src/ewarn", ROOT / "api/ewarn_api"):
        for package in folder.iterdir():
            start = package / "__init__.py"
            if start.exists() and package.name not in ("web", "cli", "jobs", "routes"):
                assert "import" in start.read_text(encoding="utf-8").split('"""')[1], start


def test_pre_commit_runs_what_make_check_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert [hook["entry"] for hook in hooks] == ["make check"]


def test_the_citation_has_the_version_of_the_project():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert cited["version"] == project["version"]
