"""Entries for those who look after them: reading, assuring, appointing, rolling back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.directory.actions.desk import Desk, in_care, noted
from services.directory.actions.saving import save_in
from services.directory.actions.showing import today
from services.directory.domain.entries import Audience, Kind, Stage
from services.directory.domain.keepers import is_editor, refuse_who_is_no_editor
from services.directory.store import entries as store
from services.directory.store import keeping
from services.directory.store.entries import By
from services.directory.store.keeping import Held, Version
from shared.auth import Caller
from shared.errors import Conflict, NotFound, Stale, Unprocessable


class OnlyServicesAreAssured(Conflict):
    slug, title = "not-a-service", "Only services are assured"


class NotAnOrganization(Conflict):
    slug, title = "not-an-organization", "Only an organization has a provider"


class NeverShown(Unprocessable):
    slug, title = "never-shown", "The last day on which it is shown is before the first"


class AgencyUnknown(Unprocessable):
    slug, title = "agency-unknown", "There is no such agency in your authority"


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How far an entry is agreed, for whom it is meant, and on which days it is shown."""

    stage: Stage
    audience: Audience
    shown_from: date | None
    shown_until: date | None


async def get(desk: Desk, entry_id: UUID, *, by: Caller, now: datetime) -> Held:
    """One entry with all that is withheld. Raises NotFound."""
    async with desk.db.transaction() as connection:
        found = await in_care(connection, desk, entry_id, by)
        await noted(connection, by, "entry.look", [entry_id], now)
    return found


async def page(
    desk: Desk, *, by: Caller, after: UUID | None, limit: int, now: datetime
) -> list[Held]:
    """The entries that the caller looks after; one more than `limit`."""
    async with desk.db.transaction() as connection:
        found = await keeping.page(
            connection, desk.cipher, by, editor=is_editor(by), after=after, limit=limit + 1
        )
        ids = [held.entry.id for held in found[:limit]]
        await noted(connection, by, "entry.list", ids, now)
    return found


async def history(
    desk: Desk, entry_id: UUID, *, by: Caller, before: int | None, limit: int, now: datetime
) -> list[Version]:
    """The versions of an entry, the newest first; one more than `limit`. Raises NotFound."""
    async with desk.db.transaction() as connection:
        await in_care(connection, desk, entry_id, by)
        await noted(connection, by, "entry.history", [entry_id], now)
        return await keeping.history(
            connection, desk.cipher, entry_id, before=before, limit=limit + 1
        )


async def assure(desk: Desk, entry_id: UUID, *, by: Caller, version: int, now: datetime) -> Held:
    """Say that a service's entry is right as it stands today.

    Raises NotFound, Stale, OnlyServicesAreAssured.
    """
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)
        found = _seen(await in_care(connection, desk, entry_id, by, to_change=True), version)
        if found.entry.kind is not Kind.SERVICE:
            raise OnlyServicesAreAssured("Assure the services of the organization, one by one")
        content = found.entry.content | {"assured_date": today(now).isoformat()}
        assured = replace(found.entry, content=content)
        await save_in(connection, desk.cipher, [assured], _by(by, "assured"))
        await noted(connection, by, "entry.assure", [entry_id], now)
        return await in_care(connection, desk, entry_id, by)


async def set_standing(
    desk: Desk,
    entry_id: UUID,
    manner: Manner,
    words: str,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Held:
    """Say how far an entry is agreed, for whom it is meant and on which days it is shown.

    Whoever looks after it may hide it, at once; to show it is an editor's.
    Raises Forbidden, NotFound, Stale, NeverShown.
    """
    if manner.shown_from and manner.shown_until and manner.shown_until < manner.shown_from:
        raise NeverShown("Let the last day come after the first", pointer="/shown_until")
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)
        found = _seen(await in_care(connection, desk, entry_id, by, to_change=True), version)
        stands = replace(found.entry, **vars(manner))
        if not stands.hides(found.entry):
            refuse_who_is_no_editor(by)
        why = replace(_by(by, f"set to {stands.stage}, {stands.audience}"), words=words)
        await save_in(connection, desk.cipher, [stands], why)
        await noted(connection, by, "entry.set_standing", [entry_id], now)
        return await in_care(connection, desk, entry_id, by)


async def roll_back(
    desk: Desk,
    entry_id: UUID,
    to: int,
    words: str,
    *,
    by: Caller,
    version: int,
    now: datetime,
) -> Held:
    """Let an entry stand as it once stood. Raises Forbidden, NotFound, Stale."""
    refuse_who_is_no_editor(by)
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)
        found = _seen(await in_care(connection, desk, entry_id, by, to_change=True), version)
        wanted = await keeping.version(connection, desk.cipher, entry_id, to)
        if wanted is None:
            raise NotFound("Look into the history for the versions that there are")
        before = replace(found.entry, **vars(wanted.standing))
        why = replace(_by(by, f"rolled back to version {to}"), words=words)
        await save_in(connection, desk.cipher, [before], why)
        await noted(connection, by, "entry.roll_back", [entry_id], now)
        return await in_care(connection, desk, entry_id, by)


async def appoint(
    desk: Desk, organization_id: UUID, agency_id: UUID, *, by: Caller, now: datetime
) -> None:
    """Let an agency look after an organization's entries.

    Raises Forbidden, NotFound, NotAnOrganization, AgencyUnknown.
    """
    refuse_who_is_no_editor(by)
    _, worker = by.acting()
    async with desk.db.transaction() as connection:
        await store.one_writer(connection)  # an approval counts before it or after it
        found = await in_care(connection, desk, organization_id, by, to_change=True)
        if found.entry.kind is not Kind.ORGANIZATION:
            raise NotAnOrganization("Name the organization that gives the service")
        if await keeping.authority_of(connection, agency_id) != by.authority:
            raise AgencyUnknown("Name an agency that takes part", pointer="/agency_id")
        await keeping.appoint(connection, organization_id, agency_id, worker, now)
        await noted(connection, by, "entry.appoint", [organization_id, agency_id], now)


def _seen(found: Held, version: int) -> Held:
    if found.version != version:
        raise Stale("Look at the entry again: somebody has changed it")
    return found


def _by(caller: Caller, reason: str) -> By:
    return By(caller.client_id, reason, caller.worker_id)
