"""private_key_jwt (RFC 7523, FAPI 2.0): a client signs a fresh assertion for each request."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from time import time
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523.client import ASSERTION_TYPE
from sqlalchemy.util import await_only

from gateway.domain.clients import CLIENT_ID
from gateway.oauth.client import OAuthClient
from gateway.oauth.keys import LEEWAY, Unreadable, key_set, number, read, unverified
from gateway.oauth.request import OAuthRequest

LONGEST = 300
"""Seconds that an assertion may reach into the future."""
_LONGEST_JTI = 200
_TYPES = {"JWT", "CLIENT-AUTHENTICATION+JWT"}

FirstUse = Callable[[str, str, datetime], Awaitable[bool]]


class PrivateKeyJwt:
    """Authlib's interface of an authentication method; the checks are ours, all of them.

    The audience is the issuer alone, as one string: a token URL or a list would let another
    server replay the assertion here (CVE-2025-27370).
    """

    def __init__(self, issuer: str, first_use: FirstUse) -> None:
        self._issuer, self._first_use = issuer, first_use

    def __call__(
        self, query_client: Callable[[str], OAuthClient | None], request: OAuthRequest
    ) -> OAuthClient | None:
        form = request.form
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            return None
        client_id = _claimed(form["client_assertion"])
        if form.get("client_id", client_id) != client_id:
            raise InvalidClientError(description="client_id and assertion name different clients")
        client = query_client(client_id)
        if client is None or client.jwks is None or client.alg is None:
            raise InvalidClientError(description="No such client with private_key_jwt")
        try:
            header, claims = read(form["client_assertion"], key_set(client.jwks), client.alg.names)
        except Unreadable as error:
            raise InvalidClientError(description=f"The assertion is refused: {error}") from error
        if str(header.get("typ", "JWT")).upper() not in _TYPES:
            raise InvalidClientError(description="The assertion has a wrong typ")
        expires = self._checked(claims, client_id, time())
        kept_until = datetime.fromtimestamp(expires + LEEWAY, UTC)
        if not await_only(self._first_use(client_id, claims["jti"], kept_until)):
            raise InvalidClientError(description="This assertion (jti) was used before")
        return client

    def _checked(self, claims: Mapping[str, Any], client_id: str, now: float) -> float:
        """When the assertion expires. Raises InvalidClientError for the first thing wrong."""
        expires, issued = number(claims.get("exp")), number(claims.get("iat", now))
        not_before, jti = number(claims.get("nbf", now)), claims.get("jti")
        named = isinstance(jti, str) and 0 < len(jti) <= _LONGEST_JTI and jti.isprintable()
        complaints = {
            "iss and sub must both be the client_id": not claims.get("iss")
            == claims.get("sub")
            == client_id,
            "aud must be the issuer, as one string": claims.get("aud") != self._issuer,
            "exp is missing": expires is None,
            "exp has passed": (expires or 0) <= now - LEEWAY,
            f"exp is more than {LONGEST} s away": (expires or 0) > now + LONGEST + LEEWAY,
            "iat lies in the future": issued is None or issued > now + LEEWAY,
            "nbf lies in the future": not_before is None or not_before > now + LEEWAY,
            f"jti must have 1 to {_LONGEST_JTI} characters": not named,
        }
        for complaint, justified in complaints.items():
            if justified:
                raise InvalidClientError(description=f"The assertion is refused: {complaint}")
        assert expires is not None  # noqa: S101 -- required just above
        return expires


def _claimed(assertion: str) -> str:
    """Who the assertion says it is from, before anything is verified."""
    try:
        client_id = unverified(assertion).get("sub")
    except Unreadable as error:
        raise InvalidClientError(description=f"The assertion is refused: {error}") from error
    if not isinstance(client_id, str) or not CLIENT_ID.fullmatch(client_id):
        raise InvalidClientError(description="The assertion is refused: sub must be a client_id")
    return client_id
