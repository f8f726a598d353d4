"""`hub client …`: the operator registers agencies' systems, directly on the gateway's database."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from gateway import actions, store
from gateway.actions import Credentials
from gateway.domain.agencies import Agency
from gateway.domain.clients import Algorithm, Client
from hub import agencies, client_files, sample
from hub.authorities import served
from hub.client_files import ClientFile
from hub.databases import open_database, reachable
from hub.site import Site
from hub.trouble import Trouble
from shared.auth import AgencyKind, Scope
from shared.db import Database
from shared.settings import authority_files


@dataclass(frozen=True)
class NewClient:
    """What `hub client add` is told; without keys of the partner's own, a pair is made here."""

    client_id: str
    agency: str
    kind: AgencyKind | None
    alg: Algorithm = Algorithm.ES256
    jwks: dict[str, object] | None = None
    secret: bool = False
    events: bool = False
    scopes: Sequence[Scope] = ()
    authority: str | None = None
    """Whose hub a new agency takes part in; needed where this hub serves several."""


@asynccontextmanager
async def gateway_database(site: Site) -> AsyncIterator[Database]:
    """The gateway's database for one command."""
    with reachable(site) as urls:
        async with open_database(urls["gateway"]) as db:
            yield db


@dataclass(frozen=True)
class Added:
    """A client that may fetch tokens now."""

    client: Client
    agency: Agency
    key: Path | None
    """Where its key lies, if it was made here."""


async def add(site: Site, wanted: NewClient) -> Added:
    """Register a client, and its agency where that is new."""
    file = None if wanted.jwks else _new_file(wanted.client_id, wanted.alg, wanted.secret)
    if file:
        client_files.make_folder(site.clients)
    async with gateway_database(site) as db:
        now = datetime.now(UTC)
        agency = await _agency(db, site, wanted, now)
        scopes = frozenset(wanted.scopes) or sample.scopes_of(agency.kind)
        client = await actions.register_client(
            db,
            agency_id=agency.id,
            name=wanted.client_id,
            credentials=_credentials(file, wanted.alg, wanted.jwks),
            scopes=scopes,
            events=wanted.events,
            client_id=wanted.client_id,
            now=now,
        )
    return Added(client, agency, client_files.write(site.clients, file) if file else None)


async def everybody(site: Site) -> tuple[list[Client], dict[UUID, Agency]]:
    """Every client, and every agency by its id."""
    async with gateway_database(site) as db, db.reading() as connection:
        by_id = {agency.id: agency for agency in await store.agencies(connection)}
        return await store.clients(connection), by_id


async def revoke(site: Site, client_id: str) -> Client:
    """Shut a client out."""
    async with gateway_database(site) as db:
        return await actions.revoke_client(db, client_id, now=datetime.now(UTC))


async def rotate(site: Site, client_id: str) -> Path:
    """Give a client whose key lies here a new one; the old one is refused from then on."""
    old = client_files.read(site.clients, client_id)
    alg = Algorithm(old.alg or Algorithm.ES256)
    file = _new_file(client_id, alg, old.client_secret is not None, old.acting_worker)
    client_files.make_folder(site.clients)
    async with gateway_database(site) as db:
        await actions.rotate_client_key(db, client_id, _credentials(file, alg, None))
    return client_files.write(site.clients, file)


async def _agency(db: Database, site: Site, wanted: NewClient, now: datetime) -> Agency:
    async with db.reading() as connection:
        known = await store.agencies(connection)
    if found := agencies.called(known, wanted.agency, wanted.authority):
        return found
    if wanted.kind is None:
        raise Trouble(
            f"No agency is called “{wanted.agency}”. Say what kind a new one is with --kind, "
            f"or use a name of: {agencies.names(known)}."
        )
    authority = _authority(site, wanted.authority)
    return await actions.register_agency(
        db, name=wanted.agency, kind=wanted.kind, authority=authority, now=now
    )


def _authority(site: Site, wanted: str | None) -> str:
    """One that this hub serves: the only one, or the one that is wanted. Raises Trouble."""
    told = os.environ.get("GATEWAY_AUTHORITY_FILES")  # in a container
    ids = list(served(authority_files(told) if told else site.authorities))
    if wanted is None and len(ids) == 1:
        return ids[0]
    if wanted not in ids:
        raise Trouble(f"Say --authority, one that this hub serves: {', '.join(ids)}.")
    return wanted


def _new_file(
    client_id: str, alg: Algorithm, secret: bool, acting_worker: str | None = None
) -> ClientFile:
    if secret:
        return ClientFile(client_id, acting_worker, client_secret=actions.new_secret())
    return ClientFile(client_id, acting_worker, alg.value, client_files.new_key(*alg.key))


def _credentials(
    file: ClientFile | None, alg: Algorithm, jwks: dict[str, object] | None
) -> Credentials:
    if file and file.client_secret:
        return Credentials(secret=file.client_secret)
    return Credentials(alg=alg, jwks=file.public_jwks() if file else jwks)
