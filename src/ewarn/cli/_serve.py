"""`ewarn serve`: the issued forecasts over HTTP."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the newest issue; a newer one is picked up without a restart.

    Example: ewarn serve --port 8000, then open http://127.0.0.1:8000/docs
    """
    import uvicorn  # noqa: PLC0415

    from ewarn.settings import settings  # noqa: PLC0415

    proxies = settings().trusted_proxies
    uvicorn.run(
        "ewarn_api.app:create",
        factory=True,
        host=host,
        port=port,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
