"""What the model would have said had other things been known: computed by a worker when asked."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ewarn.scenario import NOTE, Scenario
from ewarn_api import access, answers, documents, formats, params, store, table
from ewarn_api.params import One
from ewarn_api.snapshot import RENAMED, SCENARIO
from ewarn_api.worker import Worker

router = APIRouter(tags=["scenarios"], dependencies=[access.needs("read")])
_DOCUMENT = documents.rows("ScenarioUnit", SCENARIO, "scenarios", more=["note"])
del _DOCUMENT["responses"][304]
_DOCUMENT["responses"] |= documents.failures(504)
_DOCUMENT["responses"][503]["description"] = (
    "There is no issue to answer from, too many scenarios wait, or the process that computes them"
    " ended. Ask again after the seconds of Retry-After."
)


@router.post("/v1/scenarios", **_DOCUMENT)
async def scenarios(
    request: Request, query: Annotated[One, Query()], scenario: Scenario
) -> Response:
    """The forecast of an issue beside the one its model gives when milestones, deployments or event
    counts are others: the sensitivity of the model, not what the change would cause. A milestone
    that was not known on the issue's `as_of` is refused.
    """
    params.check_single(request, query)
    form = formats.chosen(request, query.format)
    card = (await answers.store_of(request).at(query.issue)).card
    worker: Worker = request.app.state.worker
    found = await worker.ask(card.issue, scenario.model_dump(mode="json"))
    rows = [{RENAMED.get(name, name): value for name, value in row.items()} for row in found]
    page = table.of_rows(SCENARIO, rows, slice(None))
    about: dict[str, Any] = {"note": NOTE, "totalCount": page.total, "links": {}}
    said = answers.headers(card) | {"Cache-Control": "no-store", "Vary": "Accept"}
    content = form.write(page, about | store.meta(card))
    return Response(content, headers=said, media_type=form.media_type)
