"""What only the hub's own services ask does not exist for anybody outside."""

from typing import Any
from uuid import uuid4

import pytest

from gateway.domain import agencies
from shared.auth import AgencyKind
from tests.hub_fixture import REFERRALS, Hub

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY: dict[str, Any] = {
    "purpose": "early_help",
    "categories": ["needs.level"],
    "people": [{"id": str(uuid4()), "kind": "child"}],
    "relationship": {"has_sent": True},
}
PATHS = [
    "/api/v1/disclosures",
    "/api/v1/decisions/uniform",
    "/api/v1/decisions/%75niform",
    "/api/v1/decisions//uniform",
    "/api/v1/decisions/uniform/",
]
NAMED_SERVICES = [
    "/api/v1/directory/requested-services/no-id",
    "/api/v1/directory/requested%2Dservices/no-id",
    "/api/v1/directory//requested-services/no-id",
    "/api/v1/directory/search/../requested-services/no-id",
]


@pytest.mark.parametrize("kind", AgencyKind)
async def test_no_partner_states_anything_whatever_its_kind_and_roles(
    hub: Hub, kind: AgencyKind
) -> None:
    system = await hub.join(kind)
    await system.worker("w", *agencies.MAY_HOLD[kind])
    assert (await system.ask("GET", REFERRALS, worker="w")).status_code == 200

    for path in PATHS:
        answer = await system.ask("POST", path, worker="w", json=BODY)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path


async def test_no_partner_asks_the_directory_as_the_referral_service_does(hub: Hub) -> None:
    system = await hub.join(AgencyKind.SCHOOL)
    await system.worker("w", *agencies.MAY_HOLD[AgencyKind.SCHOOL])
    assert (await system.ask("GET", "/api/v1/directory/search")).status_code == 200

    for path in NAMED_SERVICES:  # the directory itself would say 422: this is no id
        answer = await system.ask("GET", path, worker="w")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path


async def test_nobody_reads_of_it_in_what_the_hub_offers(hub: Hub) -> None:
    paths = (await hub.http.get("/openapi.json")).json()["paths"]

    assert "/api/v1/decisions" in paths
    assert not {path for path in paths if path.endswith(("/disclosures", "/uniform"))}
