"""Who can be asked to take a family over, who leads and who is assigned."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.referral.domain.effects import take
from services.referral.domain.guards import Asked, Named, Step
from shared.auth import TAKE_OVER, AgencyKind, Role
from shared.contracts.lifecycle import Action, Status
from shared.errors import Unprocessable
from tests.referral.one_step import (
    AN_AGENCY,
    BECAUSE,
    DOOR,
    EVERY_ROLE,
    HELPER,
    OTHER,
    RECEIVER,
    a_referral,
    accepted,
    done,
    step,
)


@pytest.mark.parametrize("kind", AgencyKind)
def test_who_can_be_asked_to_take_a_family_over(kind: AgencyKind) -> None:
    statutory = kind is AgencyKind.CHILDREN_SERVICES
    can = {
        Action.ALLOCATE: kind in TAKE_OVER,
        Action.STEP_UP: statutory,
        Action.STEP_DOWN: kind in TAKE_OVER and not statutory,
        Action.STEP_ACROSS: kind in TAKE_OVER and not statutory,
    }
    assert (kind in TAKE_OVER) is (kind not in ("police", "council"))
    for action, may in can.items():
        referral = a_referral() if action is Action.ALLOCATE else accepted()
        by = DOOR if action is Action.ALLOCATE else RECEIVER
        said = AN_AGENCY if action is Action.ALLOCATE else AN_AGENCY | {"because": BECAUSE}
        asking = step(action, said, by, asked=Asked(OTHER, kind))
        if may:
            assert done(referral, asking).offered_to_agency_id == OTHER
        else:
            with pytest.raises(Unprocessable) as refused:
                take(referral, asking)
            assert refused.value.errors[0].pointer == "/agency_id"


def test_whoever_holds_the_family_or_is_asked_already_is_not_asked_again() -> None:
    helper, said = Asked(HELPER, AgencyKind.VOLUNTARY), {"agency_id": HELPER}
    offered = a_referral(Status.ALLOCATED, offered_to_agency_id=HELPER)
    across = said | {"because": BECAUSE}

    for referral, taken in (
        (accepted(), step(Action.STEP_ACROSS, across, RECEIVER, asked=helper)),
        (offered, step(Action.RE_ROUTE, said, asked=helper)),
    ):
        with pytest.raises(Unprocessable, match="already"):
            take(referral, taken)


def test_a_lead_professional_holds_the_role_and_may_be_of_any_agency() -> None:
    lead = Named(uuid4(), OTHER, frozenset({Role.LEAD_PROFESSIONAL}))
    no_lead = replace(lead, roles=EVERY_ROLE - {Role.LEAD_PROFESSIONAL})
    said = {"lead_professional_id": lead.worker_id}

    appointed = done(accepted(), step(Action.APPOINT, said, RECEIVER, named=lead))
    with pytest.raises(Unprocessable, match="lead_professional"):
        take(accepted(), step(Action.APPOINT, said, RECEIVER, named=no_lead))

    assert appointed.lead_professional_id == lead.worker_id


def test_a_worker_is_assigned_within_the_own_agency() -> None:
    own, other = (Named(uuid4(), agency, EVERY_ROLE) for agency in (HELPER, OTHER))

    def assign(named: Named) -> Step:
        return step(Action.ASSIGN, {"worker_id": named.worker_id}, RECEIVER, named=named)

    assert done(accepted(), assign(own)).assigned_worker_id == own.worker_id
    with pytest.raises(Unprocessable, match="your own agency"):
        take(accepted(), assign(other))
