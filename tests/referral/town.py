"""A made-up town: agencies with a worker for each role, who take referrals on their way."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2

from shared.auth import AgencyKind, Role
from tests.builders import a_decision, a_submission, a_withdrawal
from tests.referral.conftest import FRONT_DOOR, Partner, Service
from tests.referral.the_way import NOUNS, who_may

Json = dict[str, Any]
BECAUSE = "Said at length, so that whoever reads it later understands why."

WAYS: dict[str, str] = {
    "submitted": "",
    "acknowledged": "acknowledge",
    "triaging": "acknowledge triage",
    "information_requested": "acknowledge triage ask",
    "decided": "acknowledge triage decide",
    "decided to step up": "acknowledge triage decide:step_up",
    "decided that nothing follows": "acknowledge triage decide:no_further_action",
    "assessment_requested": "acknowledge triage decide request_assessment",
    "awaiting_panel": "acknowledge triage decide list_for_panel",
    "allocated": "acknowledge triage decide allocate",
    "in_progress": "acknowledge triage decide allocate accept",
    "stepped_up": "acknowledge triage decide allocate accept step_up",
    "stepped_down": "acknowledge triage decide allocate accept step_down",
    "stepped_across": "acknowledge triage decide allocate accept step_across",
    "on_hold": "acknowledge triage hold",
    "on_hold while help goes on": "acknowledge triage decide allocate accept hold",
    "closed": "acknowledge triage decide allocate accept close",
    "withdrawn": "withdraw",
    "entered_in_error": "enter_in_error",
}
"""Where a referral can be, and the steps that lead there; some statuses have several stories."""


@dataclass(frozen=True)
class Town:
    """Workers of one role each; the referral service knows them all."""

    service: Service
    workers: dict[str, Partner]
    """By role; whoever receives is found by `worker`."""
    helpers: tuple[Partner, ...]
    """Receiving workers of three agencies of early help: the first one is asked first."""
    social_care: Partner

    @classmethod
    async def of(cls, service: Service, **given: Any) -> "Town":
        """A town whose people the service has heard of."""
        door = service.partner(AgencyKind.FRONT_DOOR, *FRONT_DOOR, **given)
        helpers = tuple(
            service.partner(AgencyKind.VOLUNTARY, Role.RECEIVING_WORKER, **given) for _ in range(3)
        )
        care = service.partner(AgencyKind.CHILDREN_SERVICES, Role.RECEIVING_WORKER, **given)
        workers: dict[str, Partner] = {
            role: door.colleague().but(roles=frozenset({role})) for role in Role
        }
        workers[Role.REFERRER] = service.partner(AgencyKind.SCHOOL, Role.REFERRER, **given)
        lead = helpers[0].colleague().but(roles=frozenset({Role.LEAD_PROFESSIONAL}))
        workers[Role.LEAD_PROFESSIONAL] = lead
        await service.known(*workers.values(), *helpers, care)
        return cls(service, workers, helpers, care)

    def worker(self, role: str, referral: Json) -> Partner:
        """Who has this role towards a referral; a receiver is of the agency whose turn it is."""
        if role != Role.RECEIVING_WORKER:
            return self.workers[role]
        turn = referral.get("offered_to_agency_id") or referral["holding_agency_id"]
        receivers = {str(one.agency_id): one for one in (*self.helpers, self.social_care)}
        return receivers.get(turn, self.helpers[0])

    def said(self, action: str, by: Partner, asked: Partner | None = None) -> Json | None:
        """What is said with a step; `asked`: which agency, where the step asks one."""
        agency = {"agency_id": str((asked or self.helpers[2]).agency_id)}
        lead = {"lead_professional_id": str(self.workers[Role.LEAD_PROFESSIONAL].caller.worker_id)}
        care = {"agency_id": str((asked or self.social_care).agency_id)}
        said: dict[str, Json] = {
            "ask": {"question": "Which school does she go to?"},
            "answer": {"answer": "To none since the summer."},
            "decide": a_decision(),
            "request_assessment": {"note": "The school knows the family best."},
            "complete_assessment": {"assessment_id": str(uuid4())},
            "list_for_panel": {"panel": "early_help_panel"},
            "allocate": agency | lead | {"hub": "north"},
            "re_route": agency | lead,
            "accept": {"note": "We can begin on Monday."},
            "decline": {"reason": "no_capacity", "note": "Nobody is free before spring."},
            "record_meeting": {"held_on": "2026-09-01"},
            "step_up": care | {"because": BECAUSE},
            "step_down": agency | {"because": BECAUSE},
            "step_across": agency | {"because": BECAUSE},
            "hold": {"reason": "family_away"},
            "assign": {"worker_id": str(by.caller.worker_id)},
            "appoint": lead,
            "close": {"outcome": "needs_met", "summary": "The family manages by itself."},
            "withdraw": a_withdrawal(),
            "enter_in_error": {"because": BECAUSE},
            "reopen": {"because": BECAUSE},
        }
        return said.get(action)

    async def step(
        self, referral: Json, action: str, by: Partner, said: Json | None = None
    ) -> httpx2.Response:
        """One step at the version that `referral` shows."""
        body = self.said(action, by) if said is None else said
        return await by.step(referral, NOUNS[action], referral["version"], body)

    async def go(self, referral: Json, action: str, **said: Any) -> Json:
        """One step that must succeed, by somebody who may take it."""
        by = self.worker(who_may(referral["status"], action)[0], referral)
        first, second, third = self.helpers
        asked = {"allocate": first, "re_route": third, "step_up": self.social_care}
        told = self.said(action, by, asked.get(action, second))
        body = told | said if told else told
        answer = await self.step(referral, action, by, body)
        assert answer.status_code == 200, f"{action}: {answer.text}"
        return await self.seen(referral["id"])

    async def refer(self, submission: Json | None = None) -> Json:
        """A new referral of the school's, as a summary."""
        receipt = await self.workers[Role.REFERRER].refer(submission or a_submission())
        return dict(await self.seen(receipt["id"]))

    async def seen(self, referral_id: str) -> Json:
        """A referral as the front door sees it."""
        return dict((await self.workers[Role.FRONT_DOOR_WORKER].get(f"/{referral_id}")).json())

    async def at(self, place: str, submission: Json | None = None) -> Json:
        """A referral that real steps have led to one of the WAYS, or along the given steps."""
        referral = await self.refer(submission)
        for word in WAYS.get(place, place).split():
            action, _, outcome = word.partition(":")
            more = a_decision(outcome) if outcome else {}
            referral = await self.go(referral, action, **more)
        return referral
