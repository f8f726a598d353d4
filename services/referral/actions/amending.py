"""Amendments after sending: one transaction each, with the change log beside the change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.actions.desk import Desk, Done, records
from services.referral.actions.sharing import Looking, shown
from services.referral.actions.submitting import OpenReferralExists
from services.referral.domain import amendments as domain
from services.referral.domain.amendments import Addition, Amendment, Change, Correction, Known
from services.referral.domain.hiding import hide_addresses
from services.referral.domain.referral import Referral
from services.referral.domain.seeing import Grant, Sharing, is_at_the_front_door
from services.referral.domain.submitting import Outcome
from services.referral.store import amendments, people, referrals
from services.referral.tables.events import Access
from shared.access import access_row
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.db import broken_rule
from shared.errors import NotFound
from shared.ids import new_id
from shared.rows import Row, add


@dataclass(frozen=True)
class Amending:
    """Which referral is changed, by whom, from which version on."""

    desk: Desk
    referral_id: UUID
    by: Caller
    version: int
    now: datetime

    def today(self) -> date:
        """The day in England."""
        return self.now.astimezone(ENGLAND).date()

    def look(self, what: str, at: UUID) -> Row:
        """That another referral was looked at by the way."""
        return access_row(Access, self.by, f"referral.{what}", [at], self.now)

    async def found(self, connection: AsyncConnection) -> Referral:
        """The referral, locked; one that may be amended."""
        found = await referrals.get(
            connection, self.referral_id, by=self.by, base=self.desk.base, version=self.version
        )
        domain.refuse_where_it_is_over(found, self.by)
        return found

    async def save(
        self,
        connection: AsyncConnection,
        before: Referral,
        outcome: Outcome,
        change: Change,
        action: str,
    ) -> None:
        """The new state, the line of the change log, and what stands beside every change."""
        moved, events = outcome
        desk = self.desk
        done = Done(action, self.by, self.now, code=change.part)
        line = amendments.row_of(moved, change, by=self.by, now=self.now, cipher=desk.cipher)
        await referrals.save(connection, before, moved)
        await add(connection, line, *records(desk, moved, events, done, before))


async def amend(amending: Amending, amendment: Amendment) -> Referral:
    """One part of the submission anew.

    Raises NotFound, Stale, Forbidden, NotAllowedNow, Unprocessable.
    """
    desk = amending.desk
    council = desk.council(amending.by)
    async with desk.db.transaction() as connection:
        found = await amending.found(connection)
        said = await referrals.sealed_parts(connection, found, desk.cipher)
        change = domain.change_of(amendment, said[amendment.part], council)
        outcome = domain.amend(found, amendment, by=amending.by, now=amending.now, council=council)
        await amendments.replace_part(connection, found, amendment.part, change.after, desk.cipher)
        await amending.save(connection, found, outcome, change, domain.AMEND)
    desk.wake()
    return outcome[0]


async def correct(amending: Amending, person_id: UUID, correction: Correction) -> Referral:
    """A person's data put right. Where a child is now another one, the duplicate rule holds.

    Raises NotFound, Stale, Forbidden, NotAllowedNow, Unprocessable, OpenReferralExists.
    """

    def put_right(found: Referral, everybody: list[Known]) -> tuple[Known, Change]:
        known = next((person for person in everybody if person.person_id == person_id), None)
        if known is None:
            raise NotFound("Nobody in this referral has this id")
        at_the_door = is_at_the_front_door(found, amending.by)
        return domain.corrected(
            known, correction, at_the_front_door=at_the_door, today=amending.today()
        )

    return await _change_people(
        amending, domain.CORRECT, put_right, correction.despite_open_referral
    )


async def add_person(amending: Amending, addition: Addition) -> tuple[Referral, UUID]:
    """Somebody who was forgotten, and the new person's id. Raises what `correct` raises."""
    person_id = new_id()

    def put_there(_: Referral, everybody: list[Known]) -> tuple[Known, Change]:
        return domain.added(person_id, addition, today=amending.today())

    moved = await _change_people(amending, domain.AMEND, put_there, addition.despite_open_referral)
    return moved, person_id


async def _change_people(
    amending: Amending,
    action: str,
    decide: Callable[[Referral, list[Known]], tuple[Known, Change]],
    despite: str | None,
) -> Referral:
    """`decide` says who a person is now; it is not written where that is somebody's open child."""
    desk = amending.desk
    try:
        async with desk.db.transaction() as connection:
            found = await amending.found(connection)
            everybody = await _everybody(connection, desk, found)
            person, change = decide(found, everybody)
            after = {known.person_id: known for known in (*everybody, person)}
            outcome = domain.change_people(
                found,
                person,
                list(after.values()),
                by=amending.by,
                council=desk.council(amending.by),
            )
            other = await _find_again(connection, desk, outcome[0], after.values(), despite)
            if other is None:
                await amendments.keep_person(connection, outcome[0], person, desk.cipher)
                await amending.save(connection, found, outcome, change, action)
            else:
                await add(connection, amending.look("duplicate", other.id))
    except IntegrityError as error:
        if broken_rule(error) != people.ONE_OPEN:
            raise
        return await _change_people(amending, action, decide, despite)  # now it can be seen
    if other is not None:
        raise OpenReferralExists.named(other.reference)
    desk.wake()
    return outcome[0]


async def _everybody(connection: AsyncConnection, desk: Desk, found: Referral) -> list[Known]:
    return [
        Known(person.pop("person_id"), person.pop("is_child"), person)
        for person in await people.people(connection, found, desk.cipher)
    ]


async def _find_again(
    connection: AsyncConnection,
    desk: Desk,
    moved: Referral,
    everybody: Iterable[Known],
    despite: str | None,
) -> people.InTheWay | None:
    """Let the children be found as who they are now; else what stands in the way of that."""
    now_known = amendments.indexes_of(
        (person.as_child() for person in everybody if person.is_child), desk.cipher
    )
    known = await amendments.known_by(connection, moved)
    if now_known == known:
        return None
    if not moved.is_over():
        children = {"agency": moved.referring_agency_id, "children": list(now_known - known)}
        other = await people.in_the_way(connection, children, of=moved)
        if other is not None and despite is None:
            return other
    await amendments.find_by(
        connection,
        moved,
        no_more=known - now_known,
        also=now_known - known,
        overridden=despite is not None,
    )
    if despite is not None:
        await amendments.keep_why_another(connection, moved, despite, desk.cipher)
    return None


async def changes(
    desk: Desk, referral_id: UUID, looking: Looking, categories: frozenset[str]
) -> list[tuple[dict[str, Any], Grant]]:
    """The change log: each line with what of it may leave. Raises NotFound, SharingNotDecided."""
    by = looking.by

    async def read(
        connection: AsyncConnection, found: Referral, sharing: Sharing
    ) -> tuple[list[tuple[dict[str, Any], Grant]], list[UUID]]:
        lines = await amendments.changes_of(connection, found, desk.cipher)
        everybody = await _everybody(connection, desk, found)
        hide_addresses(lines, {one.person_id: one.said.get("addresses", []) for one in everybody})
        return [(line, _grant(line, by, sharing)) for line in lines], []

    return await shown(desk, referral_id, looking, "amendments", categories, read)


def _grant(line: dict[str, Any], by: Caller, sharing: Sharing) -> Grant:
    """By whose word a line is shown: also what somebody put right was said by whoever was there."""
    touched = sharing.touched
    by_others = line["agency_id"] != by.agency_id
    about_others = line["part"] in touched.parts or line["person_id"] in touched.people
    return sharing.added if by_others or about_others else sharing.own
