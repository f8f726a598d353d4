"""The two applications of the door themselves: lifespans, and what they say without a database."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.app import Gateway, behind_nginx, create
from gateway.door import nginx
from gateway.door.dispatcher import Dispatcher, living
from gateway.door.table import ROUTES, Route, longest_first
from gateway.settings import Settings
from hub.site import SERVICES
from shared.errors import MEDIA_TYPE
from tests.gateway.conftest import ISSUER
from tests.gateway.partners import Partner
from tests.hub_fixture import alive


def service(name: str, told: list[str], *, fails: bool = False) -> ASGIApp:
    """An application that notes when it starts and stops, and answers with its own state."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            body = json.dumps(scope["state"]).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return
        await receive()
        if fails:
            raise RuntimeError(f"{name} cannot start")
        told.append(f"{name} starts")
        scope["state"]["name"] = name
        await send({"type": "lifespan.startup.complete"})
        await receive()
        told.append(f"{name} stops")
        await send({"type": "lifespan.shutdown.complete"})

    return app


TABLE = (Route("/", "one", public=True), Route("/two", "two", public=True))


async def test_services_start_in_order_stop_in_reverse_and_keep_their_state_apart(
    gateway: Gateway,
) -> None:
    told: list[str] = []
    services = {name: service(name, told) for name in ("one", "two")}
    dispatcher = Dispatcher(TABLE, services, gateway.door)
    async with living(dispatcher):
        transport = httpx2.ASGITransport(app=dispatcher)
        async with httpx2.AsyncClient(transport=transport, base_url=ISSUER) as http:
            for path, name in {"/": "one", "/two": "two", "/two/x": "two", "/twos": "one"}.items():
                assert (await http.get(path)).json() == {"name": name}
    assert told == ["one starts", "two starts", "two stops", "one stops"]


async def test_a_service_that_cannot_start_stops_the_others_again(gateway: Gateway) -> None:
    told: list[str] = []
    services = {"one": service("one", told), "two": service("two", told, fails=True)}
    with pytest.raises(RuntimeError, match="two cannot start"):
        async with living(Dispatcher(TABLE, services, gateway.door)):
            pass
    assert told == ["one starts", "one stops"]


async def test_a_websocket_is_refused(gateway: Gateway) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    dispatcher = Dispatcher(TABLE, {}, gateway.door)
    await dispatcher({"type": "websocket"}, None, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close"}]


def test_longer_prefixes_are_tried_first() -> None:
    table = (Route("/", "a"), Route("/api/v1", "b"), Route("/api", "c"))
    assert [route.service for route in longest_first(table)] == ["b", "c", "a"]


async def test_without_its_database_the_door_says_so_in_both_shapes(
    settings: Settings, partner: Partner, http: httpx2.AsyncClient
) -> None:
    bearer = await partner.bearer(http)
    nowhere = "postgresql+asyncpg://gateway@/gateway?host=/nowhere"
    settings = settings.model_copy(update={"database_url": nowhere})
    gateway = create(settings)
    dispatcher = Dispatcher((Route("/", "one"),), {}, gateway.door)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=dispatcher), base_url=ISSUER
    ) as http:
        away = await http.get("/", headers=bearer)
    assert (away.status_code, away.headers["content-type"]) == (503, MEDIA_TYPE)
    assert away.headers["retry-after"] == "2"
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=behind_nginx(settings)), base_url=ISSUER
    ) as http:
        asked = await http.get("/authz", headers=bearer)
    assert (asked.status_code, asked.headers["x-refusal"]) == (403, "unavailable")
    assert json.loads(asked.headers["x-problem"]) == away.json()


async def test_what_nginx_asks_is_answered_with_204_401_or_403(
    settings: Settings, partner: Partner, http: httpx2.AsyncClient
) -> None:
    bearer = await partner.bearer(http)
    inside = behind_nginx(settings)
    async with (
        alive(inside),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=inside), base_url=ISSUER) as asking,
    ):
        admitted = await asking.get("/authz", headers=bearer)
        assert admitted.status_code == 204
        assert admitted.headers["x-internal-token"].startswith("Bearer ")
        assert admitted.headers["ratelimit"]
        assert (await asking.get("/authz/anonymous")).status_code == 204
        unknown = await asking.get("/authz", headers=bearer | {"Acting-Worker": "x"})
        assert (unknown.status_code, unknown.headers["x-refusal"]) == (403, "acting-worker-unknown")
        nobody = await asking.get("/authz")
        assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")


def test_each_route_stands_in_the_nginx_file_with_its_service(tmp_path: Path) -> None:
    services = dict.fromkeys(SERVICES, "127.0.0.1:9")
    text = nginx.render(tmp_path, listen="127.0.0.1:8", services=services).read_text()
    for route in ROUTES:
        assert f"# {route.prefix} → {route.service}" in text
    assert text.count("auth_request /authz;") == sum(not route.public for route in ROUTES)
