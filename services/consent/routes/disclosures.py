"""What the hub's own services ask before they release personal data; the door does not lead here.

Internal tokens never leave the hub. Whoever brings one to a path that the door does not know is a
service of the hub that acts for the caller whom the token names: what it states is believed.
"""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, AwareDatetime, Field

from services.consent.actions import deciding
from services.consent.actions.deciding import Decision, Question, Uniform
from services.consent.domain.bases import Reason
from services.consent.domain.leaves import Word
from services.consent.domain.people import Stated
from services.consent.routes.callers import Insider, Now
from services.consent.routes.decisions import DecisionOut, agency_of
from services.consent.routes.desk import Answer, AtDesk, KnownCategories, Said, each_once
from shared.auth import Caller
from shared.categories import CATEGORIES
from shared.errors import ActingWorkerMissing, problems
from shared.people import PersonKind
from shared.purposes import Purpose

router = APIRouter(prefix="/api/v1", tags=["What may be shared"], include_in_schema=False)
MOST = 1_000
"""People of one disclosure: a page of a list, or a batch of an export."""


class PersonAsked(Said):
    """Somebody in the service's record."""

    id: UUID
    kind: PersonKind
    """What the record says; it counts until something is heard of the person."""


class Relationship(Said):
    """What the service knows of the caller's agency and these people."""

    works_with: bool = False
    """It works with them; that counts unless people have ended its involvement with somebody."""
    has_sent: bool = False
    """It has sent the whole record itself: it sees everything of it but what is sealed."""
    welfare: bool = False
    reason: Reason | None = None
    within_contract: bool = False
    """As an involvement says it."""


def _named_once(people: list[PersonAsked]) -> list[PersonAsked]:
    if len({one.id for one in people}) < len(people):
        raise ValueError("Name each person once")
    return people


class Asking(Said):
    """Whose data, for what, and what the service knows itself."""

    purpose: Purpose
    operation: Word | None = None
    """For which operation of the service, e.g. `referral.look`."""
    people: Annotated[
        list[PersonAsked], Field(min_length=1, max_length=MOST), AfterValidator(_named_once)
    ]
    categories: KnownCategories | None = None
    """Every one there is where they are left out."""
    records: Annotated[list[UUID], Field(max_length=MOST), AfterValidator(each_once)] = []
    """Of the service, as the audit log names them."""
    relationship: Relationship = Relationship()

    def question(self, caller: Caller, now: AwareDatetime) -> Question:
        """It as the domain decides it. Raises Forbidden where the caller is of no agency."""
        agency_id, kind = agency_of(caller)
        return Question(
            by=caller,
            purpose=self.purpose,
            people=[one.id for one in self.people],
            categories=list(CATEGORIES) if self.categories is None else self.categories,
            operation=self.operation,
            records=self.records,
            agency=agency_id,
            kind=kind,
            stated=Stated(
                kinds={one.id: one.kind for one in self.people}, **self.relationship.model_dump()
            ),
            now=now,
        )


class Disclosure(DecisionOut):
    """The decision, committed: release what it permits and nothing else, and name its leaf."""

    audit_index: int
    """The leaf of the audit log that says so."""

    @classmethod
    def disclosed(cls, found: Decision) -> Self:
        assert found.index is not None  # noqa: S101 -- a disclosure is committed with its leaf
        return cls.of(found, audit_index=found.index)


@router.post("/disclosures", status_code=201, responses=problems(ActingWorkerMissing))
async def ask_for_a_disclosure(
    caller: Insider, asked: Asking, desk: AtDesk, now: Now
) -> Disclosure:
    """Decide for the caller, everybody and every category at once, and keep it in the audit log.

    There is no Idempotency-Key: an answer that is kept would outlive a withdrawal. Who asks again
    is decided again, and each time stands in the log.
    """
    return Disclosure.disclosed(await deciding.disclose(desk, asked.question(caller, now)))


class AskingUniformly(Said):
    """What for, and about which categories."""

    purpose: Purpose
    categories: KnownCategories


class UniformOut(Answer):
    """What the caller's agency may see of every child that it works with, whatever is said of one.

    A list is filtered, sorted and counted by `permitted` alone, without `except_people`.
    """

    decided_at: AwareDatetime
    policy_hash: str
    permitted: list[str]
    except_people: list[UUID]
    """Of whom something of what was asked for is held back, or with whom it works no more."""

    @classmethod
    def of(cls, found: Uniform) -> Self:
        return cls(
            decided_at=found.at,
            policy_hash=found.policy_hash,
            permitted=found.permitted,
            except_people=found.except_people,
        )


@router.post("/decisions/uniform", responses=problems(ActingWorkerMissing))
async def ask_what_is_the_same_for_everybody(
    caller: Insider, asked: AskingUniformly, desk: AtDesk, now: Now
) -> UniformOut:
    """By what a list may be filtered, sorted and counted: what needs nothing of a single family."""
    agency_id, kind = agency_of(caller)
    question = Question(
        by=caller,
        purpose=asked.purpose,
        people=(),
        categories=asked.categories,
        agency=agency_id,
        kind=kind,
        now=now,
    )
    return UniformOut.of(await deciding.uniform(desk, question))
