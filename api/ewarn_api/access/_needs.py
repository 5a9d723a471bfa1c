"""What a route needs, declared as its dependency."""

from functools import cache
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from ewarn_api.access._access import Access, Need
from ewarn_api.access._callers import Caller


class Needs:
    """What a route needs, as the dependency that sees to it."""

    def __init__(self, need: Need) -> None:
        self.need = need

    async def __call__(self, request: Request) -> Caller | None:
        """Return the caller; raises NoKey, NoScope or Unreachable."""
        access: Access = request.app.state.access
        return await access.admit(request, self.need)


@cache
def needs(need: Need) -> Any:
    """Return the dependency of a route, or of a router, that needs a scope; its value is the
    Caller.

    "read" is open or keyed by EWARN_READ, "nothing" is open to all, the others always need a key.
    """
    return Depends(Needs(need))


def need_of(dependant: Dependant) -> Need | None:
    """Return the scope that a route declares; None where it declares none."""
    for one in dependant.dependencies:
        need: Need | None = one.call.need if isinstance(one.call, Needs) else need_of(one)
        if need:
            return need
    return None
