"""What an operation asks for is described: whoever must name a worker reads so in OpenAPI."""

from uuid import UUID

from shared.auth import AgencyKind, Role
from tests.referral.conftest import Service

NOBODY = str(UUID(int=0))


async def test_what_asks_for_the_acting_worker_says_so(service: Service) -> None:
    machine = service.partner(AgencyKind.FRONT_DOOR, *Role, worker_id=None)
    asks, says = set(), set()

    for path, operations in service.app.openapi()["paths"].items():
        for method, operation in operations.items():
            named = path.replace("{", "").replace("}", "").replace("referral_id", NOBODY)
            for place in ("person_id", "draft_id", "view_id"):
                named = named.replace(place, NOBODY)
            answer = await machine.ask(method, named)
            if answer.status_code == 400 and "acting-worker-missing" in answer.text:
                asks.add((method, path))
            if "Acting-Worker" in {header["name"] for header in operation.get("parameters", [])}:
                says.add((method, path))

    assert ("get", "/api/v1/referrals/{referral_id}") in asks
    assert asks == says
