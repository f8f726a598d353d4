"""Agencies, as the gateway announced them: `shared.partners` keeps them so."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import RowMapping, any_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.tables.events import AgencyRow, WorkerRow
from shared.auth import AgencyKind, Role
from shared.rows import table_of

_agency, _worker = table_of(AgencyRow), table_of(WorkerRow)


@dataclass(frozen=True, slots=True)
class Known:
    """An agency as it was announced."""

    id: UUID
    name: str
    kind: AgencyKind
    authority: str


async def authority_of(connection: AsyncConnection, agency_id: UUID) -> str | None:
    """Whose hub an agency takes part in; None until its announcement has arrived."""
    wanted = select(_agency.c.authority).where(_agency.c.id == agency_id)
    found: str | None = (await connection.execute(wanted)).scalar_one_or_none()
    return found


async def called(connection: AsyncConnection, name: str) -> list[Known]:
    """The agencies of this name; one in each authority at most, as a rule."""
    wanted = select(_agency).where(_agency.c.name == name).order_by(_agency.c.authority)
    return [_known(row) for row in (await connection.execute(wanted)).mappings()]


async def every(connection: AsyncConnection) -> dict[UUID, Known]:
    """All that have been announced."""
    found = (await connection.execute(select(_agency))).mappings()
    return {row["id"]: _known(row) for row in found}


def _known(row: RowMapping) -> Known:
    return Known(row["id"], row["name"], AgencyKind(row["kind"]), row["authority"])


async def leads(connection: AsyncConnection, worker_id: UUID, agency_id: UUID) -> bool:
    """Whether a worker is a safeguarding lead of the agency, or answers for sharing where it is."""
    own = (_worker.c.agency_id == agency_id) & (any_(_worker.c.roles) == Role.SAFEGUARDING_LEAD)
    there = select(_agency.c.authority).where(_agency.c.id == agency_id).scalar_subquery()
    governing = (_agency.c.authority == there) & (
        any_(_worker.c.roles) == Role.INFORMATION_GOVERNANCE_LEAD
    )
    wanted = (
        select(_worker.c.id)
        .join(_agency, _agency.c.id == _worker.c.agency_id)
        .where(_worker.c.id == worker_id, own | governing)
    )
    return (await connection.execute(wanted)).first() is not None


async def holding(connection: AsyncConnection, agency_id: UUID, role: Role) -> list[UUID]:
    """The agency's workers who hold the role, the first that was registered first."""
    wanted = (
        select(_worker.c.id)
        .where(_worker.c.agency_id == agency_id, any_(_worker.c.roles) == role)
        .order_by(_worker.c.id)
    )
    return list((await connection.execute(wanted)).scalars())
