"""A verdict is made once for all who ask at the same moment, renewed while it is used, and ends."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx2
import pytest

from gateway import actions, store
from gateway.app import Gateway
from gateway.door import checks
from shared.errors import NotAuthenticated
from tests.gateway.partners import Partner

Look = Callable[[], int]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Look:
    """How often the door has looked into its database."""
    asked, look = [0], store.standing

    async def counted(*question: object) -> store.Standing | None:
        asked[0] += 1
        return await look(*question)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "standing", counted)
    return lambda: asked[0]


@pytest.fixture
async def knock(
    gateway: Gateway, partner: Partner, http: httpx2.AsyncClient
) -> Callable[[], Awaitable[bytes]]:
    """Comes to the door with one token."""
    bearer = (await partner.bearer(http))["Authorization"].encode()

    async def admitted() -> bytes:
        return (await gateway.door.admit(bearer, b""))[0]

    return admitted


async def test_all_who_ask_at_once_wait_for_one_decision(
    knock: Callable[[], Awaitable[bytes]], looks: Look
) -> None:
    tokens = await asyncio.gather(*(knock() for _ in range(20)))
    assert (len(set(tokens)), looks()) == (1, 1)
    assert await knock() == tokens[0]
    assert looks() == 1


async def test_whoever_hangs_up_ends_only_their_own_wait(
    knock: Callable[[], Awaitable[bytes]], looks: Look
) -> None:
    first, second = asyncio.ensure_future(knock()), asyncio.ensure_future(knock())
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).startswith(b"Bearer ")
    assert (first.cancelled(), looks()) == (True, 1)


async def test_a_verdict_in_use_is_renewed_beside_the_requests_and_a_refusal_ends_it(
    gateway: Gateway,
    partner: Partner,
    knock: Callable[[], Awaitable[bytes]],
    looks: Look,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = await knock()
    monkeypatch.setattr(checks, "KEPT", 1000.0)  # every kept verdict is in its second half now
    assert await knock() == first
    await asyncio.gather(*gateway.door._decisions.values())
    assert looks() == 2
    monkeypatch.setattr(checks, "KEPT", 4000.0)
    await actions.revoke_client(gateway.db, partner.client_id, now=datetime.now(UTC))
    assert (await knock()).startswith(b"Bearer ")
    await asyncio.gather(*gateway.door._decisions.values(), return_exceptions=True)
    with pytest.raises(NotAuthenticated):
        await knock()
