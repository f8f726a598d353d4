"""What the authorization table asks about, in the live hub, and how each is asked for."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2

from tests.builders import a_child, a_need, a_parent, a_submission
from tests.consent.logged import logged
from tests.hub_fixture import ELSEWHERE, REFERRALS, Hub, System
from tests.rules.authorization_table import AGENCIES, MAY_HOLD, STANDINGS, Cell
from tests.rules.world_directory import Keeping
from tests.rules.world_sharing import OF_THE_CHILD, Sharing
from tests.ways import BECAUSE, WAYS, Cast

Json = dict[str, Any]
DRAFTS, VIEWS, WORKERS = "/api/v1/drafts", "/api/v1/views", "/api/v1/workers"
_ADDED = {"part": "household", "reason": BECAUSE, "person": a_parent(given_name="Gustavia")}
BODIES: dict[str, Json] = {
    "PUT /api/v1/workers/{external_id}": {"name": "Wanda Madeup", "job_title": "Invented worker"},
    "PUT /api/v1/workers/{external_id}/roles": {"roles": ["referrer"]},
    "POST /api/v1/threshold-advice": {"indicators": ["missing_school"]},
    "POST /api/v1/referrals/{referral_id}/people": _ADDED,
    "POST /api/v1/referrals/{referral_id}/amendments": {
        "part": "need",
        "reason": BECAUSE,
        "value": a_need(reason="The child has missed school on every Monday."),
    },
    "POST /api/v1/referrals/{referral_id}/people/{person_id}/corrections": {
        "reason": BECAUSE,
        "changes": {"school": "Invented Primary School"},
    },
}
QUERIES: dict[str, Json] = {
    f"{REFERRALS}/counts": {"by": "status"},
    "/api/v1/audit/consistency-proof": {"older": 1},
    **OF_THE_CHILD,
}
"""What must be asked for."""
_numbers = count(1)


@dataclass
class World:
    """A school that has made referrals, and all that other agencies are to these."""

    systems: dict[str, System]
    cast: Cast
    sharing: Sharing
    keeping: Keeping
    looked_at: UUID
    """The worker of the school's whom others look up."""
    earlier: str = ""
    """The reference of a referral that the school has sent before all others."""
    referrals: dict[str, Json] = field(default_factory=dict)
    """By standing."""
    children: dict[str, str] = field(default_factory=dict)
    """The id of a referral's child, by the referral's."""
    draft: Json = field(default_factory=dict)
    view: Json = field(default_factory=dict)

    async def begin(self) -> None:
        """Make what is only looked at, or refused."""
        self.earlier = (await self.systems["referring"].refer("referrer"))["reference"]
        for standing in STANDINGS:
            self.referrals[standing] = await self.referral_in(standing)
        self.draft, self.view = await self.a_draft(), await self.a_view()
        await self.sharing.begin()
        await self.keeping.begin()

    async def referral_in(self, standing: str) -> Json:
        """A new referral of the school's that has come as far as `standing`."""
        receipt = await self.systems["referring"].refer("referrer")
        for version, move in enumerate(WAYS[standing], start=1):
            path, seen = f"{REFERRALS}/{receipt['id']}/{move.noun}", {"If-Match": f'"{version}"'}
            body = move.body(self.cast)
            await self._sent(move.who, move.role, "POST", path, body, seen)
        return receipt

    async def a_draft(self) -> Json:
        """A complete draft of the school's."""
        return await self._sent("referring", "referrer", "POST", DRAFTS, a_submission(a_child()))

    async def a_view(self) -> Json:
        """A view that the front door's manager shares with the front door."""
        shared = _a_view() | {"shared": True}
        return await self._sent("front door", "front_door_manager", "POST", VIEWS, shared)

    async def asked(
        self, operation: str, cell: Cell, system: System | None = None
    ) -> httpx2.Response:
        """The operation as this caller asks for it, right in everything but who asks."""
        method, path = operation.split(" ")
        named = await self.names(operation, cell)
        version = await self.version(operation, cell)
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": version}
        return await (system or self.systems[cell.agency]).ask(
            method,
            path.format(**named),
            worker=None if cell.role == "nobody" else cell.role,
            json=self.body(operation, cell, named),
            headers=headers,
            params=QUERIES.get(path),
        )

    async def names(self, operation: str, cell: Cell) -> dict[str, Any]:
        """What the path names: a new one where it will change."""
        if self.sharing.is_about(operation):
            return await self.sharing.names(operation, cell)
        if self.keeping.is_about(operation):
            return await self.keeping.names(operation, cell)
        method, path = operation.split(" ")
        changes = method != "GET" and cell.answer < 400
        receipt = self.referrals.get(cell.standing, self.referrals["submitted"])
        draft, view = self.draft, self.view
        if changes and "{referral_id}" in path:
            receipt = await self.referral_in(cell.standing)
        if changes and "{draft_id}" in path:
            draft = await self.a_draft()
        if changes and "{view_id}" in path:
            view = await self.a_view()
        number = "looked-at"
        if operation == "PUT /api/v1/workers/{external_id}" and cell.agency != "referring":
            number = f"new-{next(_numbers)}"
        return {
            "referral_id": receipt["id"],
            "person_id": await self._child_of(receipt) if "{person_id}" in path else None,
            "draft_id": draft["id"],
            "code": draft["code"],
            "view_id": view["id"],
            "worker_id": str(self.looked_at),
            "external_id": number,
            "index": 0,
        }

    async def _child_of(self, receipt: Json) -> str:
        which = receipt["id"]
        if which not in self.children:
            seen = await self._sent("referring", "referrer", "GET", f"{REFERRALS}/{which}")
            self.children[which] = seen["children"][0]["person_id"]
        return self.children[which]

    async def version(self, operation: str, cell: Cell) -> str:
        """The If-Match with which it is right."""
        if self.sharing.is_about(operation):
            return self.sharing.version(operation, cell)
        if self.keeping.is_about(operation):
            return self.keeping.version(cell)
        path = operation.partition(" ")[2]
        if path == f"{WORKERS}/{{external_id}}/roles":
            school, worker = self.systems["referring"], f"{WORKERS}/looked-at"
            seen = await school.ask("GET", worker, worker="referrer")
            return str(seen.headers["ETag"])
        return f'"{1 + len(WAYS[cell.standing])}"' if "{referral_id}" in path else '"1"'

    def body(self, operation: str, cell: Cell, named: Json) -> Any:
        """What is sent with it, if anything."""
        if self.sharing.is_about(operation):
            return self.sharing.body(operation, cell, named)
        if self.keeping.is_about(operation):
            return self.keeping.body(operation)
        if operation in BODIES:
            return BODIES[operation]
        method, path = operation.split(" ")
        noun = path.rpartition("/")[2]
        if noun == "earlier":
            return {"reference": self.earlier}
        if method in ("POST", "PUT") and path.startswith(VIEWS):
            return _a_view()
        if noun in ("referrals", "drafts") or operation == f"PUT {DRAFTS}/{{draft_id}}":
            return a_submission() if method != "GET" else None
        return self.cast.words(noun, cell.agency)

    async def _sent(
        self, who: str, role: str, method: str, path: str, body: Any = None, headers: Any = None
    ) -> Json:
        """What must succeed."""
        given = {"Idempotency-Key": str(uuid4())} | (headers or {})
        answer = await self.systems[who].ask(method, path, worker=role, json=body, headers=given)
        assert answer.is_success, answer.text
        return dict(answer.json())


def _a_view() -> Json:
    return {"name": f"Made-up view {next(_numbers)}", "worklist": {"status": ["submitted"]}}


async def made_in(hub: Hub) -> World:
    """All agencies and workers; each worker's number is the name of the one role it holds."""
    systems, workers = {}, {}
    for agency, kind in AGENCIES.items():
        authority = ELSEWHERE if agency.endswith(" elsewhere") else "sample"
        systems[agency] = await hub.join(kind, authority=authority)
        for role in sorted(MAY_HOLD[kind]):
            workers[agency, role] = await systems[agency].worker(role, role)
    looked_at = await systems["referring"].worker("looked-at", "referrer")
    await hub.settled()
    cast = Cast(
        agencies={agency: system.agency_id for agency, system in systems.items()},
        workers={agency: workers[agency, "referrer"] for agency in AGENCIES},
        lead=workers["leading", "lead_professional"],
    )
    await logged(hub, systems["referring"])
    world = World(systems, cast, Sharing(systems), Keeping(hub, systems), looked_at)
    await world.begin()
    return world
