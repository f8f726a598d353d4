"""Access tokens (RFC 9068): ES256, 300 seconds, for the hub or for its topics, never for both."""

import secrets
from dataclasses import dataclass
from time import time
from typing import Any

from authlib.oauth2.rfc6749 import InvalidScopeError
from joserfc import jwt
from joserfc.jwk import KeySet

from gateway.oauth.client import OAuthClient
from gateway.oauth.keys import LEEWAY, Unreadable, number, read
from shared.auth import Scope
from shared.keys import KeyFile

LIFETIME = 300
"""Seconds an access token lives."""
_ALGORITHMS = ("ES256",)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A verified access token."""

    jti: str
    client_id: str
    audience: str
    scope: str
    issued: float
    expires: float


class AccessTokens:
    """Mints and verifies. The key file's first key signs; all of them verify and are published."""

    def __init__(self, issuer: str, keys: KeyFile[KeySet]) -> None:
        self.issuer, self._keys = issuer, keys
        self.events_audience = f"{issuer}/events"

    def published(self) -> dict[str, Any]:
        """The JWK set of /.well-known/jwks.json: public halves."""
        return dict(self._keys().as_dict(private=False))

    def generate(
        self, grant_type: str, client: OAuthClient, scope: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Authlib's interface of a token generator. Raises InvalidScopeError."""
        allowed = client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError(
                "Ask for scopes this client holds; events:consume only alone, in a token of its own"
            )
        now, key = int(time()), self._keys().keys[0]
        topics = allowed == Scope.EVENTS_CONSUME
        claims = {
            "iss": self.issuer,
            "aud": self.events_audience if topics else self.issuer,
            "sub": client.get_client_id(),
            "client_id": client.get_client_id(),
            "iat": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_urlsafe(16),
            "scope": allowed,
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
        token = jwt.encode(header, claims, key, algorithms=_ALGORITHMS)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "scope": allowed,
        }

    def verify(self, token: str) -> AccessToken:
        """A token of ours that has not expired, whatever its audience. Raises Unreadable."""
        header, claims = read(token, self._keys(), _ALGORITHMS)
        issued, expires = number(claims.get("iat")), number(claims.get("exp"))
        now = time()
        if str(header.get("typ")).lower().removeprefix("application/") != "at+jwt":
            raise Unreadable("it is not of the type at+jwt")
        if claims.get("iss") != self.issuer:
            raise Unreadable("it is not from this issuer")
        if issued is None or expires is None or issued > now + LEEWAY:
            raise Unreadable("its times cannot be right")
        if expires <= now:
            raise Unreadable("it has expired")
        named = [claims.get(name) for name in ("jti", "client_id", "aud", "scope")]
        if not all(isinstance(value, str) for value in named):
            raise Unreadable("a claim is missing")
        jti, client_id, audience, scope = map(str, named)
        return AccessToken(jti, client_id, audience, scope, issued, expires)
