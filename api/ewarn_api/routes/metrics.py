"""Numbers about the service and what it serves, for Prometheus."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from ewarn_api import access
from ewarn_api.http import metrics as numbers
from ewarn_api.issues.scenario_process import SCENARIO_WORKERS
from ewarn_api.requests.parameters import Nothing
from ewarn_api.responses import envelope

router = APIRouter(include_in_schema=False, dependencies=[access.needs("nothing")])


@router.get("/metrics")
async def metrics(
    request: Request,
    query: Annotated[Nothing, Query()],  # noqa: ARG001
) -> Response:
    """Requests, their time, the age of the data, and the state of scenarios."""
    store = envelope.store_of(request)
    await store.view()
    SCENARIO_WORKERS.set(request.app.state.worker.is_running)
    text = await run_in_threadpool(numbers.text, store)
    return Response(text, headers={"Cache-Control": "no-store"}, media_type=numbers.MEDIA_TYPE)
