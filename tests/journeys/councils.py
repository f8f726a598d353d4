"""The agencies of one council in one hub, and a family on its way among them.

Every council goes through the same code: what differs in these stories is its file of settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.auth import Role
from tests.builders import Json, a_need, a_submission
from tests.hub_fixture import REFERRALS, Hub, System

FEED = "/api/v1/events"
WHY = "It is the level that the answers suggest."
DECISION: Json = {
    "outcome": "early_help",
    "rationale": "The family wants help and can be helped.",
    "why_this_level": WHY,
}
_REFERRER, _RECEIVER, _LEAD = Role.REFERRER, Role.RECEIVING_WORKER, Role.LEAD_PROFESSIONAL
_AGENCIES: dict[str, tuple[str, dict[str, tuple[Role, ...]]]] = {
    "school": ("school", {"teacher": (_REFERRER,)}),
    "front_door": (
        "front_door",
        {
            "practitioner": (Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER),
            "chair": (Role.PANEL_CHAIR,),
        },
    ),
    "charity": ("voluntary", {"manager": (_RECEIVER,), "key-worker": (_LEAD,)}),
    "health": ("health", {"nurse": (_RECEIVER,)}),
    "social_care": ("children_services", {"social-worker": (_RECEIVER,)}),
}
"""Each agency of a council: its kind, and its workers with their roles."""


@dataclass(frozen=True)
class Worker:
    """Somebody who acts for an agency."""

    system: System
    number: str
    id: UUID

    @property
    def agency(self) -> str:
        """The id of the agency that the worker acts for."""
        return str(self.system.agency_id)

    async def ask(self, method: str, path: str, **told: Any) -> Any:
        """What the hub answers."""
        return await self.system.ask(method, path, worker=self.number, **told)

    async def get(self, path: str) -> Any:
        """What is there; it must be seen."""
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass(frozen=True)
class Council:
    """One authority's agencies, each with its own system and workers."""

    id: str
    workers: Mapping[str, Worker]

    @classmethod
    async def joined(cls, hub: Hub, authority: str) -> "Council":
        """Its agencies take part in the hub from now on."""
        workers: dict[str, Worker] = {}
        for kind, staff in _AGENCIES.values():
            system = await hub.join(kind, authority=authority)
            for number, roles in staff.items():
                workers[number] = Worker(system, number, await system.worker(number, *roles))
        await hub.settled()
        return cls(authority, workers)

    def __getitem__(self, number: str) -> Worker:
        return self.workers[number]

    async def settings(self) -> Json:
        """What the hub tells partners of their authority: its words, levels, way and clocks."""
        return dict(await self["teacher"].get("/api/v1/authority"))

    async def refers(self, *, groups: list[str], **given: Any) -> "Family":
        """The teacher refers a family over the single referral tool."""
        teacher = self["teacher"]
        submission = a_submission(need=a_need(groups=groups, **given))
        receipt = await teacher.system.refer(teacher.number, submission)
        return Family(self, receipt["id"], receipt)


@dataclass
class Family:
    """A referral on its way; whoever takes a step has seen it as it stands."""

    council: Council
    id: str
    now: Json
    """As the front door saw it after the last step."""
    taken: list[str] = field(default_factory=lambda: ["submit"])

    @property
    def path(self) -> str:
        """Where it is found."""
        return f"{REFERRALS}/{self.id}"

    async def _post(self, who: Worker, noun: str, said: Json) -> Any:
        headers = {"If-Match": f'"{len(self.taken)}"'}
        return await who.ask("POST", f"{self.path}/{noun}", json=said or None, headers=headers)

    async def step(self, who: str, noun: str, **said: Any) -> Json:
        """One step, which must be taken; afterwards somebody holds the family."""
        answer = await self._post(self.council[who], noun, said)
        assert answer.status_code == 200, answer.text
        self.taken.append(noun)
        self.now = await self.council["practitioner"].get(self.path)
        assert self.now["version"] == answer.json()["version"]
        holder = self.now["holding_agency_id"]
        assert holder in {worker.agency for worker in self.council.workers.values()}
        return self.now

    async def refused(self, who: str, noun: str, because: str, **said: Any) -> None:
        """A step that comes too early is refused with the authority's reason."""
        answer = await self._post(self.council[who], noun, said)
        assert answer.status_code == 409, answer.text
        assert because in answer.json()["detail"]
        seen = await self.council["practitioner"].get(self.path)
        assert seen["version"] == len(self.taken)

    async def refused_as_unknown(self, who: str, noun: str, pointer: str, **said: Any) -> None:
        """A code that is not the authority's own is refused, with those that are."""
        answer = await self._post(self.council[who], noun, said)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer

    async def not_yet(self, who: str) -> dict[str, str]:
        """What `…/actions` says is missing, by action."""
        said = await self.council[who].get(f"{self.path}/actions")
        return {one["action"]: one["missing"] for one in said["not_yet"]}

    async def decided(self, **said: Any) -> Json:
        """The front door acknowledges, weighs and decides."""
        await self.step("practitioner", "acknowledgement")
        await self.step("practitioner", "triage")
        return await self.step("practitioner", "decision", **DECISION | said)

    async def assessed(self, by: str) -> Json:
        """Its assessment is complete."""
        return await self.step(by, "assessment", assessment_id=str(uuid4()))

    async def meets(self, who: str) -> Json:
        """The team around the family has met today."""
        today = datetime.now(UTC).date().isoformat()
        return await self.step(who, "meeting", held_on=today)

    async def allocated(self, to: str, **said: Any) -> Json:
        """The chair allocates it to the agency of `to`."""
        agency = self.council[to].agency
        moved = await self.step("chair", "allocation", agency_id=agency, **said)
        assert moved["offered_to_agency_id"] == agency
        assert moved["status"] == "allocated"
        return moved

    def held_by(self, who: str) -> bool:
        """Whether the agency of `who` holds the family now."""
        return bool(self.now["holding_agency_id"] == self.council[who].agency)

    def clock(self, name: str) -> tuple[float, str, str]:
        """Length, unit and state of one of its clocks."""
        (found,) = [clock for clock in self.now["clocks"] if clock["clock"] == name]
        return found["length"], found["unit"], found["state"]

    def running(self) -> set[str]:
        """The clocks that nothing has stopped."""
        return {one["clock"] for one in self.now["clocks"] if "stopped_at" not in one}

    async def told(self) -> list[str]:
        """The facts that the referrer's system reads on its feed, up to the last step taken."""
        school, page = self.council["teacher"].system, f"{FEED}?limit=500"
        facts: list[str] = []
        while len(facts) < len(self.taken):
            answer = await school.ask("GET", page)
            facts += [e["type"].split(".")[-2] for e in answer.json() if e["subject"] == self.id]
            page = f"{answer.links['next']['url']}&timeout=20"
        return facts

    async def ends(self, *, told: str, outcome: str = "needs_met") -> None:
        """The lead professional closes it, and the school sees every step and its outcome."""
        summary = "The family has what it wanted and knows whom to ask."
        await self.step("key-worker", "closure", outcome=outcome, summary=summary)
        seen = await self.council["teacher"].get(self.path)
        assert (seen["status"], seen["outcome"]) == ("closed", outcome)
        history = (await self.council["teacher"].get(f"{self.path}/history"))["entries"]
        assert len(history) == len(self.taken)
        assert history[-1]["words"]["summary"] == summary
        assert await self.told() == told.split()
        assert not self.running()
