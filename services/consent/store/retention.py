"""Who is due to be erased, and the erasing: rows go, and the leaves of the audit log stay."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.retention import Standing
from services.consent.tables.rights import RetentionRow
from shared.people import PersonKind
from shared.rows import table_of

retention = table_of(RetentionRow)
_NAMED = ("consent", "override", "refusal_to_share")
"""Their records name several people."""
_ABOUT = ("involvement", "access_request", "rectification", "complaint", "retention")
"""Each of their records is about one."""
_SOMETHING = " or ".join(
    [f"exists (select from {table} where person_id = person.id)" for table in _ABOUT]
    + [f"exists (select from {table} where people @> array[person.id])" for table in _NAMED]
)
_STANDINGS = """
    select person.id, person.kind, person.recorded_at, retention.born_in,
        (select max(coalesce(least(until, ended_at), :now)) from involvement
            where person_id = person.id) as last_work,
        exists (select from access_request where person_id = person.id and answered_at is null)
            or exists (select from complaint where person_id = person.id and answered_at is null)
            as has_open,
        exists (select from refusal_to_share where people @> array[person.id]
            and lifted_at is null and coalesce(until > :now, true)) as held_back
    from person left join retention on retention.person_id = person.id
    where person.authority = :authority
"""
_OF = text(f"{_STANDINGS} and person.id = any(cast(:people as uuid[]))")
_IDLE = text(
    f"{_STANDINGS} and person.id > :after and ({_SOMETHING})"
    " and not exists (select from involvement where person_id = person.id"
    " and coalesce(least(until, ended_at) > :now, true)) order by person.id limit :limit"
)
_ERASE = [
    text(statement)
    for statement in (
        "delete from exemption using access_request as request"
        " where request.id = request_id and request.person_id = :person",
        *(f"delete from {table} where person_id = :person" for table in _ABOUT),  # noqa: S608
        *(
            f"update {table} set people = array_remove(people, :person)"  # noqa: S608
            " where people @> array[cast(:person as uuid)]"
            for table in _NAMED
        ),
        *(f"delete from {table} where people = '{{}}'" for table in _NAMED),  # noqa: S608
        "update person set competent = false, adult_at_risk = false, parents = '{}',"
        " attorneys = '{}' where id = :person",
    )
]


def _standing(row: object) -> Standing:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    return Standing(
        person=values["id"],
        kind=PersonKind(values["kind"]),
        born_in=values["born_in"],
        known_since=values["recorded_at"],
        last_work=values["last_work"],
        has_open=values["has_open"],
        held_back=values["held_back"],
    )


async def standings(
    connection: AsyncConnection, people: Collection[UUID], authority: str, now: datetime
) -> list[Standing]:
    """How these people stand; who is not known is left out."""
    asked = {"people": sorted(people), "authority": authority, "now": now}
    return [_standing(row) for row in await connection.execute(_OF, asked)]


async def idle(
    connection: AsyncConnection, authority: str, *, after: UUID, limit: int, now: datetime
) -> list[Standing]:
    """People with whom no agency works and of whom something is kept, by id."""
    asked = {"authority": authority, "after": after, "limit": limit, "now": now}
    return [_standing(row) for row in await connection.execute(_IDLE, asked)]


async def say_born(
    connection: AsyncConnection,
    person: UUID,
    born_in: date,
    *,
    authority: str,
    by: UUID,
    now: datetime,
) -> None:
    """Keep in which month somebody was born; what was said before is replaced."""
    state = {"born_in": born_in, "said_by": by, "said_at": now}
    kept = insert(retention).values(person_id=person, authority=authority, **state)
    await connection.execute(kept.on_conflict_do_update(index_elements=["person_id"], set_=state))


async def erase(connection: AsyncConnection, person: UUID) -> None:
    """Remove what is kept of somebody; records that name others too lose this name alone."""
    for statement in _ERASE:
        asked = {"person": person} if ":person" in statement.text else {}
        await connection.execute(statement, asked)
