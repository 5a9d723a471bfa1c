"""The forecasts themselves: means, quantiles and class probabilities as hubverse rows."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from ewarn import fields
from ewarn_api import access, answers, documents
from ewarn_api.params import PlacesAndMonths
from ewarn_api.snapshot import COLUMNS, Snapshot

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


class Asked(PlacesAndMonths):
    """Parameters of forecasts."""

    output_type: list[Literal["mean", "quantile", "pmf"]] = Field(
        [], description=fields.of("output_type").sentence
    )

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Column -> values to keep; raises Unknown for a name the issue does not know."""
        chosen = {"output_type": set(self.output_type)} if self.output_type else {}
        return super().filters(known) | chosen


@router.get("/v1/forecasts", **documents.rows("Forecast", COLUMNS["forecasts"], "forecasts"))
async def forecasts(request: Request, query: Annotated[Asked, Query()]) -> Response:
    """Forecasts, one row a unit, lead and output, in the columns of the hubverse."""
    return await answers.rows(request, query, "forecasts")
