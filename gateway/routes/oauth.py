"""The OAuth endpoints. RFC 8414's metadata describes them, not the OpenAPI document."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from gateway.oauth.metadata import metadata
from gateway.oauth.server import Server

_KEPT = {"Cache-Control": "public, max-age=60"}


def oauth_routes(server: Server) -> APIRouter:
    """Token, introspection, revocation, metadata and keys."""
    router = APIRouter(include_in_schema=False)
    document = metadata(server.tokens.issuer)
    for path, endpoint in {
        "/oauth/token": server.token,
        "/oauth/introspect": server.introspection,
        "/oauth/revoke": server.revocation,
    }.items():
        router.add_api_route(path, endpoint, methods=["POST"], response_model=None)

    @router.get("/.well-known/oauth-authorization-server")
    @router.get("/.well-known/openid-configuration")
    async def discover() -> JSONResponse:
        """Under OpenID's name too: many client libraries look nowhere else."""
        return JSONResponse(document, headers=_KEPT)

    @router.get("/.well-known/jwks.json")
    async def keys() -> JSONResponse:
        return JSONResponse(server.tokens.published(), headers=_KEPT)

    return router
