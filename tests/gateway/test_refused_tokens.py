"""Who gets no token. The same client is given one first, so that each refusal could fail."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from joserfc.jwk import OctKey

from gateway import actions
from gateway.actions import new_secret
from gateway.app import Gateway
from gateway.domain.clients import Algorithm
from shared.auth import AgencyKind
from tests.gateway.conftest import ISSUER
from tests.gateway.partners import ASSERTION_TYPE, Partner, new_key, signed

Register = Callable[..., Awaitable[Partner]]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

HOUR = 3600
CLAIMS: dict[str, Callable[[], dict[str, Any]]] = {
    "no exp": lambda: {"exp": None},
    "exp is text": lambda: {"exp": str(int(time.time()) + 60)},
    "exp is true": lambda: {"exp": True},
    "exp is endless": lambda: {"exp": 1e400},
    "exp has passed": lambda: {"exp": int(time.time()) - 300},
    "exp is too far": lambda: {"exp": int(time.time()) + 400},
    "iat lies in the future": lambda: {"iat": int(time.time()) + HOUR},
    "nbf lies in the future": lambda: {"nbf": int(time.time()) + HOUR},
    "no aud": lambda: {"aud": None},
    "aud is the token URL": lambda: {"aud": f"{ISSUER}/oauth/token"},
    "aud is a list": lambda: {"aud": [ISSUER]},
    "aud is a list of several": lambda: {"aud": [ISSUER, "https://elsewhere.example"]},
    "aud is somebody else": lambda: {"aud": "https://elsewhere.example"},
    "aud has a slash too many": lambda: {"aud": f"{ISSUER}/"},
    "no iss": lambda: {"iss": None},
    "iss is somebody else": lambda: {"iss": "another"},
    "no sub": lambda: {"sub": None},
    "sub is a number": lambda: {"sub": 1},
    "sub is nobody": lambda: {"iss": "nobody", "sub": "nobody"},
    "sub has a NUL": lambda: {"iss": "a\0b", "sub": "a\0b"},
    "sub is no text": lambda: {"iss": "\ud800", "sub": "\ud800"},
    "jti is no text": lambda: {"jti": "\ud800"},
    "no jti": lambda: {"jti": None},
    "jti is empty": lambda: {"jti": ""},
    "jti is a number": lambda: {"jti": 7},
    "jti is endless": lambda: {"jti": "x" * 201},
}


async def refused(http: httpx2.AsyncClient, partner: Partner, assertion: str) -> None:
    control = await http.post("/oauth/token", data=partner.form())
    assert control.status_code == 200, control.text
    answer = await http.post("/oauth/token", data=partner.form(assertion))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("wrong", CLAIMS)
async def test_an_assertion_with_a_wrong_claim_is_refused(
    wrong: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    await refused(http, partner, partner.assertion(**CLAIMS[wrong]()))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None},
        {"kid": "unknown"},
        {"kid": 1},
        {"typ": "at+jwt"},
        {"crit": ["exp"], "exp": 1},
        {"x-padding": "x" * 3000},
    ],
    ids=lambda header: next(iter(header)),
)
async def test_an_assertion_with_a_wrong_header_is_refused(
    header: dict[str, Any], partner: Partner, http: httpx2.AsyncClient
) -> None:
    await refused(http, partner, partner.assertion(header))


async def test_another_key_another_signature_and_no_signature_are_refused(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    header = {"alg": "ES256", "kid": "first"}
    stranger = signed(header, partner.claims(), new_key(Algorithm.ES256))
    unsigned = partner.assertion().rpartition(".")[0] + "."
    for assertion in (stranger, unsigned, "", "a.b.c", "not a token", "ü.ü.ü"):
        await refused(http, partner, assertion or "x")


async def test_alg_none_is_refused(partner: Partner, http: httpx2.AsyncClient) -> None:
    await refused(http, partner, signed({"alg": "none", "kid": "first"}, partner.claims(), None))


async def test_the_public_key_is_no_hmac_secret(partner: Partner, http: httpx2.AsyncClient) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').rstrip(b"=")
    claims = base64.urlsafe_b64encode(json.dumps(partner.claims()).encode()).rstrip(b"=")
    assert not isinstance(partner.key, OctKey)
    for secret in (partner.key.as_pem(private=False), partner.key.as_der(private=False)):
        mac = hmac.digest(secret, header + b"." + claims, "sha256")
        forged = b".".join((header, claims, base64.urlsafe_b64encode(mac).rstrip(b"=")))
        await refused(http, partner, forged.decode())


@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS384"])
async def test_only_the_algorithm_a_client_is_pinned_to_counts(
    alg: str, register: Register, http: httpx2.AsyncClient
) -> None:
    partner = await register(alg=Algorithm.PS256)
    await refused(http, partner, partner.assertion({"alg": alg}))


@pytest.mark.parametrize("body", [b"[]", b"1", b"{", b'"x"', b"\xff", b"[" * 5000])
async def test_a_signed_payload_that_is_no_object_is_refused(
    body: bytes, partner: Partner, http: httpx2.AsyncClient
) -> None:
    await refused(http, partner, signed({"alg": "ES256", "kid": "first"}, body, partner.key))


async def test_an_assertion_works_once(partner: Partner, http: httpx2.AsyncClient) -> None:
    form = partner.form()
    first = await http.post("/oauth/token", data=form)
    second = await http.post("/oauth/token", data=form)
    assert (first.status_code, second.status_code) == (200, 401)
    assert "used before" in second.json()["error_description"]


async def test_of_the_same_assertion_twice_at_once_one_is_refused(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    form = partner.form()
    answers = await asyncio.gather(*(http.post("/oauth/token", data=form) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


async def test_the_same_jti_of_another_client_is_another_assertion(
    register: Register, http: httpx2.AsyncClient
) -> None:
    for partner in (await register(), await register()):
        form = partner.form(partner.assertion(jti="the-same"))
        assert (await http.post("/oauth/token", data=form)).status_code == 200


async def test_an_assertion_of_one_client_names_no_other(
    register: Register, http: httpx2.AsyncClient
) -> None:
    one, other = await register(), await register()
    answer = await http.post("/oauth/token", data=one.form(client_id=other.client_id))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    agreed = await http.post("/oauth/token", data=one.form(client_id=one.client_id))
    assert agreed.status_code == 200


async def test_each_client_has_one_way_to_authenticate(
    register: Register, http: httpx2.AsyncClient
) -> None:
    by_key, by_secret = await register(), await register(secret=new_secret())
    grant = {"grant_type": "client_credentials"}
    for auth in ((by_key.client_id, "x" * 43), (by_secret.client_id, "wrong" * 10), ("nobody", "")):
        answer = await http.post("/oauth/token", data=grant, auth=auth)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic ")
    answer = await http.post("/oauth/token", data=by_secret.form())
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "header",
    [
        "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
        "Basic not/base64!",
        "Basic",
        "Basic " + base64.b64encode(b"no-colon").decode(),
        "Basic " + base64.b64encode(b"a%00b:secret").decode(),
        "Bearer something",
        "Basic \xff\xff",
    ],
)
async def test_a_broken_basic_header_is_refused_and_no_fault(
    header: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.post(
        "/oauth/token",
        content=b"grant_type=client_credentials",
        headers={
            b"content-type": FORM["Content-Type"].encode(),
            b"authorization": header.encode("latin-1"),
        },
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


MALFORMED: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
    "in the URL": lambda form: {"params": form, "content": b"", "headers": FORM},
    "one parameter in the URL": lambda form: {"params": {"scope": "x"}, "data": form},
    "as JSON": lambda form: {"json": form},
    "without a type": lambda form: {"content": urlencode(form).encode()},
    "a parameter twice": lambda form: {
        "content": (urlencode(form) + "&scope=a&scope=a").encode(), "headers": FORM,
    },
    "an unknown parameter twice": lambda form: {
        "content": (urlencode(form) + "&x=1&x=2").encode(), "headers": FORM,
    },
    "two ways to authenticate": lambda form: {"data": form, "auth": ("client", "secret")},
    "a secret in the body": lambda form: {"data": form | {"client_secret": "secret"}},
    "not UTF-8": lambda form: {"content": urlencode(form).encode() + b"&x=%ff", "headers": FORM},
    "too large": lambda form: {"data": form | {"x": "x" * 20_000}},
    "too many": lambda form: {"data": form | {f"x{number}": "x" for number in range(30)}},
}  # fmt: skip


@pytest.mark.parametrize("how", MALFORMED)
async def test_a_malformed_request_is_refused(
    how: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    control = await http.post("/oauth/token", data=partner.form())
    assert control.status_code == 200
    answer = await http.post("/oauth/token", **MALFORMED[how](partner.form()))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", ""])
async def test_there_is_no_other_grant(
    grant: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    answer = await http.post("/oauth/token", data=partner.form() | {"grant_type": grant})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "scope",
    ["referrals:decide", "referrals:read referrals:decide", "unknown", "events:consume", "a\tb"],
)
async def test_no_client_gets_more_scope_than_it_has(
    scope: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    control = await http.post("/oauth/token", data=partner.form(scope="referrals:read"))
    assert control.json()["scope"] == "referrals:read"
    answer = await http.post("/oauth/token", data=partner.form(scope=scope))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


async def test_the_topics_are_for_clients_marked_for_events(
    register: Register, http: httpx2.AsyncClient
) -> None:
    mash = await register(kind=AgencyKind.FRONT_DOOR)
    answer = await http.post("/oauth/token", data=mash.form(scope="events:consume"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


async def test_a_revoked_client_gets_no_token(
    gateway: Gateway, partner: Partner, http: httpx2.AsyncClient
) -> None:
    assert (await http.post("/oauth/token", data=partner.form())).status_code == 200
    await actions.revoke_client(gateway.db, partner.client_id, now=datetime.now(UTC))
    answer = await http.post("/oauth/token", data=partner.form())
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_get_fetches_no_token(partner: Partner, http: httpx2.AsyncClient) -> None:
    answer = await http.get("/oauth/token", params=partner.form())
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_assertion_type_that_is_unknown_is_refused(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    form = partner.form() | {"client_assertion_type": ASSERTION_TYPE + "x"}
    answer = await http.post("/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
