"""The forecasts themselves: means, quantiles and class probabilities as hubverse rows."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn.core import columns
from ewarn_api import access
from ewarn_api.issues.snapshot import COLUMNS, Snapshot
from ewarn_api.requests.parameters import PlacesAndMonths, several
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


class Parameters(PlacesAndMonths):
    """Parameters of forecasts."""

    output_type: list[Literal["mean", "quantile", "pmf"]] = Field(
        [], description=columns.of("output_type").sentence
    )

    output_type_id: list[str] = several("output_type_id")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        asked = map(_level, self.output_type_id)
        ids = known.known_values("forecasts", "output_type_id", asked)
        chosen: dict[str, set[Any]] = {"output_type": set(self.output_type)}
        chosen |= {"output_type_id": ids}
        return super().filters(known) | {k: some for k, some in chosen.items() if some}


def _level(name: str) -> str:
    """Return a quantile's level as issues write it, 0.10 for 0.1; anything else as it is."""
    return f"{float(name):.2f}" if re.fullmatch(r"0?\.\d{1,3}0*", name) else name


@router.get("/v1/forecasts", **openapi.rows("Forecast", COLUMNS["forecasts"], "forecasts"))
async def forecasts(request: Request, query: Annotated[Parameters, Query()]) -> Response:
    """Forecasts, one row a unit, lead and output, in the columns of the hubverse."""
    return await envelope.rows(request, query, "forecasts")
