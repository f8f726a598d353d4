"""Who looked at a person's record: the leaves that name it, and the access records beside them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.looks import PRIVATE, Look, look_of

_LOOKED = r"\.(look|list|preview|export|page)$"
"""Of the access records those that tell of a look: a write has its leaf."""
_OF_PERSON = """
    select to_jsonb(at) #>> '{}' as at, place, leaf, entry from (
        select (entry ->> 'at')::timestamptz as at, 'l' || lpad(index::text, 19, '0') as place,
            index as leaf, entry
        from audit_leaf where entry -> 'people' @> jsonb_build_array(cast(:person as text))
        union all
        select at, 'a' || id::text, null, jsonb_build_object(
            'kind', 'look', 'at', at, 'operation', operation, 'records', subjects,
            'by', jsonb_build_object(
                'client_id', client_id, 'agency_id', agency_id, 'worker_id', worker_id))
        from access where subjects @> array[cast(:person as uuid)] and operation ~ :looked
    ) as look
"""
_FOR_READER = """
    (cast(:reader as text) is null or entry -> 'by' ->> 'agency_id' is not distinct from :reader
        or split_part(coalesce(entry ->> 'operation', ''), '.', 1) <> all(:private))
"""
"""As `looks.is_for`, before the page is cut: a gap in it would tell that something is there."""
_NEWEST = text(
    f"select * from ({_OF_PERSON}) as looks where {_FOR_READER}"  # noqa: S608 -- constants
    " order by at::timestamptz desc, place desc limit :limit"
)
_OLDER = text(
    f"select * from ({_OF_PERSON}) as looks"  # noqa: S608 -- constants
    f" where {_FOR_READER} and (at::timestamptz, place) < (cast(:at as timestamptz), :place)"
    " order by at::timestamptz desc, place desc limit :limit"
)
_RECEIVED = text(
    """
    select coalesce(entry ->> 'to_agency_id', entry -> 'by' ->> 'agency_id')::uuid as agency,
        max((entry ->> 'at')::timestamptz) as last, max(index) as leaf
    from audit_leaf, jsonb_array_elements(entry -> 'answers') as answer
    where entry -> 'people' @> jsonb_build_array(cast(:person as text))
        and entry ->> 'kind' = 'decision'
        and (answer ->> 'permitted')::boolean
        and answer -> 'people' @> jsonb_build_array(cast(:person as text))
        and answer -> 'categories' ?| cast(:categories as text[])
        and (entry ->> 'at')::timestamptz >= :since
        and coalesce(entry ->> 'to_agency_id', entry -> 'by' ->> 'agency_id') is not null
    group by 1
    order by 1
    """
)
_ON_CONSENT = text(
    """
    select coalesce(entry ->> 'to_agency_id', entry -> 'by' ->> 'agency_id')::uuid as agency,
        max((entry ->> 'at')::timestamptz) as last, max(index) as leaf
    from audit_leaf
    where entry -> 'people' ?| cast(:people as text[])
        and entry -> 'consent_ids' @> jsonb_build_array(cast(:consent as text))
        and exists (
            select from jsonb_array_elements(entry -> 'answers') as answer
            where (answer ->> 'permitted')::boolean
        )
        and coalesce(entry ->> 'to_agency_id', entry -> 'by' ->> 'agency_id') is not null
    group by 1
    order by 1
    """
)


@dataclass(frozen=True)
class Place:
    """Where in the list of a person's looks one stands."""

    at: datetime
    place: str

    @classmethod
    def of(cls, look: Look) -> "Place":
        return cls(look.at, look.place)

    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.place}"

    @classmethod
    def read(cls, said: str) -> "Place":
        """As `str` writes it."""
        at, _, place = said.rpartition(" ")
        return cls(datetime.fromisoformat(at), place)


async def of_person(
    connection: AsyncConnection,
    person: UUID,
    *,
    after: Place | None,
    limit: int,
    reader: UUID | None = None,
) -> list[Look]:
    """The person's looks, the newest first; for a `reader` those of which its agency may know."""
    asked: dict[str, Any] = {"person": str(person), "looked": _LOOKED, "limit": limit}
    asked |= {"reader": str(reader) if reader else None, "private": list(PRIVATE)}
    if after is None:
        rows = await connection.execute(_NEWEST, asked)
    else:
        rows = await connection.execute(_OLDER, asked | {"at": after.at, "place": after.place})
    return [look_of(row.entry, person, row.place, row.leaf) for row in rows]


@dataclass(frozen=True)
class Recipient:
    """An agency that was permitted to see something, and when it was last."""

    agency: UUID
    last: datetime
    index: int
    """The leaf of that last time."""


async def recipients(
    connection: AsyncConnection, person: UUID, categories: Collection[str], since: datetime
) -> list[Recipient]:
    """Every agency that was permitted to see one of `categories` of the person since then."""
    asked = {"person": str(person), "categories": sorted(categories), "since": since}
    return [
        Recipient(row.agency, row.last, row.leaf)
        for row in await connection.execute(_RECEIVED, asked)
    ]


async def received_on(
    connection: AsyncConnection, consent_id: UUID, about: Collection[UUID]
) -> list[Recipient]:
    """Every agency that was permitted to see something on this consent, which is about these."""
    asked = {"consent": str(consent_id), "people": sorted(map(str, about))}
    rows = await connection.execute(_ON_CONSENT, asked)
    return [Recipient(row.agency, row.last, row.leaf) for row in rows]
