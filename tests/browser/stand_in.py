"""Stands in for the search until it is here: answers the contract's shape from the street.

Whatever is typed as `text` must stand in the name; `slow` never answers, `broken` is a fault.
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.directory.domain.leaflet import plain
from tests.browser.street import COUNT, NEEDS, SAID, need_id, service_id

SEARCH = "/api/v1/directory/search"
Json = dict[str, Any]
_ANYBODY = {"Access-Control-Allow-Origin": "*"}


class StandIn:
    """ASGI application before another: it answers the search, the other all else."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind
        self.asked: list[Json] = []
        """What was searched for."""
        self.methods: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != SEARCH:
            await self._behind(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            allowed = {"Access-Control-Allow-Headers": "Content-Type"}
            await Response(status_code=204, headers=_ANYBODY | allowed)(scope, receive, send)
            return
        request = Request(scope, receive)
        self.methods.append(request.method)
        said = json.loads(await request.body()) if request.method == "POST" else _query(request)
        self.asked.append(said)
        answer = await _answered(said)
        answer.headers.update(_ANYBODY)
        await answer(scope, receive, send)


def _query(request: Request) -> Json:
    said: Json = {}
    for name, value in parse_qsl(request.url.query):
        said[name] = [*said.get(name, []), value] if name == "need" else value
    return said


async def _answered(said: Json) -> Response:
    text = str(said.get("text", ""))
    if text == "slow":
        await asyncio.sleep(3600)
    if text == "broken":
        return JSONResponse({"type": "/problems/fault", "title": "", "status": 500}, 500)
    for near, slug in (("nonsense", "not-a-postcode"), ("ZZ1 9ZZ", "postcode-unknown")):
        if said.get("near") == near:
            problem = {"type": f"/problems/{slug}", "title": "", "status": 400, "detail": ""}
            return JSONResponse(problem, 400, media_type="application/problem+json")
    return JSONResponse(_found(said, text))


def _found(said: Json, text: str) -> Json:
    every = [_told(number, near=bool(said.get("near"))) for number in range(COUNT)]
    typed = "playgroup" if text == "playgruop" else text
    fits = [one for one in every if typed.lower() in one["name"].lower()]
    fits = [one for one in fits if said.get("cost") in (None, one["cost"])]
    fits = [one for one in fits if not said.get("need") or one["need"] in said["need"]]
    page, size = int(said.get("page", 1)), int(said.get("per_page", 10))
    answer: Json = {
        "total": len(fits),
        "page": page,
        "per_page": size,
        "pages": -(-len(fits) // size),
    }
    if near := said.get("near"):
        answer["near"] = {"label": near, "kind": "outward_code"}
    if typed != text:
        answer["showing_for"] = typed
    if not fits and near:
        answer["nothing_near"] = True
    shown = fits[(page - 1) * size : page * size]
    services = [{name: value for name, value in one.items() if name != "need"} for one in shown]
    return answer | {"facets": _facets(fits), "services": services}


def _facets(fits: list[Json]) -> Json:
    def counted(name: str, value: str, **label: str) -> Json:
        return {"value": value, "count": sum(one[name] == value for one in fits), **label}

    needs = [counted("need", need_id(name), label=name) for name in NEEDS]
    costs = [counted("cost", value) for value in ("free", "paid")]
    found = {"need": needs, "cost": costs}
    return {name: [one for one in values if one["count"]] for name, values in found.items()}


def _told(number: int, *, near: bool) -> Json:
    nearest: Json = {"name": f"Invented Hall {number}", "postcode_area": "ZZ99"}
    return {
        "id": service_id(number),
        "name": f"Invented Playgroup {number}",
        "organization": {"id": service_id(number), "name": "Madeup Trust"},
        "summary": plain(SAID.format(number=number)),
        "nearest": nearest | ({"metres": 900 * (number + 1)} if near else {}),
        "area_wide": False,
        "delivery": ["in_person"],
        "cost": "paid" if number % 2 else "free",
        "need": need_id(NEEDS[number % 2]),
        "ages": {"from": 0, "to": 4 + number},
        "access": "self",
        "takes_referrals": False,
        "why": [],
        "url": f"/find-help/services/{service_id(number)}",
    }
