"""Metadata, introspection, revocation, and keys that change while tokens are out."""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from gateway import actions, store
from gateway.actions import Credentials
from gateway.app import Gateway
from gateway.domain.clients import Algorithm
from gateway.oauth.keys import Unreadable
from gateway.oauth.metadata import metadata
from gateway.oauth.tokens import AccessTokens
from gateway.settings import Settings
from shared.errors import NotFound, Unprocessable
from shared.keys import rotate_signing, signing_keys
from tests.gateway.conftest import ISSUER
from tests.gateway.partners import Partner, new_key, signed

Register = Callable[..., Awaitable[Partner]]


async def test_clients_discover_everything_from_the_issuer(http: httpx2.AsyncClient) -> None:
    document = (await http.get("/.well-known/oauth-authorization-server")).json()
    also = (await http.get("/.well-known/openid-configuration")).json()
    assert document == also
    AuthorizationServerMetadata(document).validate_token_endpoint()
    assert document["issuer"] == ISSUER
    assert document["grant_types_supported"] == ["client_credentials"]
    for name in ("token", "introspection", "revocation"):
        assert document[f"{name}_endpoint"].startswith(f"{ISSUER}/oauth/")
        signatures = document[f"{name}_endpoint_auth_signing_alg_values_supported"]
        assert signatures == ["ES256", "PS256", "EdDSA", "Ed25519"]


async def test_no_address_comes_from_the_callers_host_header(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    elsewhere = {"Host": "elsewhere.example", "X-Forwarded-Host": "elsewhere.example"}
    for path in ("/.well-known/oauth-authorization-server", "/openapi.json", "/docs"):
        assert "elsewhere" not in (await http.get(path, headers=elsewhere)).text
    answer = await http.post("/oauth/token", data=partner.form(), headers=elsewhere)
    assert answer.status_code == 200


def test_an_issuer_in_clear_text_over_the_network_is_refused() -> None:
    assert metadata("http://127.0.0.1:8080")["issuer"] == "http://127.0.0.1:8080"
    with pytest.raises(ValueError, match="https"):
        metadata("http://hub.example")


async def test_a_client_asks_about_its_own_token(
    register: Register, http: httpx2.AsyncClient
) -> None:
    partner, stranger = await register(), await register()
    token = await partner.token(http, scope="referrals:read")
    known = (await http.post("/oauth/introspect", data=partner.form(token=token))).json()
    assert known["active"] is True
    assert known["client_id"] == known["sub"] == partner.client_id
    assert (known["scope"], known["aud"]) == ("referrals:read", ISSUER)
    assert known["exp"] - known["iat"] == 300
    for form in (stranger.form(token=token), partner.form(token=token + "x")):
        answer = await http.post("/oauth/introspect", data=form)
        assert (answer.status_code, answer.json()) == (200, {"active": False})


async def test_a_token_given_back_is_inactive(partner: Partner, http: httpx2.AsyncClient) -> None:
    token = await partner.token(http)
    form = partner.form(token=token, token_type_hint="access_token")
    answer = await http.post("/oauth/revoke", data=form)
    assert (answer.status_code, answer.json()) == (200, {})
    known = await http.post("/oauth/introspect", data=partner.form(token=token))
    assert known.json() == {"active": False}


async def test_nobody_gives_back_what_is_not_theirs(
    register: Register, http: httpx2.AsyncClient
) -> None:
    partner, stranger = await register(), await register()
    token = await partner.token(http)
    answer = await http.post("/oauth/revoke", data=stranger.form(token=token))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    known = await http.post("/oauth/introspect", data=partner.form(token=token))
    assert known.json()["active"] is True


async def test_an_unknown_token_is_given_back_without_a_word(
    partner: Partner, http: httpx2.AsyncClient
) -> None:
    form = partner.form(token="unknown", token_type_hint="strange")
    assert (await http.post("/oauth/revoke", data=form)).status_code == 200


@pytest.mark.parametrize("path", ["/oauth/introspect", "/oauth/revoke"])
async def test_both_endpoints_ask_who_is_there_and_which_token(
    path: str, partner: Partner, http: httpx2.AsyncClient
) -> None:
    unknown = await http.post(path, data={"token": "x"})
    assert (unknown.status_code, unknown.json()["error"]) == (401, "invalid_client")
    empty = await http.post(path, data=partner.form())
    assert (empty.status_code, empty.json()["error"]) == (400, "invalid_request")


async def test_a_new_signing_key_is_used_at_once_and_the_old_one_verifies_until_it_is_removed(
    settings: Settings, partner: Partner, http: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.keys._LOOK_AGAIN", 0.0)
    old = await partner.token(http)
    rotate_signing(settings.token_keys)
    new = await partner.token(http)
    assert len((await http.get("/.well-known/jwks.json")).json()["keys"]) == 2
    for token in (old, new):
        known = await http.post("/oauth/introspect", data=partner.form(token=token))
        assert known.json()["active"] is True
    rotate_signing(settings.token_keys)
    ended = await http.post("/oauth/introspect", data=partner.form(token=old))
    assert ended.json() == {"active": False}


async def test_a_client_overlaps_its_keys(
    gateway: Gateway, partner: Partner, http: httpx2.AsyncClient
) -> None:
    fresh = new_key(Algorithm.ES256, "second")
    both = {"keys": [key.as_dict(private=False) for key in (partner.key, fresh)]}
    await actions.rotate_client_key(gateway.db, partner.client_id, Credentials(jwks=both))
    assert (await http.post("/oauth/token", data=partner.form())).status_code == 200
    partner.key, partner.kid = fresh, "second"
    assert (await http.post("/oauth/token", data=partner.form())).status_code == 200
    alone = {"keys": [fresh.as_dict(private=False)]}
    await actions.rotate_client_key(gateway.db, partner.client_id, Credentials(jwks=alone))
    partner.kid = "first"
    assert (await http.post("/oauth/token", data=partner.form())).status_code == 401


async def test_unusable_keys_are_refused_at_registration(
    gateway: Gateway, partner: Partner
) -> None:
    good = new_key(Algorithm.ES256).as_dict(private=False)
    unusable: list[dict[str, Any]] = [
        {"keys": []},
        {"keys": [good, good]},
        {"keys": [good | {"kid": ""}]},
        {"keys": [good | {"x": "AA"}]},
        {"keys": [new_key(Algorithm.EDDSA).as_dict(private=False)]},
        {"keys": "none"},
    ]
    for jwks in unusable:
        with pytest.raises(Unprocessable):
            await actions.rotate_client_key(gateway.db, partner.client_id, Credentials(jwks=jwks))
    with pytest.raises(Unprocessable):
        await actions.rotate_client_key(
            gateway.db, partner.client_id, Credentials(secret=actions.new_secret())
        )
    with pytest.raises(NotFound):
        await actions.rotate_client_key(gateway.db, "nobody", Credentials(jwks={"keys": [good]}))


async def test_no_private_key_is_kept(gateway: Gateway, partner: Partner) -> None:
    whole = {"keys": [partner.key.as_dict(private=True)]}
    kept = await actions.rotate_client_key(gateway.db, partner.client_id, Credentials(jwks=whole))
    assert kept.jwks is not None
    assert set(kept.jwks["keys"][0]) == {"kty", "kid", "crv", "x", "y"}


async def test_no_token_appears_in_any_log(
    partner: Partner, http: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("authlib").debug("was heard before the level was set")
    with caplog.at_level(logging.DEBUG):
        token = await partner.token(http)
    assert token not in caplog.text
    assert "eyJ" not in caplog.text


async def test_what_has_expired_is_forgotten(gateway: Gateway) -> None:
    now = datetime.now(UTC)
    async with gateway.db.reading() as connection:
        for jti, expires in (("old", now - timedelta(seconds=1)), ("new", now + timedelta(60))):
            await store.revoke_token(connection, jti, expires)
            assert await store.first_use(connection, "client", jti, expires)
        await store.forget_expired(connection, now)
        assert not await store.is_revoked(connection, "old")
        assert await store.is_revoked(connection, "new")
        assert await store.first_use(connection, "client", "old", now)
        assert not await store.first_use(connection, "client", "new", now)


def test_a_token_of_another_type_issuer_or_time_is_none_of_ours(settings: Settings) -> None:
    keys = signing_keys(settings.token_keys)
    tokens, key, now = AccessTokens(ISSUER, keys), keys().keys[0], int(time.time())
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
    claims = {
        "iss": ISSUER, "aud": ISSUER, "sub": "c", "client_id": "c",
        "jti": "j", "scope": "", "iat": now, "exp": now + 300,
    }  # fmt: skip
    assert tokens.verify(signed(header, claims, key)).client_id == "c"
    assert tokens.verify(signed(header | {"typ": "application/at+jwt"}, claims, key))
    wrong = [
        (header | {"typ": "JWT"}, claims),
        ({name: header[name] for name in ("alg", "kid")}, claims),
        (header, claims | {"iss": "https://elsewhere.example"}),
        (header, claims | {"iat": now + 60}),
        (header, claims | {"exp": now}),
        (header, claims | {"exp": None}),
        (header, claims | {"jti": 1}),
        (header, {name: value for name, value in claims.items() if name != "client_id"}),
    ]
    for changed_header, changed_claims in wrong:
        with pytest.raises(Unreadable):
            tokens.verify(signed(changed_header, changed_claims, key))
