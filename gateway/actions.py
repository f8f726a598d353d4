"""The gateway's verbs: one transaction each, announced by the outbox in the same transaction.

The `hub` command calls them too, on the gateway's own database.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from gateway import store
from gateway.domain import agencies, clients
from gateway.domain.agencies import Agency, AgencyTaken, Worker
from gateway.domain.clients import Algorithm, AuthMethod, Client, ClientTaken
from gateway.tables import Access, AgencyRow, Outbox
from shared.access import access_row
from shared.auth import AgencyKind, Caller, Role, Scope
from shared.contracts.gateway import (
    AgencyRegistered,
    ClientRegistered,
    ClientRevoked,
    WorkerRegistered,
    WorkerRolesGranted,
)
from shared.crypto import FieldCipher
from shared.db import Database, broken_rule
from shared.errors import Forbidden, NotFound, Stale, Unprocessable
from shared.ids import new_id
from shared.outbox import outbox_row
from shared.rows import add

_SHORTEST_SECRET = 32
_DEFAULT_ROLES = frozenset({Role.REFERRER})


@dataclass(frozen=True)
class Credentials:
    """How a client proves who it is: public keys of one algorithm, or else a secret.

    A secret is only for agencies that can do no better; use `new_secret`.
    """

    alg: Algorithm | None = None
    jwks: Mapping[str, Any] | None = None
    secret: str | None = None

    def kept(self) -> dict[str, Any]:
        """What the client's row keeps of them. Raises Unprocessable for unusable ones."""
        if self.secret is None:
            if self.alg is None or self.jwks is None:
                raise Unprocessable("Send public keys and their algorithm, or else a secret")
            return {"jwks": clients.public_keys(self.jwks, self.alg), "secret_sha256": None}
        if self.jwks is not None or len(self.secret) < _SHORTEST_SECRET:
            raise Unprocessable("Send either keys or a secret made by `new_secret`")
        return {"jwks": None, "secret_sha256": hashlib.sha256(self.secret.encode()).digest()}


def new_secret() -> str:
    """256 random bits in characters that every client library encodes alike."""
    return secrets.token_urlsafe(32)


async def register_agency(
    db: Database,
    *,
    name: str,
    kind: AgencyKind,
    authority: str,
    now: datetime,
    agency_id: UUID | None = None,
) -> Agency:
    """A partner takes part from now on. Raises AgencyTaken when the id is in use."""
    agency = Agency(agency_id or new_id(), name, kind, authority)
    row = AgencyRow(id=agency.id, name=name, kind=kind, authority=authority, registered_at=now)
    event = AgencyRegistered(agency_id=agency.id, name=name, kind=kind, authority=authority)
    try:
        async with db.transaction() as connection:
            await add(connection, row, outbox_row(Outbox, event, now=now))
    except IntegrityError as error:
        if broken_rule(error) != "agency_pkey":
            raise
        raise AgencyTaken("Use another id, or leave it out") from error
    return agency


async def register_client(
    db: Database,
    *,
    agency_id: UUID,
    name: str,
    credentials: Credentials,
    scopes: frozenset[Scope],
    now: datetime,
    events: bool = False,
    client_id: str | None = None,
) -> Client:
    """A system of an agency may fetch tokens from now on. Raises ClientTaken, Unprocessable."""
    client_id = client_id or f"client-{secrets.token_hex(8)}"
    if not clients.CLIENT_ID.fullmatch(client_id):
        raise Unprocessable("A client_id has 3 to 64 small letters, digits and hyphens")
    async with db.reading() as connection:
        agency = await store.agency(connection, agency_id)
    keys = credentials.secret is None
    client = Client(
        id=client_id,
        agency_id=agency.id,
        name=name,
        auth_method=AuthMethod.PRIVATE_KEY_JWT if keys else AuthMethod.CLIENT_SECRET_BASIC,
        alg=credentials.alg,
        scopes=clients.scopes_for(scopes, events=events, kind=agency.kind),
        events=events,
        created_at=now,
        **credentials.kept(),
    )
    event = ClientRegistered(agency_id=agency.id, client_id=client_id, events=events)
    try:
        async with db.transaction() as connection:
            announced = outbox_row(Outbox, event, now=now)
            await add(connection, store.client_row(client), announced)
    except IntegrityError as error:
        if broken_rule(error) != "client_pkey":
            raise
        raise ClientTaken("Choose another client_id") from error
    return client


async def revoke_client(db: Database, client_id: str, *, now: datetime) -> Client:
    """Shut a client out: no new tokens, and its old ones end at the door within two seconds."""
    async with db.transaction() as connection:
        client = await store.client(connection, client_id, to_change=True)
        if client is None:
            raise NotFound("No client has this client_id")
        if client.revoked_at is None:
            client = replace(client, revoked_at=now)
            await store.keep_client(connection, client)
            event = ClientRevoked(agency_id=client.agency_id, client_id=client_id)
            await add(connection, outbox_row(Outbox, event, now=now))
    return client


async def rotate_client_key(db: Database, client_id: str, credentials: Credentials) -> Client:
    """Replace a client's keys or secret; to overlap, send the old key beside the new one."""
    async with db.transaction() as connection:
        client = await store.client(connection, client_id, to_change=True)
        if client is None:
            raise NotFound("No client has this client_id")
        given = replace(credentials, alg=client.alg) if client.alg else credentials
        fresh = replace(client, **given.kept())
        if (fresh.jwks is None) is not (client.jwks is None):
            raise Unprocessable(f"This client proves itself by {client.auth_method}")
        await store.keep_client(connection, fresh)
    return fresh


async def register_worker(
    db: Database,
    cipher: FieldCipher,
    *,
    agency_id: UUID,
    external_id: str,
    name: str,
    job_title: str,
    now: datetime,
    caller: Caller | None = None,
) -> tuple[Worker, bool]:
    """Put a worker into the agency's list, or put their entry right; the flag says: new.

    The agency's own system is the master of this entry, so the last word counts. A new worker is
    a referrer; `caller` is None when the operator's `hub` command registers.
    """
    if not agencies.EXTERNAL_ID.fullmatch(external_id):
        raise Unprocessable(
            "Use the worker's number in your system: letters, digits, dot, hyphen, underscore"
        )
    async with db.transaction() as connection:
        await store.alone_with(connection, agency_id, external_id)
        found = await store.worker(connection, cipher, store.called(agency_id, external_id))
        if found:
            worker = replace(found, name=name, job_title=job_title, version=found.version + 1)
            await store.keep_worker(connection, worker, cipher)
        else:
            worker = Worker(new_id(), agency_id, external_id, name, job_title, roles=_DEFAULT_ROLES)
            await add(connection, store.worker_row(worker, cipher, registered_at=now))
            event = WorkerRegistered(agency_id=agency_id, worker_id=worker.id)
            await add(connection, outbox_row(Outbox, event, now=now))
        if caller:
            row = access_row(Access, caller, "register_worker", [worker.id], now)
            await add(connection, row)
    return worker, found is None


async def grant_roles(
    db: Database,
    cipher: FieldCipher,
    *,
    agency_id: UUID,
    external_id: str,
    roles: frozenset[Role],
    now: datetime,
    version: int | None = None,
    caller: Caller | None = None,
) -> Worker:
    """Give a worker exactly these roles. Raises NotFound, Stale, Unprocessable.

    Through the API the agency's administrator grants (`caller`), and names the version they saw.
    """
    if caller and Role.AGENCY_ADMINISTRATOR not in caller.roles:
        raise Forbidden("Only a worker with the role agency_administrator grants roles")
    async with db.transaction() as connection:
        agency = await store.agency(connection, agency_id)
        worker = await store.worker(connection, cipher, store.called(agency_id, external_id))
        if worker is None:
            raise NotFound("Your agency has no worker with this id")
        if version not in (None, worker.version):
            raise Stale("Fetch the worker again and repeat what you wanted to change")
        worker = agencies.granted(worker, roles, kind=agency.kind)
        await store.keep_worker(connection, worker, cipher)
        event = WorkerRolesGranted(
            agency_id=agency_id, worker_id=worker.id, roles=sorted(worker.roles)
        )
        await add(connection, outbox_row(Outbox, event, now=now))
        if caller:
            row = access_row(Access, caller, "grant_roles", [worker.id], now)
            await add(connection, row)
    return worker


async def look_up_worker(
    db: Database,
    cipher: FieldCipher,
    *,
    caller: Caller,
    now: datetime,
    external_id: str | None = None,
    worker_id: UUID | None = None,
) -> Worker:
    """One worker, by the agency's own number or by the hub's id. Raises NotFound.

    An agency sees its own workers; the front door its authority's, by the hub's id.
    """
    assert caller.agency_id  # noqa: S101 -- the door knows the agency of every client
    which = store.called(caller.agency_id, external_id or "")
    if worker_id:
        which = store.in_authority(worker_id, caller.authority)
    async with db.transaction() as connection:
        worker = await store.worker(connection, cipher, which)
        if worker is None or (worker.agency_id != caller.agency_id and not caller.is_front_door()):
            raise NotFound("Look at the id")
        row = access_row(Access, caller, "look_up_worker", [worker.id], now)
        await add(connection, row)
    return worker
