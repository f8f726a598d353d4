"""One step on a referral, judged by the domain alone: without a service, without a database."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hub.site import AUTHORITY
from services.referral.domain.effects import take
from services.referral.domain.guards import Asked, Named, Step
from services.referral.domain.referral import Referral
from services.referral.routes.steps import STEPS
from shared.auth import AgencyKind, Caller, Role
from shared.authority import Authorities, Authority
from shared.authority.places import Panel, Stage
from shared.contracts.lifecycle import Action, Decision, Status, Urgency

Json = dict[str, Any]
NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
SCHOOL, MASH, HELPER, OTHER = (uuid4() for _ in range(4))
EVERY_ROLE = frozenset(Role)
REFERRER = Caller("school", SCHOOL, AgencyKind.SCHOOL, uuid4(), EVERY_ROLE, authority="sample")
DOOR = Caller("mash", MASH, AgencyKind.FRONT_DOOR, uuid4(), EVERY_ROLE, authority="sample")
RECEIVER = Caller("help", HELPER, AgencyKind.VOLUNTARY, uuid4(), EVERY_ROLE, authority="sample")
AN_AGENCY = {"agency_id": OTHER}
BECAUSE = "Said at length, so that whoever reads it later understands why."


def an_authority(way: str = "allocation", **panels: list[str]) -> Authority:
    """The invented council with another order and, if any are named, other panels."""
    council = Authorities.load((AUTHORITY,)).of("sample")
    stages = tuple(Stage.model_validate({"step": s, "source": "sample"}) for s in way.split())
    made = {
        code: Panel.model_validate({"name": code, "includes": what, "source": "sample"})
        for code, what in panels.items()
    }
    return council.model_copy(update={"stages": stages, **({"panels": made} if panels else {})})


SAMPLE = an_authority()


def a_referral(status: Status = Status.DECIDED, **given: Any) -> Referral:
    """The school's referral, decided for early help."""
    facts: Json = {
        "decision": Decision.EARLY_HELP,
        "front_door_agency_id": MASH,
        "holding_agency_id": SCHOOL,
    }
    return Referral(
        id=uuid4(),
        reference="7KQ4-9XWTM-N",
        url="https://hub.example/api/v1/referrals/1",
        authority="sample",
        status=status,
        version=7,
        urgency=Urgency.ROUTINE,
        referring_agency_id=SCHOOL,
        referring_worker_id=uuid4(),
        submitted_at=NOW,
        clocks=(),
        need_groups=("education",),
        **facts | given,
    )


def accepted(status: Status = Status.IN_PROGRESS, **given: Any) -> Referral:
    """The helper holds the family."""
    return a_referral(status, holding_agency_id=HELPER, accepted_at=NOW, **given)


def step(
    action: Action,
    said: Json | None = None,
    by: Caller = DOOR,
    *,
    council: Authority = SAMPLE,
    asked: Asked | None = None,
    named: Named | None = None,
) -> Step:
    """A step with what is said, the agency that is asked and the worker who is named."""
    document = STEPS[action].said
    words = document.model_validate(said or {}) if document else None
    return Step(action, words, by, NOW, council, asked=asked, named=named)


def done(referral: Referral, taken: Step) -> Referral:
    """The referral after a step that must succeed."""
    moved, (event,) = take(referral, taken)
    assert moved.version == referral.version + 1
    assert event.model_dump()["referral_id"] == referral.id
    return moved
