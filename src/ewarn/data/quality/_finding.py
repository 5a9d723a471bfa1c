"""A finding about the data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """Something that holds an issue until it is accepted by its name, and what speaks for it."""

    name: str
    evidence: str
