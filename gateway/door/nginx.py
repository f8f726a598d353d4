"""The door in several processes: nginx's configuration, rendered from the route table."""

import json
import os
import pwd
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.door import zipping
from gateway.door.refusals import (
    PAGE_HEADERS,
    HeaderTooLarge,
    ServiceTooSlow,
    ServiceUnreachable,
    TooSlow,
    page_of,
)
from gateway.door.table import CLOSED, ROUTES, Route, longest_first
from shared.errors import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    Refusal,
    TooLarge,
    TooManyRequests,
    Unavailable,
)

_TEMPLATES = Path(__file__).parents[2] / "deploy" / "nginx"

PROBLEMS: dict[int, Refusal] = {
    400: BadRequest("Send a well-formed HTTP request, and each header once"),
    404: NotFound("Look at /docs for what is offered"),
    405: MethodNotAllowed("Use another method"),
    408: TooSlow("Send it again, faster"),
    413: TooLarge("Send at most 1048576 bytes"),
    429: TooManyRequests("Wait as long as Retry-After says"),
    494: HeaderTooLarge("Send shorter headers and a shorter address"),
    500: Unavailable("Nothing was changed. Try again in a moment"),
    502: ServiceUnreachable("Try again in a moment, with the same Idempotency-Key"),
    503: Unavailable("Nothing was changed. Try again in a moment"),
    504: ServiceTooSlow("Try again in a moment, with the same Idempotency-Key"),
}
"""What nginx itself may refuse, and how that is told. Its own 500 means: the gateway is away."""


def render(
    folder: Path,
    *,
    listen: str,
    services: Mapping[str, str],
    routes: Sequence[Route] = ROUTES,
    requests_per_second: int = 200,
    request_burst: int = 400,
    forms_per_minute: int = 20,
    reports_at_once: int = 10,
) -> Path:
    """Write `nginx.conf` into `folder`, where nginx keeps everything else it writes too.

    `listen` and the `services` are `host:port`. As root the workers run as the folder's owner.
    """
    folder = folder.resolve()
    written = folder / "nginx.conf"
    user = pwd.getpwuid(folder.stat().st_uid).pw_name if os.geteuid() == 0 else None
    written.write_text(
        configuration(
            folder,
            user=user,
            listen=listen,
            services=services,
            routes=routes,
            requests_per_second=requests_per_second,
            request_burst=request_burst,
            forms_per_minute=forms_per_minute,
            reports_at_once=reports_at_once,
        )
    )
    return written


def configuration(
    folder: Path,
    *,
    user: str | None,
    listen: str,
    services: Mapping[str, str],
    routes: Sequence[Route] = ROUTES,
    requests_per_second: int = 200,
    request_burst: int = 400,
    forms_per_minute: int = 20,
    reports_at_once: int = 10,
) -> str:
    """The text of it, for a `folder` that may lie in a container."""
    environment = Environment(  # noqa: S701 -- not HTML
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"regex": re.escape, "problem": _problem, "page": page_of}
    environment.filters |= {"quoted": _quoted}
    return environment.get_template("hub.conf.j2").render(
        folder=folder,
        user=user,
        listen=listen,
        services=services,
        routes=longest_first(routes),
        closed=sorted(CLOSED),
        problems=PROBLEMS,
        rate=requests_per_second,
        burst=request_burst,
        forms=forms_per_minute,
        reports=reports_at_once,
        zipping=zipping,
        page_headers=PAGE_HEADERS,
    )


def command(configuration: Path) -> list[str]:
    """How nginx is started: in the foreground, with errors on standard error."""
    folder = str(configuration.parent)
    return ["nginx", "-e", "stderr", "-p", folder, "-c", str(configuration)]


def _problem(refusal: Refusal) -> str:
    return json.dumps(refusal.body())


def _quoted(text: str) -> str:
    """A text as one nginx string."""
    text = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"
