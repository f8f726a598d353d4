"""What the routes about agreements and consents share: who may call them, and how they answer."""

from datetime import date
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.consent.actions.desk import Desk
from shared.auth import Caller, Role, Scope, requires
from shared.categories import CATEGORIES
from shared.errors import IdempotencyKeyInFlight, IdempotencyKeyMissing, IdempotencyKeyReused
from shared.idempotency import Once

_PRACTICE = frozenset(
    {
        Role.REFERRER,
        Role.FRONT_DOOR_WORKER,
        Role.FRONT_DOOR_MANAGER,
        Role.RECEIVING_WORKER,
        Role.LEAD_PROFESSIONAL,
        Role.SAFEGUARDING_LEAD,
    }
)
"""Who works with families."""
_GOVERNING = frozenset({Role.INFORMATION_GOVERNANCE_LEAD})
_LEADING = frozenset({Role.SAFEGUARDING_LEAD})

Practitioner = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _PRACTICE)]
"""Who records what a family says; about whom, its agency's involvement decides."""
AskingWorker = Annotated[Caller, requires(Scope.CONSENTS_READ, _PRACTICE | _GOVERNING)]
"""Who asks what may be shared, and who answers for sharing."""
InvolvementEnder = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _PRACTICE | _GOVERNING)]
"""Who says that an agency works with somebody no more; of which, its domain decides."""
SafeguardingLead = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _LEADING)]
OverrideReader = Annotated[Caller, requires(Scope.CONSENTS_READ, _LEADING | _GOVERNING)]
OverrideReviewer = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _GOVERNING)]
SharingLead = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _GOVERNING)]
"""Who answers for sharing, where something is decided."""
ReadingLead = Annotated[Caller, requires(Scope.CONSENTS_READ, _GOVERNING)]
"""The same, where something is read."""
ForTheFamily = Annotated[Caller, requires(Scope.CONSENTS_WRITE, _PRACTICE | _GOVERNING)]
"""Who takes down what a family asks for; about whom, its agency's involvement decides."""
AgreementReader = Annotated[Caller, requires(Scope.AGREEMENTS_READ)]
"""Any worker of a party; of whose agreements, the parties decide."""
AgreementAuditor = Annotated[Caller, requires(Scope.AGREEMENTS_READ, _GOVERNING)]
"""Who answers for what is agreed."""
AgreementLead = Annotated[Caller, requires(Scope.AGREEMENTS_WRITE, _GOVERNING)]
"""Who drafts and publishes for the authority."""
Signatory = Annotated[
    Caller, requires(Scope.AGREEMENTS_WRITE, _GOVERNING | {Role.AGENCY_ADMINISTRATOR})
]
"""Who signs for its agency."""

ONCE = (IdempotencyKeyMissing, IdempotencyKeyInFlight, IdempotencyKeyReused)
"""What a create may refuse with."""


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]


def once_of(caller: Caller, key: str, operation: str, *asked: bytes) -> Once:
    """The create as the client numbered it, for this worker."""
    worker = str(caller.worker_id).encode()
    return Once.of(caller.client_id, key, operation.encode(), worker, *asked)


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Said(BaseModel):
    """What is sent: nothing that is not known is let pass."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True
    )


T = TypeVar("T")


def each_once(many: list[T]) -> list[T]:
    """In the order in which they were named."""
    return list(dict.fromkeys(many))


def _known(categories: list[str]) -> list[str]:
    unknown = [code for code in categories if code not in CATEGORIES]
    if unknown:
        raise ValueError(f"There is no such category: {', '.join(unknown)}")
    return categories


People = Annotated[list[UUID], Field(min_length=1, max_length=50), AfterValidator(each_once)]
"""Whose data it is about, each of them named."""
Agencies = Annotated[list[UUID], Field(max_length=50), AfterValidator(each_once)]
Category = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*)*$", max_length=100, examples=["needs.level"]),
]
Categories = Annotated[
    list[Category], Field(max_length=2 * len(CATEGORIES)), AfterValidator(each_once)
]
Received = Annotated[date, Field(ge=date(2020, 1, 1), lt=date(2070, 1, 1))]
"""On which day something was asked."""
KnownCategories = Annotated[Categories, Field(min_length=1), AfterValidator(_known)]
"""Of those there are: what is asked for stands in the audit log."""
Words = Annotated[str, Field(min_length=1, max_length=4_000)]


class Page(BaseModel):
    """What the list shows."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[UUID | None, Query(description="As `next` gives it")] = None
    limit: Annotated[int, Query(ge=1, le=100, description="How many on a page")] = 20


class PageAbout(Page):
    """What the list about one person shows."""

    person_id: Annotated[UUID, Query(description="About whom")]
