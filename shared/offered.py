"""Which methods a path is offered with, for whoever used another."""

from collections.abc import Iterator

from fastapi import Request
from starlette.routing import Match

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def offered(request: Request) -> Iterator[str]:
    """Every method of this path: each may be a route of its own. HEAD is answered as GET is."""
    for method in _METHODS:
        asked = {**request.scope, "method": "GET" if method == "HEAD" else method}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            yield method
