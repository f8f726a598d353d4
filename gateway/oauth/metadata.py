"""Authorization server metadata (RFC 8414): where clients discover everything else."""

from typing import Any

from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from gateway.domain.clients import Algorithm, AuthMethod
from shared.auth import SCOPES


class Metadata(AuthorizationServerMetadata):  # type: ignore[misc]  # Authlib is untyped
    """Authlib's checks, for a server without an authorization endpoint."""

    def validate_response_types_supported(self) -> None:
        """RFC 8414 asks for a list; where nobody is sent to a sign-in page it is empty."""


def metadata(issuer: str) -> dict[str, Any]:
    """The document. Raises ValueError for an issuer that is neither https nor this machine."""
    methods = [method.value for method in AuthMethod]
    signatures = [name for algorithm in Algorithm for name in algorithm.names]
    document = Metadata(
        issuer=issuer,
        token_endpoint=f"{issuer}/oauth/token",
        introspection_endpoint=f"{issuer}/oauth/introspect",
        revocation_endpoint=f"{issuer}/oauth/revoke",
        jwks_uri=f"{issuer}/.well-known/jwks.json",
        scopes_supported=sorted(SCOPES),
        response_types_supported=[],
        grant_types_supported=["client_credentials"],
        service_documentation=f"{issuer}/docs",
    )
    for endpoint in ("token", "introspection", "revocation"):
        document[f"{endpoint}_endpoint_auth_methods_supported"] = methods
        document[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = signatures
    document.validate()
    return dict(document)
