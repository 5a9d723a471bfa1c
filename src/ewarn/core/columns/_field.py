"""A declared column or field."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """What a name means wherever it stands; the type of `example` is the type of its values."""

    name: str
    unit: str
    sentence: str
    example: Any
    is_optional: bool = False
