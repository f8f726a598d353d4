"""Before a consent is withdrawn: what ends with it, what stays on another basis, who received."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions import consenting
from services.consent.actions.deciding import Question, decided
from services.consent.actions.desk import Desk, look
from services.consent.domain.consenting import Recorded
from services.consent.domain.leaves import Answered
from services.consent.domain.withdrawing import without
from services.consent.store import looks, people
from services.consent.store.looks import Recipient
from shared.auth import Caller
from shared.categories import under


@dataclass(frozen=True)
class Part:
    """What one agency may see for one purpose: of whom, which categories, on which basis."""

    agency: UUID
    purpose: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Consequences:
    """What a withdrawal would change, and what it would not."""

    consent: UUID
    ends: list[Part] = field(default_factory=list)
    stays: list[Part] = field(default_factory=list)
    recipients: list[Recipient] = field(default_factory=list)
    """Who was shown something on this consent: what they know they keep, and they are told."""
    names: Mapping[UUID, str] = field(default_factory=dict)


async def consequences(desk: Desk, consent_id: UUID, *, by: Caller, now: datetime) -> Consequences:
    """What whoever withdraws is told first (R11). Raises NotFound."""
    async with desk.db.transaction() as connection:
        kept = await consenting.seen(connection, desk, consent_id, by, now)
        found = Consequences(
            consent_id,
            recipients=await looks.received_on(connection, consent_id, kept.said.people),
            names=await people.names_of(connection, kept.said.agencies),
        )
        for question in [one async for one in _questions(connection, kept, by, now)]:
            await _compare(connection, desk, question, consent_id, found)
        await look(connection, by, "withdrawal.preview", [consent_id, *kept.said.people], now)
    return found


async def _questions(
    connection: AsyncConnection, kept: Recorded, by: Caller, now: datetime
) -> AsyncIterator[Question]:
    """What the consent permits, agency by agency and purpose by purpose."""
    said = kept.said
    for agency in sorted(said.agencies):
        kind = await people.kind_of(connection, agency, by)
        if kind is None:
            continue
        for purpose in sorted(said.purposes):
            yield Question(
                by=by,
                purpose=purpose,
                people=sorted(said.people),
                categories=sorted(under(said.categories)),
                agency=agency,
                kind=kind,
                now=now,
            )


async def _compare(
    connection: AsyncConnection,
    desk: Desk,
    question: Question,
    consent_id: UUID,
    found: Consequences,
) -> None:
    authority = desk.authority(question.by)
    before, _ = await decided(connection, desk, question, authority)
    after, _ = await decided(
        connection, desk, question, authority, lambda known: without(known, consent_id)
    )
    left = tuple(one for one in after.grounds if one.permitted)
    gone = {
        person: {
            code: answer
            for code, answer in answers.items()
            if answer.permitted and not after.answers[person][code].permitted
        }
        for person, answers in before.answers.items()
    }
    for parts, answers in ((found.stays, left), (found.ends, Answered.each(gone))):
        if answers:
            parts.append(Part(question.agency, question.purpose, answers))
