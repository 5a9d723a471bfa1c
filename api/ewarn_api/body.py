"""A route that takes a body, into one that refuses a body that is too long before it is read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ewarn.errors import BadInput

MOST_BYTES = 65_536


class Short(APIRoute):
    """A route whose body has at most MOST_BYTES, where it has one; raises BadInput."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, behind that check."""
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            length = request.headers.get("content-length", "no Content-Length")
            if request.method == "POST" and (not length.isdigit() or int(length) > MOST_BYTES):
                raise BadInput("body", f"{length} bytes", f"Content-Length, {MOST_BYTES} at most")
            return await handle(request)

        return checked
