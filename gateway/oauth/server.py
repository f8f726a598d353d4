"""Authlib's authorization server core on asyncio.

The core is synchronous. It runs in a greenlet, where its hooks await the database through
`await_only`: one thread, real awaits, no pool (twice the tokens per second of threads).
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, InvalidRequestError, grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from sqlalchemy.util import await_only, greenlet_spawn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from gateway import store
from gateway.domain.clients import AuthMethod
from gateway.limits import Limit
from gateway.oauth.assertion import PrivateKeyJwt
from gateway.oauth.basic import client_secret_basic
from gateway.oauth.client import OAuthClient
from gateway.oauth.keys import Unreadable
from gateway.oauth.request import OAuthRequest, received
from gateway.oauth.tokens import AccessToken, AccessTokens
from shared.db import Database

METHODS = [method.value for method in AuthMethod]

# Authlib's core writes whole tokens into its debug log.
logging.getLogger("authlib").setLevel(logging.INFO)


class SlowDown(OAuth2Error):  # type: ignore[misc]  # Authlib is untyped
    error = "temporarily_unavailable"
    description = "Keep the token until it expires instead of asking again; wait for Retry-After"
    status_code = 429


class ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc]
    """The only grant: systems act for their agency, and name the worker at the door."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        super().validate_token_request()
        limit: Limit = self.server.limit
        left = limit.take(self.request.client.get_client_id(), monotonic())
        self.request.answer_headers.update(limit.headers(left))
        if left < 0:
            raise SlowDown


class _Token:
    """An access token as Authlib's introspection asks for it."""

    def __init__(self, claims: AccessToken, *, revoked: bool) -> None:
        self.claims, self._revoked = claims, revoked

    def check_client(self, client: OAuthClient) -> bool:
        return client.get_client_id() == self.claims.client_id

    def is_expired(self) -> bool:
        return False  # AccessTokens.verify refuses expired ones

    def is_revoked(self) -> bool:
        return self._revoked


class _OneToken:
    """What introspection and revocation share: which token is meant, whatever the hint says."""

    CLIENT_AUTH_METHODS = METHODS
    server: "Server"

    def check_params(self, request: OAuthRequest, client: OAuthClient) -> None:
        if "token" not in request.form:
            raise InvalidRequestError("Send the token")

    def query_token(self, token: str, hint: str | None) -> _Token | None:
        try:
            claims = self.server.tokens.verify(token)
        except Unreadable:
            return None
        return _Token(claims, revoked=await_only(self.server.is_revoked(claims.jti)))


class Introspection(_OneToken, IntrospectionEndpoint):  # type: ignore[misc]
    """RFC 7662. A client may ask about its own tokens; every other one is inactive to it."""

    def check_permission(self, token: _Token, client: OAuthClient, request: OAuthRequest) -> bool:
        return token.check_client(client)

    def introspect_token(self, token: _Token) -> dict[str, Any]:
        claims = token.claims
        return {
            "active": True,
            "token_type": "Bearer",
            "iss": self.server.tokens.issuer,
            "aud": claims.audience,
            "sub": claims.client_id,
            "client_id": claims.client_id,
            "scope": claims.scope,
            "iat": int(claims.issued),
            "exp": int(claims.expires),
            "jti": claims.jti,
        }


class Revocation(_OneToken, RevocationEndpoint):  # type: ignore[misc]
    """RFC 7009. The door looks at every token again after a second."""

    def revoke_token(self, token: _Token, request: OAuthRequest) -> None:
        await_only(self.server.revoke(token.claims))


class Server(AuthorizationServer):  # type: ignore[misc]
    """Clients authenticate and get, ask about and give back access tokens."""

    def __init__(self, db: Database, tokens: AccessTokens, limit: Limit) -> None:
        super().__init__()
        self.tokens, self.limit, self._db = tokens, limit, db
        self.register_client_auth_method(
            AuthMethod.PRIVATE_KEY_JWT, PrivateKeyJwt(tokens.issuer, self._first_use)
        )
        self.register_client_auth_method(AuthMethod.CLIENT_SECRET_BASIC, client_secret_basic)
        self.register_grant(ClientCredentials)
        self.register_token_generator("default", tokens.generate)
        self.register_endpoint(Introspection)
        self.register_endpoint(Revocation)

    async def token(self, request: Request) -> Response:
        return await self._answer(request, "token", self.create_token_response)

    async def introspection(self, request: Request) -> Response:
        return await self._answer(request, "introspect", self._one_token("introspection"))

    async def revocation(self, request: Request) -> Response:
        return await self._answer(request, "revoke", self._one_token("revocation"))

    def _one_token(self, name: str) -> Callable[[OAuthRequest], Response]:
        return lambda request: self.create_endpoint_response(name, request)

    async def _answer(
        self, request: Request, path: str, respond: Callable[[OAuthRequest], Response]
    ) -> Response:
        try:
            asked = await received(request, f"{self.tokens.issuer}/oauth/{path}")
        except OAuth2Error as error:
            return self.handle_error_response(None, error)
        response = await greenlet_spawn(respond, asked)
        response.headers.update(asked.answer_headers)
        return response

    # What Authlib's core asks of a framework.

    def query_client(self, client_id: str) -> OAuthClient | None:
        return await_only(self._find(client_id))

    def save_token(self, token: dict[str, Any], request: OAuthRequest) -> None:
        """Nothing is kept: a token says all there is to know."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: OAuthRequest) -> OAuthRequest:
        return request

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        return JSONResponse(body, status, dict(headers))

    def handle_error_response(self, request: OAuthRequest | None, error: OAuth2Error) -> Response:
        if error.error == "invalid_client":
            error.status_code = 401
        response: Response = super().handle_error_response(request, error)
        return response

    # The database, behind those hooks.

    async def _find(self, client_id: str) -> OAuthClient | None:
        async with self._db.reading() as connection:
            client = await store.client(connection, client_id)
        return OAuthClient(client) if client and client.revoked_at is None else None

    async def _first_use(self, client_id: str, jti: str, expires: datetime) -> bool:
        async with self._db.reading() as connection:
            return await store.first_use(connection, client_id, jti, expires)

    async def is_revoked(self, jti: str) -> bool:
        """Whether the token was given back."""
        async with self._db.reading() as connection:
            return await store.is_revoked(connection, jti)

    async def revoke(self, token: AccessToken) -> None:
        """From now on the door refuses the token."""
        async with self._db.transaction() as connection:
            expires = datetime.fromtimestamp(token.expires, UTC)
            await store.revoke_token(connection, token.jti, expires)
