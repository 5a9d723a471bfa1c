"""Create the service from its settings: routes found in their folder, problems, and middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from ewarn.core import plugins
from ewarn.core.settings import Settings
from ewarn.core.settings import settings as of_process
from ewarn.database import Database
from ewarn.evaluation import hindcasts
from ewarn_api import routes
from ewarn_api.access import Access
from ewarn_api.http import log_format, metrics
from ewarn_api.http.access_log import AccessLog, Log
from ewarn_api.http.admission import Admission
from ewarn_api.http.compression import Compression
from ewarn_api.http.cors import Cors
from ewarn_api.http.edge import Edge
from ewarn_api.http.ranges import Ranges
from ewarn_api.http.response_cache import ResponseCache
from ewarn_api.issues.outcomes import Outcomes
from ewarn_api.issues.scenario_process import Worker
from ewarn_api.issues.store import Store
from ewarn_api.issues.verification import Scores
from ewarn_api.responses import openapi, problems


class Service(FastAPI):
    """FastAPI inside our layers, which so see what it answers to a fault, too."""

    layers: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request: layer by layer, and by FastAPI where none of them does."""
        await self.layers(scope, receive, send)

    def surround(self, settings: Settings, log: Log | None) -> None:
        """Put the layers round FastAPI, here from the innermost to the outermost."""
        store, access = self.state.store, self.state.access
        app = Compression(Edge(super().__call__, store, settings.https))
        cached = ResponseCache(app, store, access, settings.ready_bytes)
        admitted = Admission(Ranges(cached), store, access, settings)
        origins = [origin.strip() for origin in settings.cors.split(",")]
        self.layers = AccessLog(Cors(admitted, origins), log)


def serving() -> FastAPI:
    """Return the service as `ewarn serve` runs it: by the environment's settings, with a log."""
    chosen = of_process()
    return create(chosen, log_format.requests(chosen.log_level))


def create(settings: Settings | None = None, log: Log | None = None) -> FastAPI:
    """Return the service over the issues of these settings, else of the process's own; `log` takes
    the line of each request.
    """
    chosen = settings or of_process()
    app = Service(
        title="ewarn",
        version=version("ewarn"),
        summary="Early warning of political violence",
        description=openapi.DESCRIPTION,
        generate_unique_id_function=_operation,
        docs_url=None,  # the pages FastAPI makes load their scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_living,
    )
    app.state.store = Store(chosen.issues, chosen.overdue_margin)
    app.state.worker = Worker(chosen.mlruns, chosen.scenario_seconds, chosen.scenario_queue)
    app.state.database = Database(chosen.database)
    app.state.scores = Scores(app.state.database, chosen.mlruns / hindcasts.FOLDER)
    app.state.hindcasts = chosen.mlruns / hindcasts.FOLDER
    app.state.outcomes = Outcomes(app.state.store, chosen.mlruns / hindcasts.FOLDER)
    app.state.sender = chosen.sender
    app.state.overdue_status = chosen.overdue_status
    app.state.is_anywhere = chosen.webhooks == "anywhere"
    app.state.access = Access(app.state.database, chosen.read)
    for name in plugins.names(routes):
        app.include_router(plugins.load(routes, name).router)
    problems.add_to(app)
    openapi.add_to(app)
    app.surround(chosen, log)
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    yield
    await run_in_threadpool(app.state.worker.stop)
    await run_in_threadpool(app.state.database.close)
    metrics.leave()


def _operation(route: APIRoute) -> str:
    return route.name
