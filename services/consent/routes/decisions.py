"""Asking what may be shared, over HTTP: nothing is released, and no leaf of the log is written."""

from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime

from services.consent.actions import deciding
from services.consent.actions.deciding import Decision, Question
from services.consent.domain.leaves import Answered
from services.consent.routes.callers import Now
from services.consent.routes.desk import Answer, AskingWorker, AtDesk, KnownCategories, People, Said
from shared.auth import AgencyKind, Caller
from shared.categories import CATEGORIES
from shared.errors import ActingWorkerMissing, Forbidden, NotFound, problems
from shared.purposes import Purpose

router = APIRouter(prefix="/api/v1/decisions", tags=["What may be shared"])


class Asking(Said):
    """Whose data, for what; without categories every one there is."""

    purpose: Purpose
    people: People
    categories: KnownCategories | None = None
    agency_id: UUID | None = None
    """What would this agency see? Your own where it is left out."""

    def question(self, caller: Caller, now: AwareDatetime) -> Question:
        """It as the domain decides it. Raises Forbidden where the caller is of no agency."""
        agency_id, kind = agency_of(caller)
        return Question(
            by=caller,
            purpose=self.purpose,
            people=self.people,
            categories=list(CATEGORIES) if self.categories is None else self.categories,
            agency=agency_id,
            kind=kind,
            now=now,
        )


def agency_of(caller: Caller) -> tuple[UUID, AgencyKind]:
    """For which agency, of which kind, the worker asks. Raises ActingWorkerMissing, Forbidden."""
    agency_id, _ = caller.acting()
    if caller.agency_kind is None:
        raise Forbidden("Only an agency receives data")
    return agency_id, caller.agency_kind


class Ground(Answer):
    """The same answer for these people and these categories, and what it rests on."""

    people: list[UUID]
    categories: list[str]
    permitted: bool
    why: str
    clauses: list[str]
    bases: list[str]
    """UK GDPR, article 6(1)."""
    conditions: list[str]
    """Of article 9, grounds of article 10, and their paragraphs of Schedule 1."""
    obligations: list[str]
    """What whoever receives it must do, or must not."""

    @classmethod
    def of(cls, answered: Answered) -> Self:
        return cls.model_validate(answered, from_attributes=True)


class Visible(Answer):
    """What is permitted of one person."""

    person_id: UUID
    categories: list[str]


class DecisionOut(Answer):
    """What is permitted, category by category, and why; what is not listed is not permitted."""

    decided_at: AwareDatetime
    policy_hash: str
    """Of the published policies that decided."""
    permitted: list[Visible]
    answers: list[Ground]

    @classmethod
    def of(cls, found: Decision, **more: int) -> Self:
        permitted = [
            Visible(
                person_id=person,
                categories=[code for code, one in answers.items() if one.permitted],
            )
            for person, answers in found.answers.items()
        ]
        answers = [Ground.of(one) for one in found.grounds]
        return cls(
            decided_at=found.at,
            policy_hash=found.policy_hash,
            permitted=permitted,
            answers=answers,
            **more,
        )


@router.post("", responses=problems(ActingWorkerMissing, NotFound))
async def ask_what_may_be_shared(
    caller: AskingWorker, asked: Asking, desk: AtDesk, now: Now
) -> DecisionOut:
    """What your agency would see, or with `agency_id` what another one would, as things stand.

    It is asked about people whom your agency works with; the front door and who answers for
    sharing ask about all.
    It is only an answer: who releases data asks for a disclosure, which decides again.
    """
    question = asked.question(caller, now)
    return DecisionOut.of(await deciding.preview(desk, question, asked.agency_id))
