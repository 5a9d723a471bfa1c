"""Settings into the service: routes found in their folder, problems, and the edge round them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from ewarn import hindcasts, plugins
from ewarn.records import Records
from ewarn.settings import Settings
from ewarn.settings import settings as of_process
from ewarn_api import documents, problems, routes
from ewarn_api.access import Access
from ewarn_api.edge import Edge
from ewarn_api.guard import Guard
from ewarn_api.store import Store
from ewarn_api.worker import Worker


def create(settings: Settings | None = None) -> FastAPI:
    """The service over the issues of these settings, else of the process's own."""
    chosen = settings or of_process()
    app = FastAPI(
        title="ewarn",
        version=version("ewarn"),
        summary="Early warning of political violence",
        description=documents.DESCRIPTION,
        generate_unique_id_function=_operation,
        docs_url=None,  # the pages FastAPI makes load their scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_living,
    )
    app.state.store = Store(chosen.issues)
    app.state.worker = Worker(chosen.mlruns, chosen.scenario_seconds, chosen.scenario_queue)
    app.state.records = Records(chosen.database)
    app.state.hindcasts = chosen.mlruns / hindcasts.FOLDER
    app.state.sender = chosen.sender
    app.state.is_anywhere = chosen.webhooks == "anywhere"
    app.state.access = Access(app.state.records, chosen.read)
    for name in plugins.names(routes):
        app.include_router(plugins.load(routes, name).router)
    problems.add_to(app)
    documents.add_to(app)
    app.add_middleware(Guard, access=app.state.access, settings=chosen)
    app.add_middleware(Edge, store=app.state.store)
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    yield
    await run_in_threadpool(app.state.worker.stop)
    await run_in_threadpool(app.state.records.close)


def _operation(route: APIRoute) -> str:
    return route.name
