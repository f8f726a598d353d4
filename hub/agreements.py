"""`hub agreement …`: the operator publishes and signs for agencies whose systems cannot yet.

All of it goes through the consent service's own verbs: what they refuse is refused here, and each
has its leaf in the audit log.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from hub.authorities import running, served
from hub.databases import open_database, reachable
from hub.site import Site
from hub.trouble import Trouble
from services.consent.actions import agreeing, signing
from services.consent.actions.agreeing import Changing
from services.consent.actions.desk import Desk
from services.consent.domain.agreements import Agreement, Published
from services.consent.store import agencies, policies
from services.consent.store.agencies import Known
from shared.auth import Caller, Role, Scope
from shared.authority import Authorities
from shared.crypto import FieldCipher
from shared.db import Database
from shared.idempotency import Once
from shared.settings import authority_files

_OPERATOR = "hub-command"
"""By which client the audit log names what was done with this command."""


def desk_of(site: Site, db: Database, councils: Authorities) -> Desk:
    """The consent service's desk on its database; its relay finds by itself what is announced."""
    sealed = Path(os.environ.get("CONSENT_FIELD_KEYS", site.keys / "consent.fields.json"))
    told = os.environ.get("CONSENT_DUTY_COMMENCEMENT")
    since = date.fromisoformat(told) if told else site.duty_commencement
    return Desk(db, FieldCipher(sealed), councils, site.public_url, lambda: None, since)


@asynccontextmanager
async def open_desk(site: Site) -> AsyncIterator[Desk]:
    """The desk for one command. Raises Trouble where the environment names another database."""
    told = os.environ.get("CONSENT_AUTHORITY_FILES")  # in a container
    councils = served(authority_files(told)) if told else running(site)
    with reachable(site) as urls:
        if "consent" not in urls:
            raise Trouble("Name the consent service's database: CONSENT_DATABASE_URL=…")
        async with open_database(urls["consent"]) as db:
            yield desk_of(site, db, councils)


async def publish(desk: Desk, said: Agreement, *, by: Caller, now: datetime) -> Published:
    """Draft it, or write the draft that is there anew, and publish that as the next version.

    Raises NotPublishable with everything that is wrong, and what the desk refuses.
    """
    there = {one.draft.id: one for one in await agreeing.listed(desk, by=by, after=None)}
    if found := there.get(said.id):
        rewriting = Changing(desk, said.id, by, found.version, now)
        version = (await agreeing.rewrite(rewriting, said)).version
    else:
        receipt = await agreeing.draft(desk, said, by=by, once=_once("agreement.draft"), now=now)
        version = int(receipt["version"])
    moved = await agreeing.publish(Changing(desk, said.id, by, version, now))
    assert moved.published  # noqa: S101 -- that is what it returns
    return moved.published


async def sign(desk: Desk, version: Published, *, by: Caller, now: datetime) -> None:
    """Sign it for the caller's agency. Raises what the desk refuses."""
    name, number = version.agreement.id, version.version
    await signing.sign(desk, name, number, by=by, once=_once("agreement.sign"), now=now)


async def sign_all(desk: Desk, *, by: Caller, now: datetime) -> list[str]:
    """Sign every version in use that the caller's agency is a party to; the keys of them."""
    open_to = [
        one.published
        for one in await agreeing.listed(desk, by=by, after=None)
        if one.published and one.suspended_at is None
    ]
    for version in open_to:
        await sign(desk, version, by=by, now=now)
    return [version.key for version in open_to]


def _once(operation: str) -> Once:
    """Each command is a create of its own: what it finds done it does not do again."""
    return Once.of(_OPERATOR, str(uuid4()), operation.encode())


@dataclass(frozen=True)
class InUse:
    """A version that decides, with the names of whoever has signed it and takes part."""

    authority: str
    version: Published
    signed_by: Sequence[str]


async def in_use(desk: Desk) -> list[InUse]:
    """Every version that decides, by authority and name."""
    found = []
    async with desk.db.reading() as connection:
        known = await agencies.every(connection)
        for authority in desk.authorities:
            for one in await policies.in_use(connection, authority):
                key = one.published.key
                signed = [
                    agency.name
                    for agency in known.values()
                    if agency.authority == authority
                    and key in await policies.signed_by(connection, agency.id)
                ]
                found.append(InUse(authority, one.published, sorted(signed)))
    return found


async def has_signed(site: Site, agency_id: UUID) -> bool:
    """Whether the agency has signed anything, and not left it; no, where nobody can know."""
    with reachable(site) as urls:
        if "consent" not in urls:
            return False
        async with open_database(urls["consent"]) as db, db.reading() as connection:
            return bool(await policies.signed_by(connection, agency_id))


@dataclass(frozen=True)
class Acting:
    """For which agency the operator acts, and for which of its workers."""

    agency: str
    authority: str | None = None
    worker: UUID | None = None
    """Needed where several hold the role."""

    async def caller(self, desk: Desk, role: Role) -> Caller:
        """The agency's worker who holds `role`. Raises Trouble that says what is missing."""
        async with desk.db.reading() as connection:
            agency = self._one(await agencies.called(connection, self.agency))
            holders = await agencies.holding(connection, agency.id, role)
        fitting = [one for one in holders if self.worker in (None, one)]
        if len(fitting) != 1:
            raise Trouble(self._which(role, holders))
        scopes = frozenset({Scope.AGREEMENTS_READ, Scope.AGREEMENTS_WRITE})
        roles = frozenset({role})
        return Caller(
            _OPERATOR, agency.id, agency.kind, fitting[0], roles, scopes, agency.authority
        )

    def _one(self, found: Sequence[Known]) -> Known:
        fitting = [one for one in found if self.authority in (None, one.authority)]
        if not fitting:
            raise Trouble(
                f"The hub knows no agency called “{self.agency}” yet: see hub client list. "
                "A new one is known once the hub runs."
            )
        if len(fitting) > 1:
            where = ", ".join(one.authority for one in fitting)
            raise Trouble(f"“{self.agency}” is there more than once: say --authority, {where}.")
        return fitting[0]

    def _which(self, role: Role, holders: Sequence[UUID]) -> str:
        if not holders:
            return (
                f"Nobody at {self.agency} holds the role {role} yet: "
                f"hub worker add NUMBER --agency … --name … --job-title … --role {role}"
            )
        return f"Say --worker, one of: {', '.join(map(str, holders))}."
