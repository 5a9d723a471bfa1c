"""Drivers: what each group of features adds to a risk, and what is known of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn_api import access, answers, documents
from ewarn_api.params import PlacesAndMonths, several
from ewarn_api.snapshot import COLUMNS, Snapshot

router = APIRouter(tags=["forecasts"], dependencies=[access.needs("read")])


class Asked(PlacesAndMonths):
    """Parameters of drivers."""

    driver: list[str] = several("driver")

    def filters(self, known: Snapshot) -> dict[str, set[Any]]:
        """Column -> values to keep; raises Unknown for a name the issue does not know."""
        chosen = known.known_values("drivers", "driver", self.driver)
        return super().filters(known) | ({"driver": chosen} if chosen else {})


@router.get("/v1/drivers", **documents.rows("Driver", COLUMNS["drivers"], "drivers"))
async def drivers(request: Request, query: Annotated[Asked, Query()]) -> Response:
    """Drivers of the risks, one row a unit, month and driver, the leading one first; their
    contributions add up to the risk less its reference.
    """
    return await answers.rows(request, query, "drivers")
