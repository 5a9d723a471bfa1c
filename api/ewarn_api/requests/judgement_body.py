"""The request body of a judgement, and the row that answers with one."""

from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict

from ewarn.core import columns
from ewarn.database.judgements import NOTE_MOST, Arrow, Judgement, Level
from ewarn_api.requests.parameters import Label, described

COLUMNS = columns.TABLES["judgements"]
_about = partial(described, "judgements")


class NewJudgement(BaseModel):
    """A judgement to record."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    area_level: Level = _about("area_level", "unit")
    area_code: str = _about("area_code", min_length=1, max_length=40)
    target_month: Label = _about("target_month")
    arrow: Arrow = _about("arrow")
    probability: float = _about("probability", ge=0, le=1, allow_inf_nan=False)
    analyst_note: str = _about("analyst_note", "", max_length=NOTE_MOST, pattern="^[^\\x00]*$")


def row(one: Judgement, analyst: str, is_newest: bool) -> dict[str, Any]:
    """Return a judgement as its team sees it (`columns.TABLES["judgements"]`)."""
    reported = {"judgement": one.id, "analyst": analyst, "is_newest": is_newest}
    reported |= {"issue": one.issue_id, "recorded_at": one.recorded_at.isoformat()}
    return {name: reported[name] if name in reported else getattr(one, name) for name in COLUMNS}
