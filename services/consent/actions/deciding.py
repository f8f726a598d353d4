"""Deciding what is released: everything that decides is read in one transaction with the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, look
from services.consent.actions.library import Loaded
from services.consent.domain.agreeing import takes_part
from services.consent.domain.agreements import principles_in_force
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Answers, OfCaller, is_in_force
from services.consent.domain.leaves import Answered, By, Decided, Record
from services.consent.domain.people import (
    NOTHING_STATED,
    Asked,
    Known,
    Stated,
    facts_of,
    released_by,
    relied_on,
)
from services.consent.domain.uniform import kept_out, uniformly
from services.consent.store import audit, people
from services.consent.store import deciding as store
from services.consent.store.deciding import Held
from shared.auth import AgencyKind, Caller, Role
from shared.errors import NotFound
from shared.purposes import Purpose


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, by whom; `agency` is who would see it, with its kind."""

    by: Caller
    purpose: Purpose
    people: Sequence[UUID]
    categories: Sequence[str]
    operation: str | None = None
    """Of the service that would release, as the leaf names it."""
    records: Sequence[UUID] = ()
    """Of that service, as the leaf names them."""
    agency: UUID
    kind: AgencyKind
    stated: Stated = NOTHING_STATED
    now: datetime


@dataclass(frozen=True)
class Decision:
    """What was decided, on what, and when; `index` is the leaf, of a disclosure alone."""

    answers: Answers
    grounds: tuple[Answered, ...]
    """The answers, each once, with what it rests on."""
    at: datetime
    policy_hash: str
    consents: tuple[UUID, ...]
    overrides: tuple[UUID, ...]
    index: int | None = None


@dataclass(frozen=True)
class Uniform:
    """What an agency may see of every child that it works with, whatever each family has said."""

    at: datetime
    policy_hash: str
    permitted: list[str]
    except_people: list[UUID]
    """Of whom it may not, because a refusal to share or the end of an involvement says so."""


async def disclose(desk: Desk, question: Question) -> Decision:
    """Decide for the caller itself, and append the leaf: both are committed, or neither.

    Nothing of it is remembered for the next time: who asks again is decided again.
    """
    authority = desk.authority(question.by)
    async with desk.db.transaction() as connection:
        decision, _ = await decided(connection, desk, question, authority)
        [index] = await audit.append(connection, [_record(question, decision)], desk.cipher)
    return replace(decision, index=index)


async def preview(desk: Desk, question: Question, of: UUID | None) -> Decision:
    """What would be decided, for the caller's agency or for the agency `of`: nothing is released.

    Raises NotFound where the caller has nothing to do with somebody, or `of` is no agency here:
    why nothing is released would tell a stranger that there is such a person, and who held what
    back.
    """
    authority, by, now = desk.authority(question.by), question.by, question.now
    async with desk.db.transaction() as connection:
        kind = await people.kind_of(connection, of or question.agency, by)
        if kind is None:
            raise NotFound("No agency with this id takes part here")
        asked = replace(question, agency=of or question.agency, kind=kind)
        decision, known = await decided(connection, desk, asked, authority)
        refuse_strangers(known, question.people, by, decision.at)
        await look(connection, by, "decision.preview", question.people, now)
    return decision


def refuse_strangers(known: Known, named: Sequence[UUID], by: Caller, at: datetime) -> None:
    """Raises NotFound unless the caller's agency works with each.

    The front door and who answers for sharing have to do with all.
    """
    agency_id, _ = by.acting()
    with_all = by.is_front_door() or Role.INFORMATION_GOVERNANCE_LEAD in by.roles
    for person in named:
        involved = with_all or known.live_involvements(person, agency_id, at)
        if person not in known.people or not involved:
            raise NotFound("Your agency does not work with everybody who is named here")


def _as_it_is(known: Known) -> Known:
    return known


async def decided(
    connection: AsyncConnection,
    desk: Desk,
    question: Question,
    authority: str,
    supposing: Callable[[Known], Known] = _as_it_is,
) -> tuple[Decision, Known]:
    """The decision and what it rests on, or what it would be, `supposing` something else."""
    held, loaded = await _held(connection, desk, question, authority)
    known = supposing(held.known)
    at = known.moment(question.now)
    asked = Asked(question.agency, question.purpose, question.categories, at, question.stated)
    apart = known.apart(question.people)
    caller = replace(
        _of_caller(desk, held, loaded, question, at),
        within_contract=question.stated.within_contract or _within_contract(apart, asked),
        has_sent=question.stated.has_sent,
    )
    facts = {person: facts_of(own, person, asked) for person, own in apart.items()}
    answers = decide(loaded.policies, caller, facts, question.categories)
    consents = relied_on(known.consents, question.people, asked)
    overrides = released_by(known.overrides, answers, facts, asked)
    grounds = Answered.each(answers)
    return Decision(answers, grounds, at, loaded.policies.hash, consents, overrides), known


async def _held(
    connection: AsyncConnection, desk: Desk, question: Question, authority: str
) -> tuple[Held, Loaded]:
    """What decides, and stays so until the transaction ends."""
    agency = question.agency
    held = await store.held(
        connection, question.people, agency=agency, authority=authority, now=question.now
    )
    return held, await desk.library.of(connection, authority, held.policies)


def _of_caller(
    desk: Desk, held: Held, loaded: Loaded, question: Question, at: datetime
) -> OfCaller:
    """How the agency stands, whoever is asked about."""
    return OfCaller(
        agency=question.agency,
        kind=question.kind,
        purpose=question.purpose,
        now=at,
        takes_part=takes_part(loaded.principles_ids, held.absent),
        principles=principles_in_force(loaded.principles, held.signed, at),
        signed=held.signed,
        commenced=is_in_force(desk.commencement, at),
        within_contract=False,
        designated=False,  # until regulations under section 16LC designate somebody
    )


def _within_contract(apart: Mapping[UUID, Known], asked: Asked) -> bool:
    """Whether the agency works with each of them within its contracted service."""
    return all(
        any(one.within_contract for one in own.live_involvements(person, asked.agency, asked.at))
        for person, own in apart.items()
    )


async def uniform(desk: Desk, question: Question) -> Uniform:
    """What holds for every child alike: a list may be filtered, sorted and counted by that alone.

    Nothing is released, and nobody is asked about: `question` names no people.
    """
    authority = desk.authority(question.by)
    async with desk.db.transaction() as connection:
        held, loaded = await _held(connection, desk, question, authority)
        between = await store.held_back_from(connection, question.agency, authority)
    at = between.moment(question.now)
    caller = _of_caller(desk, held, loaded, question, at)
    asked = Asked(question.agency, question.purpose, question.categories, at)
    permitted = uniformly(loaded.policies, caller, question.categories)
    return Uniform(at, loaded.policies.hash, permitted, kept_out(between, asked))


def _record(question: Question, decision: Decision) -> Record:
    return Record(
        Decided(
            at=decision.at,
            by=By.caller(question.by),
            people=tuple(question.people),
            purpose=question.purpose,
            operation=question.operation,
            records=tuple(question.records),
            stated=question.stated.words(),
            answers=decision.grounds,
            consent_ids=decision.consents,
            override_ids=decision.overrides,
            policy_hash=decision.policy_hash,
        )
    )
