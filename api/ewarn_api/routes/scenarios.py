"""Forecasts with counterfactual input, computed on request."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ewarn.explain.scenarios.request import NOTE, Scenario
from ewarn_api import access
from ewarn_api.issues import table
from ewarn_api.issues.scenario_process import Worker
from ewarn_api.issues.snapshot import RENAMED, SCENARIO
from ewarn_api.requests import parameters
from ewarn_api.requests.parameters import One
from ewarn_api.responses import envelope, formats, openapi

router = APIRouter(tags=["scenarios"], dependencies=[access.needs("read")])
_DOCUMENT = openapi.computed("ScenarioUnit", SCENARIO, "scenarios", more=["note"])
_DOCUMENT["responses"] |= openapi.failures(504)
_DOCUMENT["responses"][503]["description"] = (
    "There is no issue to answer from, too many scenarios wait, or the process that computes them"
    " ended. Ask again after the seconds of Retry-After."
)


@router.post("/v1/scenarios", **_DOCUMENT)
async def scenarios(
    request: Request, query: Annotated[One, Query()], scenario: Scenario
) -> Response:
    """Return the forecast of an issue beside the one its model gives when milestones, deployments
    or event counts are others: the sensitivity of the model, not what the change would cause. A
    milestone that was not known on the issue's `as_of` is refused.
    """
    parameters.check_single(request, query)
    form = formats.chosen(request, query, has_places=True)
    snapshot = await envelope.store_of(request).at(query.issue)
    card = snapshot.card
    worker: Worker = request.app.state.worker
    found = await worker.compute(card.issue, scenario.model_dump(mode="json"))
    rows = [{RENAMED.get(name, name): value for name, value in row.items()} for row in found]
    page = table.of_rows(SCENARIO, rows, slice(None))
    return envelope.computed(request, form, snapshot, page, {"note": NOTE})
