"""What a draft may say: read as the standard has it, and against what there is already."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.actions.desk import refuse_stranger
from services.directory.domain.drafts import NotAnEntry, read_content, with_mark
from services.directory.domain.entries import Entry, Kind
from services.directory.domain.keepers import is_editor, owner_of
from services.directory.domain.shapes import Json
from services.directory.domain.sound import ROOT, references, unsound
from services.directory.store import claims
from services.directory.store.keeping import Held
from shared.auth import Caller
from shared.errors import FieldError, NotFound, Unprocessable


class NobodysEntry(Unprocessable):
    slug, title = "not-your-organization", "The organization is none that your agency looks after"


async def accepted(
    connection: AsyncConnection,
    kind: Kind,
    said: Mapping[str, Any],
    which: UUID,
    held: Held | None,
    *,
    by: Caller,
    day: date,
) -> Json:
    """What the entry is to say; it cannot be given to somebody else's organization.

    Raises NotAnEntry, NobodysEntry.
    """
    standing = held.entry if held else None
    content = with_mark(read_content(kind, said, which), standing, editor=is_editor(by))
    await _refuse_strangers_organization(connection, kind, content, which, by)
    wrong = [*unsound(content, day)]
    wrong += await _named_wrongly(connection, content, standing)
    wrong += await taken(connection, content)
    wrong += await _in_a_circle(connection, content)
    if wrong:
        raise NotAnEntry("Put these right", errors=wrong)
    return content


async def _refuse_strangers_organization(
    connection: AsyncConnection, kind: Kind, content: Json, which: UUID, by: Caller
) -> None:
    owner = owner_of(kind, content)
    if is_editor(by) and (owner is None or owner == which):
        return
    try:
        await refuse_stranger(connection, owner, by)
    except NotFound:
        raise NobodysEntry(
            "Name an organization that your agency looks after", pointer="/content/organization_id"
        ) from None


async def _named_wrongly(
    connection: AsyncConnection, content: Json, standing: Entry | None
) -> list[FieldError]:
    """What names an entry that there is not; what an import brought so may stay so."""
    named = dict(references(content))
    old = {id_ for _, id_ in references(standing.content)} if standing else set()
    unknown = await claims.unknown(connection, set(named.values()) - old)
    return [
        FieldError(where, "names what is no entry")
        for where, id_ in named.items()
        if id_ in unknown
    ]


async def taken(connection: AsyncConnection, content: Json) -> list[FieldError]:
    """The places that are listed as another service's: each is in a list of its own, by its id."""
    ids = [UUID(one["id"]) for one in content.get("service_at_locations", ())]
    whose = await claims.listed_by(connection, ids)
    return [
        FieldError(f"{ROOT}/service_at_locations/{place}/id", "is another service's")
        for place, id_ in enumerate(ids)
        if str(whose.get(id_, content["id"])) != content["id"]
    ]


async def _in_a_circle(connection: AsyncConnection, content: Json) -> list[FieldError]:
    """A term that would stand above itself."""
    own, seen = UUID(content["id"]), set[UUID]()
    at = UUID(content["parent_id"]) if "parent_id" in content else None
    while at is not None and at != own and at not in seen:
        seen.add(at)
        at = await claims.above(connection, at)
    return [FieldError(f"{ROOT}/parent_id", "is the term itself, or below it")] if at == own else []
