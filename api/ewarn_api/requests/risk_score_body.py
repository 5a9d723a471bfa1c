"""The request body of POST /v1/risk-scores."""

from typing import Annotated

from pydantic import Field

from ewarn_api.issues.unit_references import Strict, Unit, described

MOST_UNITS, MOST_LEADS, MOST_THRESHOLDS = 1_000, 100, 20
_MOST_COUNT = 1_000_000_000


Count = Annotated[int, Field(ge=0, le=_MOST_COUNT)]
Lead = Annotated[int, Field(ge=1, le=_MOST_COUNT)]


class Question(Strict):
    """Units, leads and thresholds for which risk scores are requested."""

    units: list[Unit] = described("units", min_length=1, max_length=MOST_UNITS)
    leads: list[Lead] = described("leads", [], max_length=MOST_LEADS)
    thresholds: list[Count] = described("thresholds", [], max_length=MOST_THRESHOLDS)
