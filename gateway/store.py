"""The gateway's SQL: every statement stands here, and returns what the domain speaks of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.agencies import Agency, Worker
from gateway.domain.clients import Algorithm, AuthMethod, Client
from gateway.tables import AgencyRow, AssertionSeen, ClientRow, RevokedToken, WorkerRow
from shared.auth import AgencyKind, Role, Scope
from shared.crypto import FieldCipher
from shared.errors import NotFound
from shared.rows import table_of

AGENCY, CLIENT, WORKER = table_of(AgencyRow), table_of(ClientRow), table_of(WorkerRow)
SEEN, REVOKED = table_of(AssertionSeen), table_of(RevokedToken)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the door must know about the bearer of a token, now."""

    agency_id: UUID
    agency_kind: AgencyKind
    authority: str
    revoked: bool
    worker_id: UUID | None
    roles: frozenset[Role]


async def agency(connection: AsyncConnection, agency_id: UUID) -> Agency:
    """One agency. Raises NotFound."""
    row = (await connection.execute(select(AGENCY).where(AGENCY.c.id == agency_id))).first()
    if row is None:
        raise NotFound("No agency has this id")
    return Agency(row.id, row.name, AgencyKind(row.kind), row.authority)


async def agencies(connection: AsyncConnection) -> list[Agency]:
    """Every agency, by name."""
    rows = await connection.execute(select(AGENCY).order_by(AGENCY.c.name))
    return [Agency(row.id, row.name, AgencyKind(row.kind), row.authority) for row in rows]


def _client(row: Any) -> Client:
    return Client(
        id=row.id,
        agency_id=row.agency_id,
        name=row.name,
        auth_method=AuthMethod(row.auth_method),
        alg=Algorithm(row.alg) if row.alg else None,
        jwks=row.jwks,
        secret_sha256=row.secret_sha256,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        events=row.events,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )


def client_row(client: Client) -> ClientRow:
    """The row that keeps `client`."""
    return ClientRow(
        id=client.id,
        agency_id=client.agency_id,
        name=client.name,
        auth_method=client.auth_method.value,
        alg=client.alg.value if client.alg else None,
        jwks=dict(client.jwks) if client.jwks else None,
        secret_sha256=client.secret_sha256,
        scopes=sorted(client.scopes),
        events=client.events,
        created_at=client.created_at,
        revoked_at=client.revoked_at,
    )


async def client(
    connection: AsyncConnection, client_id: str, *, to_change: bool = False
) -> Client | None:
    """One client, locked when it is about `to_change`; None when there is none."""
    query = select(CLIENT).where(CLIENT.c.id == client_id)
    row = (await connection.execute(query.with_for_update() if to_change else query)).first()
    return _client(row) if row else None


async def clients(connection: AsyncConnection) -> list[Client]:
    """Every client, revoked ones too."""
    return [_client(row) for row in await connection.execute(select(CLIENT).order_by(CLIENT.c.id))]


async def keep_client(connection: AsyncConnection, client: Client) -> None:
    """Write what may change in a client: its credentials and whether it is revoked."""
    values = {
        "jwks": dict(client.jwks) if client.jwks else None,
        "secret_sha256": client.secret_sha256,
        "revoked_at": client.revoked_at,
    }
    await connection.execute(update(CLIENT).where(CLIENT.c.id == client.id).values(values))


def worker_row(worker: Worker, cipher: FieldCipher, *, registered_at: datetime) -> WorkerRow:
    """The row that keeps `worker`, with name and job title sealed."""
    return WorkerRow(
        id=worker.id,
        agency_id=worker.agency_id,
        external_id=worker.external_id,
        name=cipher.seal(worker.name, "worker.name", worker.id),
        job_title=cipher.seal(worker.job_title, "worker.job_title", worker.id),
        roles=sorted(worker.roles),
        version=worker.version,
        registered_at=registered_at,
    )


async def keep_worker(connection: AsyncConnection, worker: Worker, cipher: FieldCipher) -> None:
    """Write what may change in a worker's entry."""
    values = {
        "name": cipher.seal(worker.name, "worker.name", worker.id),
        "job_title": cipher.seal(worker.job_title, "worker.job_title", worker.id),
        "roles": sorted(worker.roles),
        "version": worker.version,
    }
    await connection.execute(update(WORKER).where(WORKER.c.id == worker.id).values(values))


async def alone_with(connection: AsyncConnection, agency_id: UUID, external_id: str) -> None:
    """Wait for whoever else registers this worker: there is no row yet to be locked."""
    who = func.hashtextextended(f"{agency_id} {external_id}", 0)
    await connection.execute(select(func.pg_advisory_xact_lock(who)))


async def worker(
    connection: AsyncConnection, cipher: FieldCipher, *which: ColumnElement[bool]
) -> Worker | None:
    """One worker, locked for the rest of the transaction; None when there is none."""
    row = (await connection.execute(select(WORKER).where(*which).with_for_update())).first()
    if row is None:
        return None
    return Worker(
        id=row.id,
        agency_id=row.agency_id,
        external_id=row.external_id,
        name=cipher.open(row.name, "worker.name", row.id),
        job_title=cipher.open(row.job_title, "worker.job_title", row.id),
        roles=frozenset(Role(role) for role in row.roles),
        version=row.version,
    )


def in_authority(worker_id: UUID, authority: str | None) -> ColumnElement[bool]:
    """A worker of any agency of an authority."""
    there = select(AGENCY.c.id).where(AGENCY.c.authority == authority)
    return and_(WORKER.c.id == worker_id, WORKER.c.agency_id.in_(there))


def called(agency_id: UUID, external_id: str) -> ColumnElement[bool]:
    """The worker whom this agency calls so."""
    return and_(WORKER.c.agency_id == agency_id, WORKER.c.external_id == external_id)


_GIVEN_BACK = exists().where(REVOKED.c.jti == bindparam("jti"))
_NAMED = and_(
    WORKER.c.agency_id == CLIENT.c.agency_id, WORKER.c.external_id == bindparam("external_id")
)
_STANDING: Executable = (
    select(
        CLIENT.c.agency_id,
        AGENCY.c.kind,
        AGENCY.c.authority,
        (CLIENT.c.revoked_at.is_not(None) | _GIVEN_BACK).label("revoked"),
        WORKER.c.id.label("worker_id"),
        WORKER.c.roles,
    )
    .join(AGENCY, AGENCY.c.id == CLIENT.c.agency_id)
    .outerjoin(WORKER, _NAMED)
    .where(CLIENT.c.id == bindparam("client_id"))
)


async def standing(
    connection: AsyncConnection, client_id: str, jti: str, external_id: str | None
) -> Standing | None:
    """Agency, revocation and acting worker of a token's bearer in one look."""
    named = {"client_id": client_id, "jti": jti, "external_id": external_id}
    row = (await connection.execute(_STANDING, named)).first()
    if row is None:
        return None
    roles = frozenset(Role(role) for role in row.roles or ())
    kind = AgencyKind(row.kind)
    return Standing(row.agency_id, kind, row.authority, row.revoked, row.worker_id, roles)


async def first_use(
    connection: AsyncConnection, client_id: str, jti: str, expires: datetime
) -> bool:
    """Whether this assertion is used for the first time; of two at once one is told no."""
    row = {"client_id": client_id, "jti": jti, "expires": expires}
    seen = await connection.execute(upsert(SEEN).values(row).on_conflict_do_nothing())
    return seen.rowcount == 1


async def revoke_token(connection: AsyncConnection, jti: str, expires: datetime) -> None:
    """From now on the door refuses this token."""
    row = {"jti": jti, "expires": expires}
    await connection.execute(upsert(REVOKED).values(row).on_conflict_do_nothing())


async def is_revoked(connection: AsyncConnection, jti: str) -> bool:
    """Whether this token was given back."""
    query = select(REVOKED.c.jti).where(REVOKED.c.jti == jti)
    return (await connection.execute(query)).first() is not None


async def forget_expired(connection: AsyncConnection, now: datetime) -> None:
    """Drop assertions and revocations that time has made meaningless."""
    for table in (SEEN, REVOKED):
        await connection.execute(delete(table).where(table.c.expires < now))
