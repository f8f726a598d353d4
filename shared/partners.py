"""Agencies and workers as the gateway announces them, remembered by every service that names them.

A service takes the tables as they are (`class AgencyRow(AgencyColumns, Table, table=True)`) and
hears `HEARD`. Their names are fixed, because what is heard speaks SQL to them.
"""

from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel

from shared.auth import AgencyKind, Role
from shared.consumer import consumes
from shared.contracts.gateway import AgencyRegistered, WorkerRegistered, WorkerRolesGranted
from shared.db import Database, kept
from shared.inbox import Received


class AgencyColumns(SQLModel):
    """A partner agency as the gateway announced it."""

    __tablename__: ClassVar[Any] = "agency"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("operational", "names the agency"))
    name: str = Field(sa_column_kwargs=kept("public", "its name"))
    kind: str = Field(sa_column_kwargs=kept("public", "what kind of partner"))
    authority: str = Field(sa_column_kwargs=kept("public", "whose hub it takes part in"))


class WorkerColumns(SQLModel):
    """A worker as the gateway announced it: whose, and with which roles; never who it is."""

    __tablename__: ClassVar[Any] = "worker"

    id: UUID = Field(primary_key=True, sa_column_kwargs=kept("pseudonymous", "names the worker"))
    agency_id: UUID = Field(
        index=True, sa_column_kwargs=kept("pseudonymous", "for which agency it works")
    )
    roles: list[str] = Field(
        sa_type=ARRAY(Text), sa_column_kwargs=kept("pseudonymous", "what it may do")
    )


_AGENCY = text(
    """
    insert into agency (id, name, kind, authority) values (:id, :name, :kind, :authority)
    on conflict (id) do update
    set name = excluded.name, kind = excluded.kind, authority = excluded.authority
    """
)
_WORKER = text(
    "insert into worker (id, agency_id, roles) values (:id, :agency_id, '{}')"
    " on conflict do nothing"
)
_ROLES = text(
    "insert into worker (id, agency_id, roles) values (:id, :agency_id, :roles)"
    " on conflict (id) do update set roles = excluded.roles"
)


async def know_agency(
    connection: AsyncConnection, agency_id: UUID, name: str, kind: AgencyKind, authority: str
) -> None:
    """Remember, or put right, what an agency is called and whose hub it takes part in."""
    facts = {"id": agency_id, "name": name, "kind": kind, "authority": authority}
    await connection.execute(_AGENCY, facts)


async def know_worker(connection: AsyncConnection, worker_id: UUID, agency_id: UUID) -> None:
    """Remember whose worker it is; the roles come with an announcement of their own."""
    await connection.execute(_WORKER, {"id": worker_id, "agency_id": agency_id})


async def know_roles(
    connection: AsyncConnection, worker_id: UUID, agency_id: UUID, roles: Collection[Role]
) -> None:
    """Remember what a worker may do."""
    facts = {"id": worker_id, "agency_id": agency_id, "roles": sorted(roles)}
    await connection.execute(_ROLES, facts)


@consumes(AgencyRegistered)
async def an_agency_takes_part(event: AgencyRegistered, received: Received, db: Database) -> None:
    """So that its name can be read, and what it does belongs to its authority."""
    async with db.transaction(once=received) as connection:
        await know_agency(connection, event.agency_id, event.name, event.kind, event.authority)


@consumes(WorkerRegistered)
async def an_agency_names_a_worker(
    event: WorkerRegistered, received: Received, db: Database
) -> None:
    """So that the worker can be named in turn."""
    async with db.transaction(once=received) as connection:
        await know_worker(connection, event.worker_id, event.agency_id)


@consumes(WorkerRolesGranted)
async def a_worker_is_given_roles(
    event: WorkerRolesGranted, received: Received, db: Database
) -> None:
    """So that only those are appointed who hold the role."""
    async with db.transaction(once=received) as connection:
        await know_roles(connection, event.worker_id, event.agency_id, event.roles)


HEARD = [an_agency_takes_part, an_agency_names_a_worker, a_worker_is_given_roles]
"""What a service hears so as to know them."""
