"""A client that asks too much is told so, in both shapes of the door, and others are not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx2
import pytest

from shared.db import Database
from shared.errors import MEDIA_TYPE
from tests.gateway.conftest import SHAPES
from tests.gateway.doors import Doorway
from tests.gateway.partners import new_partner

TEACHER = {"name": "Ann Onym", "job_title": "Teacher"}


@pytest.fixture(scope="module", params=SHAPES)
def narrow(
    request: pytest.FixtureRequest, open_door: Callable[..., AbstractContextManager[Doorway]]
) -> Iterator[Doorway]:
    """A door that lets four requests through and then one a second."""
    limits = {"GATEWAY_REQUEST_BURST": "4", "GATEWAY_REQUESTS_PER_SECOND": "1"}
    with open_door(request.param, **limits) as opened:
        yield opened


async def test_too_many_requests_are_refused_with_the_time_to_wait(narrow: Doorway) -> None:
    db = Database.open(narrow.database_url)
    greedy, modest = [await new_partner(db, narrow.url) for _ in range(2)]
    await db.close()
    async with httpx2.AsyncClient(base_url=narrow.url) as http:
        bearer, other = await greedy.bearer(http), await modest.bearer(http)
        answers = [
            await http.put(f"/api/v1/workers/w{number}", headers=bearer, json=TEACHER)
            for number in range(12)
        ]
        statuses = [answer.status_code for answer in answers]
        assert statuses[:4] == [201] * 4
        assert statuses[-1] == 429
        refused = answers[-1]
        assert refused.headers["content-type"] == MEDIA_TYPE
        assert refused.json()["type"] == "/problems/rate-limited"
        assert int(refused.headers["retry-after"]) >= 1
        assert (await http.get("/echo", headers=other)).status_code == 200


async def test_a_clients_tokens_share_its_limit(narrow: Doorway) -> None:
    """Each token is a verdict of its own, so that behind nginx the gateway itself counts too."""
    db = Database.open(narrow.database_url)
    partner = await new_partner(db, narrow.url)
    async with httpx2.AsyncClient(base_url=narrow.url) as http:
        tokens = [await partner.bearer(http) for _ in range(6)]
        answers = [await http.get("/echo", headers=bearer) for bearer in tokens]
    await db.close()
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert answers[3].headers["ratelimit"].startswith('"client";r=0;t=')
    assert answers[5].headers["ratelimit-policy"] == '"client";q=4;w=4'
    assert int(answers[5].headers["retry-after"]) >= 1
    assert answers[5].json()["detail"] == "Wait as long as Retry-After says"
