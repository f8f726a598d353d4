"""The description of the hub's events, for whoever reads topics or the feed."""

from typing import Any

from fastapi import APIRouter

from shared.asyncapi import document


def asyncapi_routes(public_url: str, partner: str | None) -> APIRouter:
    """`/asyncapi.json`; `partner` is where partners reach Kafka, if they do."""
    router = APIRouter(include_in_schema=False)
    described = document(public_url, partner)

    @router.get("/asyncapi.json")
    async def events() -> dict[str, Any]:
        return described

    return router
