"""Those who keep the directory true: agencies with a worker, and the council's editor."""

from dataclasses import dataclass, field
from time import time
from typing import Any
from uuid import UUID, uuid4

import httpx2

from services.directory.domain.entries import Kind
from shared import partners
from shared.auth import AgencyKind, Caller, Role, Scope, mint
from tests.directory.builders import a_service, an_organization, entry, uuid
from tests.directory.served import Directory

ENTRIES, DRAFTS = "/api/v1/directory/entries", "/api/v1/directory/drafts"
Json = dict[str, Any]


@dataclass(frozen=True)
class Keeper:
    """A worker of an agency, and the system through which it asks."""

    directory: Directory
    kind: AgencyKind
    role: Role
    authority: str = "sample"
    agency_id: UUID = field(default_factory=uuid4)
    worker_id: UUID = field(default_factory=uuid4)

    @property
    def caller(self) -> Caller:
        return Caller(
            client_id=f"system-of-{self.agency_id}",
            agency_id=self.agency_id,
            agency_kind=self.kind,
            worker_id=self.worker_id,
            roles=frozenset({self.role}),
            scopes=frozenset({Scope.DIRECTORY_WRITE}),
            authority=self.authority,
        )

    async def ask(
        self, method: str, path: str, seen: int | None = None, **told: Any
    ) -> httpx2.Response:
        """A request with a new Idempotency-Key, and with the version that was seen."""
        token = mint(self.caller, self.directory.signing, time())
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        headers |= {} if seen is None else {"If-Match": f'"{seen}"'}
        headers |= told.pop("headers", {})
        return await self.directory.http.request(method, path, headers=headers, **told)

    async def must(self, method: str, path: str, seen: int | None = None, **told: Any) -> Json:
        """The answer of what must succeed."""
        answer = await self.ask(method, path, seen, **told)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def draft(self, content: Json, **told: Any) -> Json:
        """The receipt of a draft of an entry that there is."""
        return await self.must(
            "POST", DRAFTS, json={"entry_id": content["id"], "content": content} | told
        )


async def joined(
    directory: Directory,
    kind: AgencyKind = AgencyKind.VOLUNTARY,
    role: Role = Role.REFERRER,
    authority: str = "sample",
) -> Keeper:
    """A worker of a new agency, as the gateway announces it."""
    keeper = Keeper(directory, kind, role, authority)
    async with directory.db.transaction() as connection:
        await partners.know_agency(connection, keeper.agency_id, "Madeup Trust", kind, authority)
    return keeper


async def an_editor(directory: Directory, authority: str = "sample") -> Keeper:
    """An administrator of a council."""
    return await joined(directory, AgencyKind.COUNCIL, Role.AGENCY_ADMINISTRATOR, authority)


@dataclass(frozen=True)
class Offer:
    """An organization and its service, and the agency that looks after both."""

    editor: Keeper
    provider: Keeper
    organization: Json
    service: Json

    @property
    def path(self) -> str:
        """Where the service's entry is kept."""
        return f"{ENTRIES}/{self.service['id']}"


async def an_offer(directory: Directory, **said: Any) -> Offer:
    """Published entries, and who keeps them."""
    organization = an_organization()
    service = a_service(organization_id=organization["id"], **said)
    await directory.save(entry(Kind.ORGANIZATION, organization), entry(Kind.SERVICE, service))
    editor, provider = await an_editor(directory), await joined(directory)
    path = f"{ENTRIES}/{uuid(organization)}/provider"
    await editor.must("PUT", path, json={"agency_id": str(provider.agency_id)})
    return Offer(editor, provider, organization, service)
