"""Bytes pass the door as they come, both ways; whoever hangs up is heard. No clock decides here:
each side waits for what the other has seen."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2

from tests.gateway.doors import HERE, Doorway
from tests.gateway.partners import Partner


async def watched(outside: httpx2.AsyncClient, bearer: dict[str, str], name: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await outside.get(f"/echo/watch/{name}", headers=bearer)).json()
    return seen


async def until(
    outside: httpx2.AsyncClient, bearer: dict[str, str], name: str, **is_so: Any
) -> None:
    """Wait until the service has seen this."""
    async with asyncio.timeout(10):
        while not is_so.items() <= (await watched(outside, bearer, name)).items():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_request_body_arrives_while_it_is_sent(
    caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer, name = await caller.bearer(outside), uuid4().hex

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * 100
        await until(outside, bearer, name, received=100)
        yield b"y" * 50

    answer = await outside.post(f"/echo/swallow/{name}", headers=bearer, content=body())
    assert answer.json() == {"received": 150}


async def test_an_answer_arrives_while_it_is_made(
    caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer, name = await caller.bearer(outside), uuid4().hex
    async with outside.stream("GET", f"/echo/drip/{name}", headers=bearer) as answer:
        parts = answer.aiter_raw()
        async with asyncio.timeout(10):
            assert await anext(parts) == b"first"
        await outside.post(f"/echo/release/{name}", headers=bearer)
        assert await anext(parts) == b"second"


async def test_a_client_that_hangs_up_is_heard_by_the_service(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer, name = await caller.bearer(outside), uuid4().hex
    lines = [f"GET /echo/wait/{name} HTTP/1.1", f"Host: {HERE}"]
    lines += [f"Authorization: {bearer['Authorization']}", "", ""]
    with socket.create_connection((HERE, door.port)) as connection:
        connection.sendall("\r\n".join(lines).encode())
        await asyncio.sleep(0.3)
        assert (await watched(outside, bearer, name))["hung_up"] is False
    await until(outside, bearer, name, hung_up=True)
