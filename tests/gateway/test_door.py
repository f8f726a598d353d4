"""What the door lets in and what it keeps out: the same black-box checks for both of its shapes."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from gateway import actions
from shared.auth import AgencyKind
from shared.db import Database
from shared.errors import MEDIA_TYPE
from tests.gateway.doors import Doorway
from tests.gateway.partners import Partner, new_partner

TEACHER = {"name": "Ann Onym", "job_title": "Teacher"}
WITHIN = 2.5
"""Seconds: two until a revocation bites, and what the calls themselves take."""


def headers(seen: dict[str, Any]) -> dict[str, str]:
    return dict(seen["headers"])


async def authorization(caller: Partner, outside: httpx2.AsyncClient) -> str:
    return f"Authorization: {(await caller.bearer(outside))['Authorization']}"


async def test_the_service_gets_an_internal_token_and_nobody_else_does(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer = await caller.bearer(outside)
    answer = await outside.post("/echo/here", headers=bearer, content=b"\x00body")
    seen = answer.json()
    assert (seen["client_id"], seen["method"], seen["body"]) == (caller.client_id, "POST", "\0body")
    assert bearer["Authorization"] not in json.dumps(seen)
    internal = headers(seen)["authorization"].removeprefix("Bearer ")
    assert internal not in str(answer.headers)
    refused = await outside.get("/echo", headers={"Authorization": f"Bearer {internal}"})
    assert refused.status_code == 401
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["ratelimit-policy"] == '"client";q=400;w=2'
    assert answer.headers["ratelimit"].startswith('"client";r=3')


@pytest.mark.parametrize("authority", ["sample", "barnet"])
async def test_the_service_learns_whose_hub_the_caller_belongs_to(
    authority: str, door: Doorway, outside: httpx2.AsyncClient
) -> None:
    db = Database.open(door.database_url)
    partner = await new_partner(db, door.url, authority=authority)
    await db.close()
    seen = await outside.get("/echo", headers=await partner.bearer(outside))
    assert seen.json()["authority"] == authority


@pytest.mark.parametrize(
    ("sent", "challenge"),
    [
        ([], "Bearer"),
        (["Authorization: Basic eDp5"], "Bearer"),
        (["Authorization: Bearer"], "Bearer"),
        (["Authorization: Bearer a.b.c"], 'Bearer error="invalid_token"'),
        (["Authorization: Bearer ü"], 'Bearer error="invalid_token"'),
    ],
)
async def test_without_an_access_token_nobody_comes_in(
    sent: list[str], challenge: str, door: Doorway
) -> None:
    answer = door.raw("GET /echo HTTP/1.1", *sent)
    assert answer.status == 401
    assert answer.all("content-type") == [MEDIA_TYPE]
    assert json.loads(answer.body)["type"] == "/problems/not-authenticated"
    (told,) = answer.all("www-authenticate")
    assert told.startswith(challenge)


async def test_the_scheme_may_be_written_in_any_case(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await caller.token(outside)
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = door.raw("GET /echo HTTP/1.1", f"Authorization: {scheme} {token}")
        assert answer.status == 200


async def test_a_header_that_counts_is_sent_once(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await authorization(caller, outside)
    assert door.raw("GET /echo HTTP/1.1", token).status == 200
    await outside.put("/api/v1/workers/one", headers=await caller.bearer(outside), json=TEACHER)
    for repeated in (
        [token, token],
        [token, "authorization: Bearer x"],
        [token, "Acting-Worker: one", "Acting-Worker: two"],
        [token, 'If-Match: "1"', 'If-Match: "2"'],
    ):
        answer = door.raw("GET /echo HTTP/1.1", *repeated)
        assert (answer.status, answer.all("content-type")) == (400, [MEDIA_TYPE]), repeated


async def test_headers_that_are_not_for_the_service_do_not_reach_it(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await authorization(caller, outside)
    answer = door.raw(
        "GET /echo HTTP/1.1",
        token,
        "X-Kept: yes",
        "Acting_Worker: one",
        "X_Kept: twin",
        "X-Internal-Token: Bearer forged",
        "X-Internal-Roles: system",
        "Connection: close, X-Nominated",
        "X-Nominated: no",
        "TE: trailers",
        "Proxy-Authorization: Basic eDp5",
    )
    seen = headers(json.loads(answer.body))
    assert seen["x-kept"] == "yes"
    assert json.loads(answer.body)["worker_id"] is None
    assert seen.keys() <= {"x-kept", "host", "authorization"}


async def test_a_caller_that_nominates_its_authorization_stays_outside(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await authorization(caller, outside)
    answer = door.raw("GET /echo HTTP/1.1", token, "Connection: close, Authorization")
    assert answer.status == 401


@pytest.mark.parametrize(
    "path", ["/echo/../x", "/echo/./x", "/echo/%2e%2e/x", "/echo/%2E/x", "/echo/..%2fx", "/echo/.."]
)
async def test_dot_segments_are_refused_however_they_are_written(
    path: str, door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await authorization(caller, outside)
    answer = door.raw(f"GET {path} HTTP/1.1", token)
    assert (answer.status, answer.all("content-type")) == (400, [MEDIA_TYPE])


@pytest.mark.parametrize(
    "target",
    [
        "/echo",
        "/echo/a%2Fb",
        "/echo//double/%C3%BC/%20;p=1/",
        "/echo/x?a=%20&b=c+d&&e=%2F..%2F&f=?",
        "/echo/x?",
    ],
)
async def test_path_and_query_arrive_byte_for_byte(
    target: str, door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    answer = door.raw(f"GET {target} HTTP/1.1", await authorization(caller, outside))
    seen = json.loads(answer.body)
    path, _, query = target.partition("?")
    assert (seen["path"], seen["query"]) == (path, query)


async def test_the_longest_prefix_counts_by_whole_segments(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer = await caller.bearer(outside)
    assert (await outside.get("/echoes", headers=bearer)).status_code == 404
    assert (await outside.get("/echo/", headers=bearer)).status_code == 200
    assert (await outside.get("/nothing")).json()["type"] == "/problems/not-found"


async def test_head_is_get_without_a_body(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    answer = door.raw("HEAD /echo HTTP/1.1", await authorization(caller, outside))
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.all("content-length")[0]) > 100
    assert door.raw("HEAD /echo HTTP/1.1").status == 401


async def test_one_worker_never_gets_anothers_token(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer = await caller.bearer(outside)
    ids: dict[str, str | None] = {"": None}
    for name in ("one", "two", "three"):
        answer = await outside.put(f"/api/v1/workers/{name}", headers=bearer, json=TEACHER)
        ids[name] = answer.json()["id"]

    async def seen(name: str) -> tuple[str, str | None]:
        worker = {"Acting-Worker": name} if name else {}
        answer = await outside.get("/echo", headers=bearer | worker)
        return name, answer.json()["worker_id"]

    answers = await asyncio.gather(*(seen(name) for name in list(ids) * 10))
    assert answers == list(ids.items()) * 10


async def test_a_worker_who_is_not_registered_is_told_what_to_do(
    caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer = await caller.bearer(outside)
    for unknown in ("nobody", "a b", "a|b"):
        answer = await outside.get("/echo", headers=bearer | {"Acting-Worker": unknown})
        assert (answer.status_code, answer.headers["content-type"]) == (403, MEDIA_TYPE)
        assert answer.json()["type"] == "/problems/acting-worker-unknown"
        assert "PUT /api/v1/workers/" in answer.json()["detail"]


async def test_a_token_for_the_topics_opens_nothing(door: Doorway) -> None:
    db = Database.open(door.database_url)
    mash = await new_partner(db, door.url, kind=AgencyKind.FRONT_DOOR, events=True)
    await db.close()
    async with httpx2.AsyncClient(base_url=door.url) as http:
        for scope, expected in (("referrals:read", 200), ("events:consume", 401)):
            answer = await http.get("/echo", headers=await mash.bearer(http, scope=scope))
            assert answer.status_code == expected


async def _until_refused(outside: httpx2.AsyncClient, bearer: dict[str, str]) -> float:
    """Seconds until the door no longer lets this token in."""
    since = time.monotonic()
    while (await outside.get("/echo", headers=bearer)).status_code == 200:
        assert time.monotonic() - since < 10
        await asyncio.sleep(0.05)
    return time.monotonic() - since


async def test_a_token_given_back_is_shut_out_within_two_seconds(
    caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await caller.token(outside)
    bearer, other = {"Authorization": f"Bearer {token}"}, await caller.bearer(outside)
    assert (await outside.get("/echo", headers=bearer)).status_code == 200
    await outside.post("/oauth/revoke", data=caller.form(token=token))
    assert await _until_refused(outside, bearer) < WITHIN
    assert (await outside.get("/echo", headers=other)).status_code == 200


async def test_a_revoked_client_is_shut_out_within_two_seconds(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    bearer = await caller.bearer(outside)
    assert (await outside.get("/echo", headers=bearer)).status_code == 200
    db = Database.open(door.database_url)
    await actions.revoke_client(db, caller.client_id, now=datetime.now(UTC))
    await db.close()
    assert await _until_refused(outside, bearer) < WITHIN


@pytest.mark.parametrize(
    "path",
    [
        "/authz",
        "/authz/anonymous",
        "/auth%7A",
        "/metrics",
        "/m%65trics",
        "/api/v1/decisions/uniform",
        "/api/v1/decisions/%75niform",
        "/api/v1/decisions//uniform",
    ],
)
async def test_what_is_for_the_machines_inside_is_not_reached_from_outside(
    path: str, door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    answer = door.raw(f"GET {path} HTTP/1.1", await authorization(caller, outside))
    assert (answer.status, answer.all("content-type")) == (404, [MEDIA_TYPE])
    assert not answer.all("x-internal-token")


async def test_too_large_a_body_is_refused(
    door: Doorway, caller: Partner, outside: httpx2.AsyncClient
) -> None:
    token = await authorization(caller, outside)
    answer = door.raw("POST /echo HTTP/1.1", token, "Content-Length: 2000000")
    assert (answer.status, answer.all("content-type")) == (413, [MEDIA_TYPE])
