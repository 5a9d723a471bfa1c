"""`ewarn serve`: serve issued forecasts over HTTP."""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from typing import Annotated, Any

import typer

_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus-client in each worker


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; EWARN_HOST unless given.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; EWARN_PORT unless given."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that serve; EWARN_WORKERS unless given.")
    ] = None,
) -> None:
    """Serve the newest issue; a newer one is picked up without a restart.

    Example: ewarn serve --port 8000, then open http://127.0.0.1:8000/
    """
    import uvicorn  # noqa: PLC0415

    from ewarn.core.settings import settings  # noqa: PLC0415

    chosen = settings()
    several = workers or chosen.workers
    os.environ["EWARN_WORKERS"] = str(several)  # each worker allows its share of the limits
    # A request to stop is no failure: uvicorn raises the
    # signal again when all is done.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as until_stopped:
        if several > 1 and _SHARED not in os.environ:
            folder = tempfile.TemporaryDirectory(prefix="ewarn-metrics-")
            os.environ[_SHARED] = until_stopped.enter_context(folder)
        uvicorn.run(
            "ewarn_api.app:serving",
            factory=True,
            host=host or chosen.host,
            port=chosen.port if port is None else port,
            workers=several,
            proxy_headers=bool(chosen.trusted_proxies),
            forwarded_allow_ips=chosen.trusted_proxies,
            timeout_graceful_shutdown=chosen.stop_seconds,
            access_log=False,  # the journal has a line a request, with its id
            log_config=_logging(chosen.log_level),
        )


def _logging(level: str) -> dict[str, Any]:
    """Return the log configuration of each process: names, since a worker gets it as a
    message.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "ewarn_api.http.log_format.formatter"}},
        "handlers": {
            "error": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"handlers": ["error"], "level": level.upper()},
    }
