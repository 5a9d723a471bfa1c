"""Drivers: what each group of features adds to a risk, and what is known of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access
from ewarn_api.issues.snapshot import COLUMNS, Snapshot
from ewarn_api.requests.parameters import PlacesAndMonths, several
from ewarn_api.responses import envelope, openapi

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


class Parameters(PlacesAndMonths):
    """Parameters of drivers."""

    driver: list[str] = several("driver")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Return column -> values to keep; raises Unknown for a name the issue does not know."""
        chosen = known.known_values("drivers", "driver", self.driver)
        return super().filters(known) | ({"driver": chosen} if chosen else {})


@router.get("/v1/drivers", **openapi.rows("Driver", COLUMNS["drivers"], "drivers"))
async def drivers(request: Request, query: Annotated[Parameters, Query()]) -> Response:
    """Drivers of the risks, one row a unit, month and driver, the leading one first; their
    contributions add up to the risk less its reference.
    """
    return await envelope.rows(request, query, "drivers")
