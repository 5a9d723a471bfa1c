"""Find phrases that this project does not use, in docstrings, messages, names and docs.

Run it on files or folders while you write: `python tests/project/plain_english.py src/ewarn/core`.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROSE = {".md", ".toml", ".jinja", ".html", ".json", ".service", ".example", ".js", ".ipynb"}
PLACES = (
    *("src", "api", "docs", "models", "features", "benchmarks", "tools", "mlruns/README.md"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile"),
)
# Phrase -> what to write instead; the table of the project's style guide, as patterns.
PHRASES = {
    r"told|tell|tells|telling": "reported, states, gives, shows",
    r"said|says|say|saying": "states, reads, forecast; data do not speak",
    r"knew|knows": "data do not know; a person or a panel as known on a day",
    r"what (then |really )?came|came of it|came to": "outcome, observed, result",
    r"asked|asks|asking": "requested, request",
    r"suppos\w+": "scenario, counterfactual input",
    r"had it been known": "counterfactual",
    r"prov(e|ed|es) to be": "verification, forecast skill",
    r"worth": "value",
    r"the past (reached|has reached|says)|how often the past": "share of past months at or above",
    r"somebody|whose it is|nobody's|whoever": "user, owner",
    r"never quite|without hope": "bounded away from zero",
    r"evaluat(ion|e|es|ed) (of )?(the |a |every |each )?watch ?lists?": "alert run",
    r"watch ?lists? (is|are|was|were) evaluated": "alert run",
    r"leak": "leakage",
    r"where is risk high": "risk map",
    r"how good have we been": "track record",
    r"in vain": "false alarm",
    r"made anew|anew": "again",
}
_PHRASES = {re.compile(rf"\b({phrase})\b", re.I): better for phrase, better in PHRASES.items()}
# First words of a docstring after which "X into Y" is an ordinary sentence.
_VERBS = (
    "Add Aggregate Arrange Bin Build Carry Check Collect Combine Convert Copy Cut Decode Divide"
    " Draw Encode Expand Fill Find Fit Fold Format Group Insert Join Load Map Merge Mix Move"
    " Parse Place Pool Put Read Rearrange Render Resolve Return Save Sort Split Spread Stack Sum"
    " Translate Turn Unpack Write Yield"
).split()
_NAMES = re.compile(r"(^|_)(told|tell|said|say|asked|ask|supposed?|supposing|worth|somebody)(_|$)")
_NOT_OURS = {"vendor", "__pycache__", ".ipynb_checkpoints", "_build", "jupyter_execute"}
_NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_COMMENT = re.compile(r"(//[^\n]*|/\*.*?\*/)|\n", re.S)
_CODE = re.compile(r"```.*?```|`[^`]*`|<code>.*?</code>|https?://\S+", re.S)
# Names of the API's columns, fields and operations, which clients rely on.
_PROMISED = {
    *("told_as_of", "changes_untold", "WatchlistAsked", "SubscriptionAsked", "risk_scores_asked"),
}


def of_file(path: Path) -> Iterator[str]:
    """Yield a line for each finding in a file: path, line, phrase, and what to write instead."""
    text = path.read_text(encoding="utf-8")
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    if path.suffix == ".js":
        text = _only_comments(text)
    if path.suffix == ".ipynb":
        text = _only_sources(text)
    found = _of_python(text) if path.suffix == ".py" else _of_prose(text)
    for line, what in sorted(set(found)):
        yield f"{where}:{line}: {what}"


def _of_python(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield from _phrases(node.value, node.lineno)
        if isinstance(node, (ast.Module, *_NAMED)):
            yield from _first_line(ast.get_docstring(node) or "", node)
        name = getattr(node, "name", None) if isinstance(node, _NAMED) else None
        if name and name not in _PROMISED and _NAMES.search(_snake(name)):
            yield node.lineno, f"name {name}"
    for line, comment in enumerate(text.splitlines(), 1):
        _, mark, rest = comment.partition("# ")
        if mark and '"' not in rest:
            yield from _phrases(rest, line)


def _only_comments(text: str) -> str:
    """Blank the code of a script, so that only its comments are read; lines keep their numbers."""
    return "".join(found[1] or "\n" for found in _COMMENT.finditer(text))


def _only_sources(text: str) -> str:
    """Return what is written in the cells of a notebook, without their outputs."""
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def _of_prose(text: str) -> Iterator[tuple[int, str]]:
    blank = _CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
    for line, content in enumerate(blank.splitlines(), 1):
        yield from _phrases(content, line)


def _phrases(text: str, line: int) -> Iterator[tuple[int, str]]:
    text = _CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
    for phrase, better in _PHRASES.items():
        for found in phrase.finditer(text):
            yield line + text.count("\n", 0, found.start()), f"{found[0]!r}; write: {better}"


def _first_line(docstring: str, node: ast.AST) -> Iterator[tuple[int, str]]:
    first = docstring.split("\n\n", 1)[0]
    if " into " in first and first.split()[0] not in _VERBS:
        yield getattr(node, "lineno", 1), f"{first!r}; write: a sentence with a verb, not X into Y"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def files(places: list[Path]) -> Iterator[Path]:
    """Yield the files with prose of ours below those places."""
    for place in places:
        inside = [place] if place.is_file() else sorted(place.rglob("*"))
        for path in inside:
            is_ours = not _NOT_OURS & set(path.parts)
            if path.is_file() and is_ours and (path.suffix in {".py", *PROSE} or not path.suffix):
                yield path


if __name__ == "__main__":
    given = [Path(one).resolve() for one in sys.argv[1:]] or [ROOT / one for one in PLACES]
    lines = [line for path in files(given) for line in of_file(path)]
    print("\n".join([*lines, f"{len(lines)} findings"]))
    sys.exit(bool(lines))
