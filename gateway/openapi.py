"""One OpenAPI 3.1 document for the whole hub, merged from those of its services."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import httpx2
import structlog

from shared.tasks import every

log = structlog.get_logger()

Document = dict[str, Any]
LeadsTo = Callable[[str], str | None]
"""To which service the door leads a path, if to any."""
_LOOK_AGAIN = 30.0
"""Seconds after which services are asked again: one may have been renewed."""
_ABOUT = """One referral, one story, one plan: the early help hub's interface for partner systems.

Fetch an access token with your client's key (`/.well-known/oauth-authorization-server` says how),
name the worker you act for in `Acting-Worker`, and send both with each request. Refusals are
`application/problem+json` and say what you can do."""


class Documents:
    """The services' documents: fetched over HTTP, or from the applications mounted beside."""

    def __init__(self, public_url: str, own: Callable[[], Document], leads_to: LeadsTo) -> None:
        self._public_url, self._own, self._leads_to = public_url, own, leads_to
        self._fetched: dict[str, Document] = {}
        self._merged: Document | None = None

    def merged(self) -> Document:
        """The whole hub's document, as far as its services have answered."""
        if self._merged is None:
            self._merged = merge(self._public_url, [self._own(), *self._fetched.values()])
        return self._merged

    async def fetch(self, services: Mapping[str, httpx2.AsyncClient]) -> None:
        """Ask every service for its document; what does not answer keeps its last one."""
        for name, client in services.items():
            try:
                answer = await client.get("/openapi.json")
                document = answer.raise_for_status().json()
                self._fetched[name] = offered(name, document, self._leads_to)
                self._merged = None
            except httpx2.HTTPError as error:
                log.info("no document yet", service=name, fault=type(error).__name__)

    async def follow(self, services: Mapping[str, httpx2.AsyncClient]) -> None:
        """One turn of the loop that keeps the documents fresh, faster while one is missing."""
        missing = services.keys() - self._fetched.keys()
        await every(1.0 if missing else _LOOK_AGAIN, lambda: self.fetch(services))


def offered(service: str, document: Document, leads_to: LeadsTo) -> Document:
    """What of a service's document the door leads to; the rest is for other services alone."""
    paths = {
        path: described
        for path, described in document["paths"].items()
        if leads_to(path) == service
    }
    parts = document.get("components", {})
    schemas = parts.get("schemas", {})
    named = _named(paths, schemas)
    left = {name: schema for name, schema in schemas.items() if name in named}
    return document | {"paths": paths, "components": parts | {"schemas": left}}


def _named(part: Any, schemas: Document) -> set[str]:
    """The schemas that `part` refers to, and those that these refer to in turn."""
    found: set[str] = set()
    ahead = [part]
    while ahead:
        match ahead.pop():
            case {"$ref": str(where)} if (name := where.rpartition("/")[2]) not in found:
                found.add(name)
                ahead.append(schemas.get(name))
            case dict(described):
                ahead += described.values()
            case list(many):
                ahead += many
    return found


def merge(public_url: str, documents: list[Document]) -> Document:
    """Paths and schemas of all; raises ValueError where two services mean different things."""
    whole: Document = {
        "openapi": "3.1.0",
        "info": {"title": "Early Help hub", "version": "1", "description": _ABOUT},
        "servers": [{"url": public_url}],
        "paths": {},
        "components": {},
    }
    for document in documents:
        _add(whole["paths"], document.get("paths", {}))
        for kind, parts in document.get("components", {}).items():
            _add(whole["components"].setdefault(kind, {}), parts)
    whole = deepcopy(whole)
    for scheme in whole["components"].get("securitySchemes", {}).values():
        for flow in scheme.get("flows", {}).values():
            flow["tokenUrl"] = f"{public_url}/oauth/token"
    return whole


def _add(to: Document, parts: Document) -> None:
    for name, part in parts.items():
        if to.setdefault(name, part) != part:
            raise ValueError(f"Two services describe {name} differently")
