"""Fetching access tokens: what works, and what the tokens say."""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote_plus

import httpx2
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from gateway.actions import new_secret
from gateway.domain.clients import Algorithm
from gateway.limits import Limit
from gateway.oauth.basic import credentials
from shared.auth import AgencyKind, Scope
from tests.gateway.conftest import ISSUER
from tests.gateway.partners import Partner

Register = Callable[..., Awaitable[Partner]]


def payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


@pytest.mark.parametrize("alg", Algorithm)
async def test_each_pinned_algorithm_gets_a_token(
    alg: Algorithm, register: Register, http: httpx2.AsyncClient
) -> None:
    partner = await register(alg=alg)
    answer = await http.post("/oauth/token", data=partner.form())
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_token_is_rfc_9068_and_verifies_with_the_published_keys(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    token = await partner.token(http)
    published = KeySet.import_key_set((await http.get("/.well-known/jwks.json")).json())
    verified = jws.deserialize_compact(token, published, algorithms=["ES256"])
    claims, now = json.loads(verified.payload or b""), time.time()
    assert verified.headers()["typ"] == "at+jwt"
    assert verified.headers()["kid"] == published.keys[0].kid
    assert claims["iss"] == claims["aud"] == ISSUER
    assert claims["sub"] == claims["client_id"] == partner.client_id
    assert claims["exp"] - claims["iat"] == 300
    assert abs(claims["iat"] - now) < 5
    assert len(claims["jti"]) >= 16


async def test_published_keys_hold_no_private_half(http: httpx2.AsyncClient) -> None:
    keys = (await http.get("/.well-known/jwks.json")).json()["keys"]
    assert keys
    assert all("d" not in key for key in keys)


@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
async def test_both_names_of_the_edwards_signature_are_understood(
    name: str, register: Register, http: httpx2.AsyncClient
) -> None:
    partner = await register(alg=Algorithm.EDDSA)
    form = partner.form(partner.assertion({"alg": name}))
    assert (await http.post("/oauth/token", data=form)).status_code == 200


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "client-authentication+jwt"])
async def test_an_assertion_may_say_its_type_and_bring_a_long_header(
    typ: str | None, partner: Partner, http: httpx2.AsyncClient
) -> None:
    """joserfc stops at 512 bytes of its own accord, which a certificate chain exceeds."""
    assertion = partner.assertion({"typ": typ, "x5c": ["A" * 1000]})
    assert (await http.post("/oauth/token", data=partner.form(assertion))).status_code == 200


async def test_without_a_scope_the_token_has_everything_but_the_topics(
    register: Register, http: httpx2.AsyncClient
) -> None:
    scopes = frozenset({Scope.REFERRALS_READ, Scope.REFERRALS_DECIDE})
    mash = await register(kind=AgencyKind.FRONT_DOOR, scopes=scopes, events=True)
    claims = payload(await mash.token(http))
    assert claims["scope"] == "referrals:decide referrals:read"


async def test_the_topics_have_a_token_of_their_own(
    register: Register, http: httpx2.AsyncClient
) -> None:
    mash = await register(kind=AgencyKind.FRONT_DOOR, events=True)
    claims = payload(await mash.token(http, scope="events:consume"))
    assert claims["aud"] == f"{ISSUER}/events"
    mixed = await http.post("/oauth/token", data=mash.form(scope="events:consume referrals:read"))
    assert (mixed.status_code, mixed.json()["error"]) == (400, "invalid_scope")


async def test_a_client_that_can_do_no_better_uses_its_secret(
    register: Register, http: httpx2.AsyncClient
) -> None:
    partner = await register(secret=new_secret())
    answer = await http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(partner.client_id, partner.secret or ""),
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("encoded", [True, False])
async def test_a_secret_with_special_characters_is_form_encoded_first(
    encoded: bool, register: Register, http: httpx2.AsyncClient
) -> None:
    secret = "a: b/c+d%e&f=ü-and-still-long-enough-for-us"
    partner = await register(secret=secret)
    sent = quote_plus(secret) if encoded else secret
    basic = base64.b64encode(f"{partner.client_id}:{sent}".encode()).decode()
    answer = await http.post(
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {basic}"},
    )
    assert answer.status_code == (200 if encoded else 401)


def test_a_basic_header_gives_its_two_parts_decoded() -> None:
    header = "Basic " + base64.b64encode(b"client%2D1:s%3Ae+c%C3%BC").decode()
    assert credentials(header) == ("client-1", "s:e cü")
    assert credentials("Bearer x") is None


def test_the_limit_is_told_and_bites() -> None:
    limit = Limit(2, 1.0)
    left = [limit.take("one", now) for now in (0.0, 0.0, 0.0, 1.0)]
    assert [value >= 0 for value in left] == [True, True, False, True]
    assert limit.take("another", 0.0) >= 0
    refused = limit.headers(left[2])
    assert refused["Retry-After"] == "1"
    assert refused["RateLimit-Policy"] == '"client";q=2;w=2'
    assert refused["RateLimit"].startswith('"client";r=0;t=')


async def test_a_client_that_fetches_a_token_for_every_call_is_slowed_down(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    answers = [await http.post("/oauth/token", data=partner.form()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["ratelimit-policy"] == '"client";q=120;w=60'
    asked = [http.post("/oauth/token", data=partner.form()) for _ in range(130)]
    statuses = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert set(statuses) == {200, 429}
    refused = await http.post("/oauth/token", data=partner.form())
    assert refused.headers["retry-after"]
    assert refused.json()["error"] == "temporarily_unavailable"
