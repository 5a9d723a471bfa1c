"""Compute scenarios: a line of JSON each on standard input, a line each on standard output.

The service runs it as a process of its own, `python -m ewarn.jobs.scenario_worker MLRUNS`, since it
needs the modelling stack. The issue last requested stays loaded. It ends with its input.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ewarn import jobs
from ewarn.core.errors import BadInput, EwarnError
from ewarn.explain.scenarios import request
from ewarn.jobs import ScenarioRunner


def answers(lines: Iterable[str], mlruns: Path) -> Iterator[str]:
    """Yield the answer to each line `{"issue": ..., "scenario": {...}}`: `rows`, or `refused` with
    where, what and expected, or `failed` with a sentence where the issue cannot be made again.
    """
    at_hand = lru_cache(maxsize=1)(lambda name: jobs.scenario_runner(name, mlruns))
    for line in lines:
        requested = json.loads(line)
        try:
            runner = at_hand(requested["issue"])
        except (EwarnError, OSError) as error:
            print(f"scenario worker: {error}", file=sys.stderr)
            yield json.dumps(
                {"failed": "the issue cannot be made again: see the log for what is gone"}
            )
            continue
        yield json.dumps(_answer(runner, requested["scenario"]))


def _answer(runner: ScenarioRunner, given: dict[str, Any]) -> dict[str, Any]:
    try:
        rows = runner.run(request.checked(given))
    except BadInput as error:
        return {"refused": [error.where, error.what, error.expected]}
    return {"rows": rows.to_dict("records")}


def main() -> None:
    """Answer until the input ends; whatever else is printed goes to standard error."""
    out, sys.stdout = sys.stdout, sys.stderr
    for answer in answers(sys.stdin, Path(sys.argv[1])):
        print(answer, file=out, flush=True)


if __name__ == "__main__":
    main()
