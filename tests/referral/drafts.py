"""Writing drafts as a partner's system does."""

from typing import Any
from uuid import uuid4

import httpx2

from tests.referral.conftest import Partner

DRAFTS = "/api/v1/drafts"
Json = dict[str, Any]


async def begin(partner: Partner, content: Json | None = None, key: str = "") -> httpx2.Response:
    """A new draft, under a new key unless one is given."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await partner.ask("POST", DRAFTS, json=content, headers=headers)


async def begun(partner: Partner, content: Json | None = None) -> Json:
    """The receipt of a draft that must be kept."""
    answer = await begin(partner, content)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def write(partner: Partner, draft: Json, version: int, content: Json) -> httpx2.Response:
    """The whole content anew."""
    seen = {"If-Match": f'"{version}"'}
    return await partner.ask("PUT", f"{DRAFTS}/{draft['id']}", json=content, headers=seen)


async def send(partner: Partner, draft: Json, version: int, key: str = "") -> httpx2.Response:
    """Refer the family of the draft."""
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": key or str(uuid4())}
    return await partner.ask("POST", f"{DRAFTS}/{draft['id']}/submission", headers=headers)
