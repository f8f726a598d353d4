"""A client as Authlib's core asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin

from gateway.domain.clients import Algorithm, AuthMethod, Client


@dataclass(frozen=True)
class OAuthClient(ClientMixin):  # type: ignore[misc]  # Authlib is untyped
    """The client's row behind the questions of RFC 6749."""

    row: Client

    @property
    def alg(self) -> Algorithm | None:
        return self.row.alg

    @property
    def jwks(self) -> Mapping[str, Any] | None:
        return self.row.jwks

    def get_client_id(self) -> str:
        return self.row.id

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return self.row.scope_for(scope)

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """One method for each client, the same at every endpoint."""
        return AuthMethod(method) is self.row.auth_method
