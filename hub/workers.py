"""`hub worker add`: the operator registers an agency's first people, who then register the rest."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gateway import actions, store
from gateway.domain.agencies import MAY_HOLD, Worker
from hub import agencies
from hub.clients import gateway_database
from hub.site import Site
from hub.trouble import Trouble
from shared.auth import Role
from shared.crypto import FieldCipher


@dataclass(frozen=True)
class NewWorker:
    """What `hub worker add` is told."""

    number: str
    agency: str
    name: str
    job_title: str
    roles: frozenset[Role]
    authority: str | None = None
    """Whose, where agencies of several authorities have the same name."""


async def add(site: Site, wanted: NewWorker) -> Worker:
    """Register a worker, or put one right, with exactly these roles; again does no harm."""
    async with gateway_database(site) as db:
        keys = os.environ.get("GATEWAY_FIELD_KEYS", site.keys / "gateway.fields.json")
        cipher = FieldCipher(Path(keys))
        async with db.reading() as connection:
            known = await store.agencies(connection)
        if (agency := agencies.called(known, wanted.agency, wanted.authority)) is None:
            raise Trouble(
                f"No agency is called “{wanted.agency}”. There is: {agencies.names(known)}. "
                "A new one is registered with its first system: hub client add"
            )
        if beyond := sorted(wanted.roles - MAY_HOLD[agency.kind]):
            raise Trouble(
                f"Workers of {agency.name} ({agency.kind}) cannot hold: {', '.join(beyond)}. "
                f"They may hold: {', '.join(sorted(MAY_HOLD[agency.kind]))}."
            )
        now = datetime.now(UTC)
        await actions.register_worker(
            db,
            cipher,
            agency_id=agency.id,
            external_id=wanted.number,
            name=wanted.name,
            job_title=wanted.job_title,
            now=now,
        )
        grant = partial(actions.grant_roles, db, cipher, agency_id=agency.id, now=now)
        return await grant(external_id=wanted.number, roles=wanted.roles)
