"""How a referral comes to each status: who does what, in order, and what is said with each step.

For tests that need a referral that has come a certain way through the running hub; the names of
the agencies are what they are to that referral.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tests.builders import a_decision, a_withdrawal

Json = dict[str, Any]

BECAUSE = "The made-up family needs another kind of help now."
KINDS = {
    "referring": "school",
    "another": "gp",
    "asked": "voluntary",
    "holding": "health",
    "leading": "housing",
    "front door": "front_door",
    "front door elsewhere": "front_door",
    "children's services": "children_services",
    "council": "council",
    "council elsewhere": "council",
}
"""What each agency is to the referral, and of which kind it is."""


@dataclass(frozen=True)
class Cast:
    """The ids of who takes part, by what each agency is to the referral."""

    agencies: Mapping[str, UUID]
    workers: Mapping[str, UUID]
    """The worker of each agency who can be assigned."""
    lead: UUID
    """The lead professional, a worker of the agency that is `leading`."""

    def words(self, noun: str, by: str, to: str = "another") -> Json | None:
        """What `by` says with the step `noun`; `to` is the agency that is asked, if one is."""
        agency = {"agency_id": str(self.agencies[to])}
        stepping = agency | {"because": BECAUSE}
        said: dict[str, Json] = {
            "question": {"question": "How often does the child miss school?"},
            "answer": {"answer": "On most Mondays."},
            "decision": a_decision(),
            "assessment-request": {},
            "assessment": {"assessment_id": str(uuid4())},
            "panel-listing": {"panel": "early_help_panel"},
            "allocation": agency | {"lead_professional_id": str(self.lead)},
            "re-routing": agency,
            "acceptance": {"lead_professional_id": str(self.lead)},
            "decline": {"reason": "no_capacity"},
            "meeting": {"held_on": "2026-10-01"},
            "step-up": stepping | {"agency_id": str(self.agencies["children's services"])},
            "step-down": stepping,
            "step-across": stepping,
            "hold": {"reason": "family_away"},
            "assignment": {"worker_id": str(self.workers[by])},
            "lead-professional": {"lead_professional_id": str(self.lead)},
            "closure": {"outcome": "needs_met", "summary": "The family goes on by itself."},
            "withdrawal": a_withdrawal(),
            "error": {"because": BECAUSE},
            "reopening": {"because": BECAUSE},
        }
        return said.get(noun)


class Move(NamedTuple):
    """One step: who takes it, which it is, and what is said otherwise than usual."""

    who: str
    role: str
    noun: str
    to: str = "asked"
    otherwise: Json = {}

    def body(self, cast: Cast) -> Json | None:
        """What is said."""
        usual = cast.words(self.noun, self.who, self.to)
        return usual | self.otherwise if usual is not None else None


def _front_door(noun: str, to: str = "asked", **otherwise: Any) -> Move:
    return Move("front door", "front_door_manager", noun, to, otherwise)


def _holder(noun: str, to: str = "asked") -> Move:
    return Move("holding", "receiving_worker", noun, to)


_WITHDRAWAL = Move("referring", "referrer", "withdrawal")
_TRIAGING = (_front_door("acknowledgement"), _front_door("triage"))
_DECIDED = (*_TRIAGING, _front_door("decision"))
_IN_PROGRESS = (*_DECIDED, _front_door("allocation", "holding"), _holder("acceptance"))

WAYS: dict[str, tuple[Move, ...]] = {
    "submitted": (),
    "acknowledged": _TRIAGING[:1],
    "triaging": _TRIAGING,
    "information_requested": (*_TRIAGING, _front_door("question")),
    "decided": _DECIDED,
    "decided/step_up": (*_TRIAGING, _front_door("decision", outcome="step_up")),
    "decided/advice": (*_TRIAGING, _front_door("decision", outcome="advice")),
    "assessment_requested": (*_DECIDED, _front_door("assessment-request")),
    "awaiting_panel": (*_DECIDED, _front_door("panel-listing")),
    "allocated": (*_DECIDED, _front_door("allocation")),
    "in_progress": _IN_PROGRESS,
    "stepped_up": (*_IN_PROGRESS, _holder("step-up")),
    "stepped_down": (*_IN_PROGRESS, _holder("step-down")),
    "stepped_across": (*_IN_PROGRESS, _holder("step-across")),
    "on_hold": (*_IN_PROGRESS, _holder("hold")),
    "on_hold/triaging": (*_TRIAGING, _front_door("hold")),
    "closed": (*_IN_PROGRESS, _holder("closure")),
    "withdrawn": (_WITHDRAWAL,),
    "entered_in_error": (_front_door("error"),),
}
"""By status; where one status is several things, what it is stands behind the stroke."""
