"""Agencies and workers, as the gateway announced them: `shared.partners` keeps them so."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import any_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.referral.domain.guards import Asked, Named
from services.referral.tables.referrals import AgencyRow, WorkerRow
from shared.auth import AgencyKind, Role
from shared.rows import table_of

agency, worker = table_of(AgencyRow), table_of(WorkerRow)


@dataclass(frozen=True)
class Partner:
    """An agency as others meet it, with its workers who may be a lead professional."""

    id: UUID
    name: str
    kind: AgencyKind
    lead_professionals: list[UUID]


async def agency_name(connection: AsyncConnection, agency_id: UUID) -> str | None:
    """What the agency is called; None until the gateway's announcement has arrived."""
    wanted = select(agency.c.name).where(agency.c.id == agency_id)
    return (await connection.execute(wanted)).scalar_one_or_none()


async def asked(connection: AsyncConnection, agency_id: UUID, authority: str) -> Asked | None:
    """An agency of this authority."""
    wanted = select(agency.c.kind).where(agency.c.id == agency_id, agency.c.authority == authority)
    kind = (await connection.execute(wanted)).scalar_one_or_none()
    return Asked(agency_id, AgencyKind(kind)) if kind else None


async def has_receivers(connection: AsyncConnection, agency_id: UUID) -> bool:
    """Whether a worker of the agency can answer for it when it is asked to take a family over."""
    receives = any_(worker.c.roles) == Role.RECEIVING_WORKER
    wanted = select(worker.c.id).where(worker.c.agency_id == agency_id, receives).limit(1)
    return (await connection.execute(wanted)).first() is not None


async def front_door_of(connection: AsyncConnection, authority: str) -> UUID | None:
    """The authority's front door; the first that was registered where there are several."""
    wanted = (
        select(agency.c.id)
        .where(agency.c.kind == AgencyKind.FRONT_DOOR, agency.c.authority == authority)
        .order_by(agency.c.id)
        .limit(1)
    )
    return (await connection.execute(wanted)).scalar_one_or_none()


async def named(connection: AsyncConnection, worker_id: UUID, authority: str) -> Named | None:
    """A worker of an agency of this authority."""
    wanted = (
        select(worker.c.agency_id, worker.c.roles)
        .join(agency, agency.c.id == worker.c.agency_id)
        .where(worker.c.id == worker_id, agency.c.authority == authority)
    )
    row = (await connection.execute(wanted)).one_or_none()
    return Named(worker_id, row.agency_id, frozenset(map(Role, row.roles))) if row else None


async def partners(connection: AsyncConnection, authority: str) -> list[Partner]:
    """The agencies of an authority, by name."""
    leads = (
        select(func.array_agg(worker.c.id))
        .where(worker.c.agency_id == agency.c.id, any_(worker.c.roles) == Role.LEAD_PROFESSIONAL)
        .scalar_subquery()
    )
    wanted = (
        select(agency.c.id, agency.c.name, agency.c.kind, leads.label("leads"))
        .where(agency.c.authority == authority)
        .order_by(agency.c.name, agency.c.id)
    )
    rows = await connection.execute(wanted)
    return [Partner(row.id, row.name, AgencyKind(row.kind), row.leads or []) for row in rows]
