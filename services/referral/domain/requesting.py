"""A service of the directory that a referral names: what is known of it, and where that leads."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referral.domain.clocks import Moment
from services.referral.domain.lifecycle import BY_THE_SETTING
from services.referral.domain.referral import Referral
from services.referral.domain.submission import Agreed, Submission
from shared.auth import TAKE_OVER, AgencyKind
from shared.authority import Authority, GoTo
from shared.contracts.lifecycle import Action, Status, Urgency
from shared.contracts.referral import ReferralAllocated

STRAIGHT = TAKE_OVER - {AgencyKind.CHILDREN_SERVICES, AgencyKind.FRONT_DOOR}
"""The kinds of agency to which a referral may go without the front door: to children's services
leads a step up alone."""


@dataclass(frozen=True, kw_only=True)
class Requested:
    """The service that a referral names, as far as it is known."""

    service_id: UUID
    name: str | None = None
    """What the directory calls it; unknown where that does not answer."""
    agency_id: UUID | None = None
    """The agency of this authority that gives it."""
    agency_kind: AgencyKind | None = None
    has_receivers: bool = False
    """Somebody of that agency can take a family over."""
    front_door: UUID | None = None
    """To whom the family comes back when that agency declines."""

    def named(self) -> dict[str, Any]:
        """What a referral keeps of it."""
        return {
            "requested_service_id": self.service_id,
            "requested_service_name": self.name,
            "requested_agency_id": self.agency_id,
        }


def why_front_door(
    referral: Referral, submission: Submission, requested: Requested, council: Authority
) -> str | None:
    """Why the front door looks first, in words for the referrer; None where the referral goes
    straight to the agency that gives the service.

    Safety comes before the authority's setting, and the setting before what is known of an agency.
    """
    return next(_reasons(referral, submission, requested, council), None)


def _reasons(
    referral: Referral, submission: Submission, requested: Requested, council: Authority
) -> Iterator[str]:
    said = submission.safeguarding
    levels = (referral.level_referrer, referral.level_suggested)
    if requested.name is None:
        yield "The directory does not answer: the front door looks the service up"
    if referral.urgency is Urgency.URGENT or said.concern or said.child_is_now:
        yield "It may be a matter of safeguarding: the front door looks at it first"
    if any(council.is_beyond_early_help(level) for level in levels):
        yield "The level of need is above early help: the front door looks at it first"
    if council.requested_services.go_to is not GoTo.AGENCY:
        yield "In this authority the front door decides first"
    if not isinstance(submission.basis, Agreed):
        yield "The family has not agreed: the front door looks at it first"
    if requested.agency_kind not in STRAIGHT or not requested.has_receivers:
        yield "No agency is known here that gives this service and can take a family over"
    if requested.front_door is None:
        yield "No front door is known to which the family could come back"


def straight(
    referral: Referral, requested: Requested, council: Authority, now: datetime
) -> tuple[Referral, ReferralAllocated]:
    """The referral at the agency that gives the service, by nobody's hand; the front door sees it
    all the same, and gets it back when the agency declines."""
    agency_id = requested.agency_id
    assert agency_id is not None  # noqa: S101 -- `why_front_door` has found none wanting
    moved = replace(
        referral,
        status=BY_THE_SETTING[referral.status, Action.ALLOCATE],
        version=referral.version + 1,
        offered_to_agency_id=agency_id,
        front_door_agency_id=requested.front_door,
    )
    way = [
        Moment(referral.submitted_at, Action.SUBMIT, Status.SUBMITTED),
        Moment(now, Action.ALLOCATE, moved.status),
    ]
    event = ReferralAllocated(**moved.named(), to_agency_id=agency_id, hub=moved.hub)
    return moved.reckoned(way, council), event
