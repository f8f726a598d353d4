"""The answer to an access request, made for who hands it over."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.actions.desk import Desk, look
from services.consent.domain.access_requests import AccessRequest, refuse_unasked
from services.consent.domain.exports import Export, Held, agencies_in, export
from services.consent.store import access_requests, consents, looks, overrides, people, refusals
from services.consent.store.naming import names
from shared.auth import Caller

_ALL = 1_000_000


async def made(desk: Desk, request_id: UUID, *, by: Caller, now: datetime) -> Export:
    """Everything that may be told, as it stands now.

    Raises NotFound, ChildNotAsked, ChildDoesNotWish.
    """
    async with desk.db.transaction() as connection:
        kept = await access_requests.get(
            connection, request_id, by=by, cipher=desk.cipher, base=desk.base
        )
        found = await people.locked(connection, [kept.person], kept.authority, deciding=True)
        refuse_unasked(kept, found[kept.person].speakers())
        made = export(kept, await _held(connection, desk, kept, by), now)
        named = await people.names_of(connection, agencies_in(made))
        at = [request_id, kept.person]
        await look(connection, by, "access_request.export", at, now)
    return replace(made, names=named)


async def _held(
    connection: AsyncConnection, desk: Desk, request: AccessRequest, by: Caller
) -> Held:
    person, authority, cipher = request.person, request.authority, desk.cipher
    about = overrides.of_authority(authority) & names(overrides.override.c.people, [person])
    return Held(
        looks=await looks.of_person(connection, person, after=None, limit=_ALL),
        consents=await consents.page(
            connection,
            person,
            after=None,
            limit=_ALL,
            authority=authority,
            cipher=cipher,
            base=desk.base,
        ),
        overrides=await overrides.page(
            connection,
            seen_by=about,
            unreviewed=False,
            after=None,
            limit=_ALL,
            cipher=cipher,
            base=desk.base,
        ),
        refusals=await refusals.page(
            connection, person, by=by, after=None, limit=_ALL, cipher=cipher
        ),
        involvements=await people.involvements(connection, [person], authority),
        exemptions=await access_requests.exempted(connection, person, authority),
    )
