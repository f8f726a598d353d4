"""Asking what may be shared before anything of a referral is read for somebody, and once it is read
again, whether what was asked still fits."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk
from services.referral.clients.consent import Asker, NotDecided, Question, Uniform
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import (
    KNOWN_OF,
    Grant,
    Relationship,
    Sharing,
    SharingNotDecided,
    Touched,
    is_at_the_front_door,
    is_for_colleagues,
    kind_of,
    may_be_told_of,
    relationship_of,
)
from services.referral.store import amendments, earlier, people, referrals
from services.referral.tables.events import Access
from shared.access import access_row
from shared.auth import Caller
from shared.errors import NotFound, Unavailable
from shared.ids import new_id
from shared.people import PersonKind
from shared.rows import add

T = TypeVar("T")
Read = Callable[[AsyncConnection, Referral, Sharing], Awaitable[tuple[T, list[UUID]]]]
"""Reads one referral for its answer; the ids are those of other referrals that it looks at too."""
LOOK = "look"
"""At one referral: it alone tells of others."""
_TRIES = 5
"""Whoever is changed as often as this while somebody looks is looked at again later."""


class _Moved(Exception):
    """Somebody has changed the referral meanwhile."""


@dataclass(frozen=True)
class Looking:
    """Who looks, what for, and when."""

    by: Caller
    asker: Asker
    now: datetime


@dataclass(frozen=True)
class Subject:
    """What the disclosure of one referral is asked by. Where it changes, it is asked again."""

    referral_id: UUID
    version: int
    relationship: Relationship
    people: Mapping[UUID, PersonKind]
    touched: Touched
    others: Mapping[UUID, frozenset[UUID]]
    """Other referrals for the same children, which the front door is told of, each with its own."""


async def shown(
    desk: Desk,
    referral_id: UUID,
    looking: Looking,
    operation: str,
    categories: frozenset[str],
    read: Read[T],
) -> T:
    """What `read` reads, with what may leave of it; the access row stands in its transaction.

    Raises NotFound, also where nothing may leave to somebody who has nothing to do with it: then it
    has taken the same way as for a referral that is not there. Raises SharingNotDecided.
    """
    for _ in range(_TRIES):
        async with desk.db.reading() as connection:
            found = await referrals.of_authority(connection, referral_id, looking.by, desk.base)
            if found is not None and is_for_colleagues(found, looking.by):
                found = None
            subject = await _subject(connection, desk, found, looking) if found else None
        sharing = await _decided(desk, looking, subject, operation, categories)
        if subject is None or sharing is None:
            raise NotFound("No referral with this id concerns this caller")
        with suppress(_Moved):
            return await _read(desk, subject, looking, operation, sharing, read)
    raise Unavailable(
        "It is being changed at this moment: look again", headers={"Retry-After": "1"}
    )


async def _read(
    desk: Desk,
    subject: Subject,
    looking: Looking,
    operation: str,
    sharing: Sharing,
    read: Read[T],
) -> T:
    """What `read` reads. Raises _Moved where it is no longer what the disclosure was about."""
    async with desk.db.transaction() as connection:
        of = subject.referral_id
        found = await referrals.of_authority(connection, of, looking.by, desk.base)
        if found is None or found.version != subject.version:
            raise _Moved
        answer, others = await read(connection, found, sharing)
        looked_at = [*dict.fromkeys([of, *others])]
        row = access_row(Access, looking.by, f"referral.{operation}", looked_at, looking.now)
        await add(connection, row)
        if await referrals.version_of(connection, of) != subject.version:
            raise _Moved
    return answer


async def _subject(
    connection: AsyncConnection, desk: Desk, found: Referral, looking: Looking
) -> Subject:
    everybody = await people.people(connection, found, desk.cipher)
    relationship = relationship_of(found, looking.by)
    touched, others = Touched(), dict[UUID, frozenset[UUID]]()
    if is_at_the_front_door(found, looking.by):
        ids = await earlier.about_the_same_children(connection, found)
        others = await people.children_of(connection, ids)
    if relationship.has_sent:
        touched = await amendments.touched_by_others(connection, found)
    return Subject(
        found.id,
        found.version,
        relationship,
        {one["person_id"]: kind_of(one) for one in everybody},
        touched,
        others,
    )


async def _decided(
    desk: Desk,
    looking: Looking,
    subject: Subject | None,
    operation: str,
    categories: frozenset[str],
) -> Sharing | None:
    """What may leave; None where the caller must not even learn that it is there."""
    stands = subject.relationship if subject else Relationship()
    about = subject.people if subject else {new_id(): PersonKind.CHILD}
    asked = Question(
        about,
        [subject.referral_id] if subject else [],
        stands.may_ask(categories),
        f"referral.{operation}",
    )
    own = await grant(desk, looking, asked, stands)
    if subject is None or (own.is_empty() and not stands.is_known):
        return None
    mixed = stands.has_sent and (subject.touched or stands.works_on)
    added = await grant(desk, looking, asked, stands.as_added()) if mixed else own
    others = await _others(desk, looking, subject, operation)
    return Sharing(own, added, subject.touched, others)


async def _others(
    desk: Desk, looking: Looking, subject: Subject, operation: str
) -> frozenset[UUID]:
    """Of which other referrals may be told, by a disclosure about their children."""
    children = {child: PersonKind.CHILD for some in subject.others.values() for child in some}
    if not children or operation != LOOK:
        return frozenset()
    asked = Question(children, [*subject.others], frozenset({KNOWN_OF}), f"referral.{operation}")
    granted = await grant(desk, looking, asked, subject.relationship)
    return may_be_told_of(granted, subject.others)


async def grant(desk: Desk, looking: Looking, asked: Question, stands: Relationship) -> Grant:
    """One disclosure. Raises SharingNotDecided."""
    try:
        permitted = await desk.consent.disclosed(looking.asker, asked, stands)
    except NotDecided as error:
        raise not_decided(desk, looking) from error
    children = [one for one, kind in asked.people.items() if kind is PersonKind.CHILD]
    return Grant(permitted.of, frozenset(children), permitted.held_back)


async def uniform(desk: Desk, looking: Looking, categories: frozenset[str]) -> Uniform:
    """What may leave of every child alike. Raises SharingNotDecided."""
    try:
        return await desk.consent.uniform(looking.asker, categories)
    except NotDecided as error:
        raise not_decided(desk, looking) from error


def not_decided(desk: Desk, looking: Looking) -> SharingNotDecided:
    """The refusal, with who answers the telephone now: a child may wait for what it would say."""
    council = desk.council(looking.by)
    answering = council.answers_now(looking.now)
    return SharingNotDecided(
        f"Nothing is shown until it can be. If a child may be in danger, telephone {answering.name}"
        f" on {answering.number} now; else try again in a moment",
        headers={"Retry-After": "5"},
        telephone={"name": answering.name, "number": answering.number},
    )
