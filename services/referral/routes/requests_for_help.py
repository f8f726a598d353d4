"""A family asks for help itself, as JSON: for a council's own page or app. No sign-in."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Field

from services.referral.actions import asking
from services.referral.actions.asking import RequestsClosed
from services.referral.domain.asking import RequestForHelp
from services.referral.domain.stamps import SentAlready, StampNotAccepted
from services.referral.routes.answers import (
    DONE,
    EXAMPLE_REFERENCE,
    Answer,
    Emergency,
    Telephone,
)
from services.referral.routes.callers import AtDesk, Now
from shared.authority import Authority
from shared.contracts.lifecycle import Urgency
from shared.errors import IdempotencyKeyInFlight, NotFound, problems

router = APIRouter(prefix="/api/v1/requests-for-help", tags=["Families"])

AuthorityId = Annotated[str, Field(min_length=1, max_length=40)]


class FormSent(RequestForHelp):
    """A request for help, with the form on which it is made."""

    authority: AuthorityId
    """The council that is asked: its id in the list of forms."""
    stamp: Annotated[str, Field(max_length=400)]
    """As the form was given out; good for a day, from three seconds on, and once."""

    def request(self) -> RequestForHelp:
        """What the family says, without the form."""
        return RequestForHelp(**{name: getattr(self, name) for name in RequestForHelp.model_fields})


class CouncilOut(Answer):
    """A council that can be asked here."""

    id: str
    name: str


class FormsOut(Answer):
    about_nobody: ClassVar[str] = "which councils can be asked is public"
    authorities: list[CouncilOut]


class FormOut(Answer):
    """A new form: whom to call instead, and the stamp with which it is sent."""

    about_nobody: ClassVar[str] = "the authority's own, and an instant"
    authority: str
    name: str
    emergency: Emergency
    need_groups: dict[str, str]
    """What help can be about: code, and the council's words."""
    stamp: str


class Taken(Answer):
    """The request was taken: quote the reference. Whether anybody is known is not said."""

    about_nobody: ClassVar[str] = DONE
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    urgency: Urgency
    submitted_at: AwareDatetime
    decision_due: AwareDatetime
    """When the front door will have decided."""
    telephone: Telephone
    """Who answers at this hour."""
    emergency: Emergency | None = None
    """What to do now, where what was said sounds urgent."""

    @classmethod
    def of(cls, receipt: dict[str, Any], council: Authority, now: datetime) -> Self:
        urgent = receipt["urgency"] == Urgency.URGENT
        told = Emergency.of(council, now)
        said = {name: receipt[name] for name in cls.model_fields if name in receipt}
        return cls(**said, telephone=told.telephone, emergency=told if urgent else None)


@router.get("/forms")
async def councils_that_families_can_ask(desk: AtDesk) -> FormsOut:
    """The councils of this hub whom a family can ask for help without an agency."""
    councils = asking.open_councils(desk)
    return FormsOut(authorities=[CouncilOut(id=one.id, name=one.name) for one in councils])


@router.get("/forms/{authority}", responses=problems(NotFound, RequestsClosed))
async def a_form_for_a_family(
    desk: AtDesk, now: Now, authority: Annotated[str, Path(max_length=40)]
) -> FormOut:
    """A new form of a council: fetch one for each family, and send it back with its stamp."""
    council = asking.council_of(desk, authority)
    asking.refuse_closed(council, now)
    return FormOut(
        authority=council.id,
        name=council.name,
        emergency=Emergency.of(council, now),
        need_groups={code: group.name for code, group in council.need_groups.items()},
        stamp=asking.give_out(desk, council, now),
    )


@router.post(
    "",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(
        NotFound, RequestsClosed, StampNotAccepted, SentAlready, IdempotencyKeyInFlight
    ),
)
async def ask_for_help(desk: AtDesk, now: Now, sent: FormSent) -> Taken:
    """A family asks for help itself. Sending the same form again is safe, and answered alike."""
    council = asking.council_of(desk, sent.authority)
    receipt = await asking.ask(desk, sent.request(), council, sent.stamp, now=now)
    return Taken.of(receipt, council, now)
