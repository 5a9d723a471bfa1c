"""One step of the monthly cycle: its state, what it did, and the status of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "nothing new", "planned", "held", "source down", "failed"]
STATUS: dict[State, int] = {
    "done": 0,
    "planned": 0,
    "failed": 2,
    "nothing new": 3,
    "held": 4,
    "source down": 5,
}
_FIRST: tuple[State, ...] = ("failed", "source down", "held", "done", "planned")


@dataclass(frozen=True)
class Step:
    """What one step did; `name` is releases, data, issue, verification, hindcast or alerts."""

    name: str
    state: State
    detail: str


def status(steps: Sequence[Step]) -> int:
    """Return the exit status of a run: the gravest state of its steps, else whether one was done.

    >>> status([Step("releases", "done", ""), Step("issue", "held", "")])
    4
    """
    states = {step.state for step in steps}
    return STATUS[next((state for state in _FIRST if state in states), "nothing new")]
