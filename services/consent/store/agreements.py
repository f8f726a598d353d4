"""Agreements in the database: seen by their parties, and by who answers for them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.agreeing import Absence, Standing
from services.consent.domain.agreements import Agreement, Published
from services.consent.store.policies import absence, agreement, published_of, signature, version
from services.consent.tables.agreements import AgreementRow, VersionRow
from services.consent.tables.events import AgencyRow
from shared.auth import AgencyKind, Caller
from shared.errors import NotFound, Stale
from shared.ids import new_id
from shared.rows import Row, table_of

agency = table_of(AgencyRow)
ONCE = "one_agreement_of_an_authority_by_name"
"""The rule that an authority has one agreement of a name."""
Part = Callable[[AsyncConnection, Standing, UUID], Awaitable[None]]
"""What becomes of an agency's part in an agreement."""


def row_of(new: Standing, *, by: UUID, now: datetime) -> Row:
    """An agreement as it is inserted."""
    document = new.draft.model_dump(mode="json")
    return Row.of(
        AgreementRow,
        id=new.id,
        authority=new.authority,
        name=new.draft.id,
        document=document,
        version=new.version,
        updated_by=by,
        updated_at=now,
    )


def version_row(of: Standing, published: Published, *, by: UUID) -> Row:
    """A version as it is inserted, for good."""
    return Row.of(
        VersionRow,
        id=new_id(),
        agreement_id=of.id,
        number=published.version,
        document=published.agreement.model_dump(mode="json"),
        hash=published.hash,
        published_at=published.published_at,
        published_by=by,
    )


def standings() -> Select[Any]:
    """Agreements, each with its version in use."""
    newest = and_(
        version.c.agreement_id == agreement.c.id, version.c.number == agreement.c.published
    )
    published = [
        version.c.document.label("published_document"),
        version.c.number,
        version.c.hash,
        version.c.published_at,
    ]
    return select(agreement, *published).outerjoin(version, newest)


def standing_of(row: RowMapping, base: str) -> Standing:
    """An agreement as `standings` finds it."""
    published = None
    if row["number"] is not None:
        published = Published(
            agreement=Agreement.model_validate(row["published_document"]),
            version=row["number"],
            published_at=row["published_at"],
            hash=row["hash"],
        )
    return Standing(
        id=row["id"],
        authority=row["authority"],
        draft=Agreement.model_validate(row["document"]),
        version=row["version"],
        url=f"{base}/api/v1/agreements/{row['name']}",
        published=published,
        suspended_at=row["suspended_at"],
    )


def _refuse_unseen(found: Standing | None, by: Caller) -> Standing:
    agency_id, _ = by.acting()
    if found and (found.drafted_by(by) or found.party(agency_id, by)):
        return found
    raise NotFound("Your agency is a party to no agreement of this name")


async def get(
    connection: AsyncConnection,
    name: str,
    *,
    by: Caller,
    base: str,
    version: int | None = None,
    locked: bool = False,
) -> Standing:
    """The agreement of the caller's authority. With `version` it is locked for a change.

    Raises NotFound also where the agency is no party, and Stale.
    """
    wanted = standings().where(agreement.c.name == name, agreement.c.authority == by.authority)
    if locked or version is not None:
        wanted = wanted.with_for_update(of=agreement)
    row = (await connection.execute(wanted)).mappings().one_or_none()
    found = _refuse_unseen(standing_of(row, base) if row else None, by)
    if version is not None and found.version != version:
        raise Stale("Fetch the agreement again and go on from what it says now")
    return found


async def page(
    connection: AsyncConnection, *, by: Caller, after: str | None, base: str
) -> list[Standing]:
    """The agreements that the caller may see, by name, from behind `after`."""
    wanted = standings().where(agreement.c.authority == by.authority).order_by(agreement.c.name)
    if after is not None:
        wanted = wanted.where(agreement.c.name > after)
    agency_id, _ = by.acting()
    every = [standing_of(row, base) for row in (await connection.execute(wanted)).mappings()]
    return [one for one in every if one.drafted_by(by) or one.party(agency_id, by)]


async def save(connection: AsyncConnection, moved: Standing, *, by: UUID, now: datetime) -> None:
    """The new state of an agreement that `get` has locked."""
    state = {
        "document": moved.draft.model_dump(mode="json"),
        "version": moved.version,
        "published": moved.published.version if moved.published else None,
        "suspended_at": moved.suspended_at,
        "updated_by": by,
        "updated_at": now,
    }
    await connection.execute(update(agreement).where(agreement.c.id == moved.id).values(state))


async def last_number(connection: AsyncConnection, of: Standing) -> int:
    """The number of its last version; 0 where there is none."""
    wanted = select(func.max(version.c.number)).where(version.c.agreement_id == of.id)
    return int((await connection.execute(wanted)).scalar_one_or_none() or 0)


async def published(connection: AsyncConnection, of: Standing, number: int) -> Published:
    """One of its versions. Raises NotFound."""
    wanted = select(version).where(version.c.agreement_id == of.id, version.c.number == number)
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no version with this number")
    return published_of(row)


async def is_signed(connection: AsyncConnection, of: Standing, number: int, agency: UUID) -> bool:
    """Whether the agency has signed this version before."""
    wanted = select(signature.c.id).where(
        signature.c.agreement_id == of.id,
        signature.c.number == number,
        signature.c.agency_id == agency,
    )
    return (await connection.execute(wanted)).first() is not None


async def sign(
    connection: AsyncConnection, of: Standing, number: int, *, agency: UUID, by: UUID, now: datetime
) -> None:
    """Keep a signature; one that is there stays as it was."""
    row = {"agreement_id": of.id, "number": number, "agency_id": agency}
    kept = insert(signature).values(id=new_id(), signed_by=by, signed_at=now, **row)
    await connection.execute(kept.on_conflict_do_nothing())


async def signers(connection: AsyncConnection, of: Standing, number: int) -> list[UUID]:
    """The agencies that have signed the version and take part in it."""
    gone = select(absence.c.agency_id).where(absence.c.agreement_id == of.id)
    wanted = (
        select(signature.c.agency_id)
        .where(
            signature.c.agreement_id == of.id,
            signature.c.number == number,
            signature.c.agency_id.not_in(gone),
        )
        .order_by(signature.c.agency_id)
    )
    return list((await connection.execute(wanted)).scalars())


async def absent(connection: AsyncConnection, of: Standing, agency: UUID) -> Absence | None:
    """How the agency is absent from the agreement, if it is."""
    wanted = select(absence.c.how).where(
        absence.c.agreement_id == of.id, absence.c.agency_id == agency
    )
    how = (await connection.execute(wanted)).scalar_one_or_none()
    return Absence(how) if how else None


async def be_absent(
    connection: AsyncConnection, of: Standing, agency: UUID, how: Absence, now: datetime
) -> None:
    """The agency takes no part from the commit on; a suspension is not undone by leaving."""
    row = {"agreement_id": of.id, "agency_id": agency, "how": how, "since": now}
    changed = insert(absence).values(row)
    if how is Absence.SUSPENDED:
        changed = changed.on_conflict_do_update(
            index_elements=["agreement_id", "agency_id"], set_={"how": how, "since": now}
        )
    else:
        changed = changed.on_conflict_do_nothing()
    await connection.execute(changed)


async def take_part(connection: AsyncConnection, of: Standing, agency: UUID) -> None:
    """The agency takes part again, as far as it has signed."""
    await connection.execute(
        delete(absence).where(absence.c.agreement_id == of.id, absence.c.agency_id == agency)
    )


async def take_in(connection: AsyncConnection, of: Standing, agency: UUID) -> None:
    """A suspended agency takes part again; who has left stays away until it signs."""
    await connection.execute(
        delete(absence).where(
            absence.c.agreement_id == of.id,
            absence.c.agency_id == agency,
            absence.c.how == Absence.SUSPENDED,
        )
    )


async def parties_of(
    connection: AsyncConnection, authority: str, said: Agreement
) -> Sequence[UUID]:
    """The agencies of the authority that are parties, and the council that answers for it."""
    kinds = [party.kind for party in said.parties if party.agency_id is None]
    named = [party.agency_id for party in said.parties if party.agency_id]
    wanted = select(agency.c.id).where(
        agency.c.authority == authority,
        agency.c.kind.in_([*kinds, AgencyKind.COUNCIL]) | agency.c.id.in_(named),
    )
    return sorted((await connection.execute(wanted)).scalars())
