"""What the consent service announces: what may be shared was changed, and by which record."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from pydantic import HttpUrl

from shared.contracts import Event
from shared.contracts.topics import CONSENT


class ConsentEvent(Event):
    """Something was said or decided about sharing; what, is asked at the detail URL."""

    TOPIC: ClassVar[str] = CONSENT.name

    authority: str
    """Whose hub it is."""
    record_id: UUID
    """Of the agreement, consent, override or involvement."""
    detail_url: HttpUrl
    """Where to ask for it, under the reader's own permission."""


class AgreementPublished(ConsentEvent):
    """A version of an agreement is in use from now on; the one before it is not any more."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.agreement_published.v1"

    agreement: str
    """Its id and version, e.g. `early-help@2`: sign this."""
    hash: str
    """SHA-256 of what it says."""


class AgreementReviewDueSoon(ConsentEvent):
    """Its review is near: whoever answers for it is told once, three months before the day."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.agreement_review_due_soon.v1"

    agreement: str
    """Its id and version, e.g. `early-help@2`."""
    review_due: date
    """The first of its days: three months after it, what was not reviewed stops."""


class ConsentGiven(ConsentEvent):
    """Somebody has agreed that data is shared."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.given.v1"


class ConsentRefused(ConsentEvent):
    """Somebody was asked and has not agreed."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.refused.v1"


class ConsentWithdrawn(ConsentEvent):
    """A consent counts no more: whoever received data on it is told by this."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.withdrawn.v1"


class OverrideDeclared(ConsentEvent):
    """A safeguarding lead releases what nothing else permits, for a day at most."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.override_declared.v1"

    by_agency_id: UUID
    review_due: datetime
    """Until when somebody else looks whether it was right."""


class OverrideReviewOverdue(ConsentEvent):
    """Nobody has reviewed an override in time."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.override_review_overdue.v1"

    review_due: datetime


class InvolvementClaimed(ConsentEvent):
    """An agency says of itself that it works with somebody; whoever leads looks whether it does."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.involvement_claimed.v1"

    by_agency_id: UUID


class AccessRequested(ConsentEvent):
    """Somebody has asked for what is held about them; whoever leads answers in time."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.access_requested.v1"

    due: date
    """The last day for the answer: a calendar month after it was asked."""


class AccessRequestOverdue(ConsentEvent):
    """Nobody has answered in time."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.access_request_overdue.v1"

    due: date


class ComplaintLodged(ConsentEvent):
    """Somebody complains about how data was used; whoever leads acknowledges it in time."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.complaint_lodged.v1"

    due: date
    """The last day for the acknowledgement: 30 days after it was lodged."""


class ComplaintOverdue(ConsentEvent):
    """Nobody has acknowledged a complaint in time."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.complaint_overdue.v1"

    due: date


class DataRectified(ConsentEvent):
    """Data of a person was wrong and was put right: whoever received it before is told by this."""

    TYPE: ClassVar[str] = "uk.earlyhelp.consent.rectified.v1"


ALL: tuple[type[Event], ...] = tuple(ConsentEvent.__subclasses__())
