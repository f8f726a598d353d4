"""The world's part that is about the directory: an organization's entries, and drafts of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.directory.actions import saving
from services.directory.domain.entries import Kind
from services.directory.store import queues
from shared.crypto import FieldCipher
from tests.directory.builders import a_service, an_organization, entry
from tests.directory.served import EDITOR
from tests.hub_fixture import Hub, System
from tests.rules.authorization_table import Cell

Json = dict[str, Any]
_API = "/api/v1/directory"
_ENDING = {"approved": "approval", "rejected": "rejection"}


@dataclass
class Keeping:
    """Entries that `asked` looks after."""

    hub: Hub
    systems: Mapping[str, System]
    kept: dict[str, Json] = field(default_factory=dict)
    """What is only looked at, by kind."""
    drafts: dict[str, str] = field(default_factory=dict)
    """Drafts of it, by their status."""

    queued: dict[tuple[str, str], str] = field(default_factory=dict)
    """What waits for the council, or did."""

    async def begin(self) -> None:
        """An organization, its service, and a draft that stands in each way."""
        self.kept["organization"] = await self._organization()
        self.kept["service"] = await self._service()
        for status in ("waiting", "approved", "rejected", "withdrawn"):
            self.drafts[status] = await self._draft(status)
        for part in ("problem_id", "pair_id"):
            for standing in ("queued", "settled"):
                self.queued[part, standing] = await self._queued(part, standing)

    def is_about(self, operation: str) -> bool:
        """Whether it is an operation of this part."""
        return operation.partition(" ")[2].startswith(f"{_API}/")

    async def names(self, operation: str, cell: Cell) -> Json:
        """What the path names: a new one where it will change."""
        changes = not operation.startswith("GET ") and cell.answer < 400
        kind = "organization" if operation.endswith("/provider") else "service"
        found = {"entry_id": self.kept[kind]["id"]}
        if changes and "{entry_id}" in operation:
            new = self._organization if kind == "organization" else self._service
            found["entry_id"] = (await new())["id"]
        status = cell.standing if cell.standing in self.drafts else "waiting"
        found["draft_id"] = self.drafts[status]
        if changes and "{draft_id}" in operation:
            found["draft_id"] = await self._draft("waiting")
        part = next((part for part in ("problem_id", "pair_id") if part in operation), None)
        if part is not None:
            found[part] = self.queued[part, cell.standing]
            if changes:
                found[part] = await self._queued(part, "queued")
        return found

    def version(self, cell: Cell) -> str:
        """The If-Match with which it is right."""
        return '"2"' if cell.standing in ("approved", "rejected", "withdrawn", "settled") else '"1"'

    def body(self, operation: str) -> Json | None:
        """What is said with it, if anything."""
        content = self.kept.get("service", {})
        said: dict[str, Json] = {
            f"POST {_API}/drafts": {"entry_id": content.get("id"), "content": content},
            f"PUT {_API}/drafts/{{draft_id}}": {"content": content},
        }
        nouns: dict[str, Json] = {
            "rollback": {"version": 1, "reason": "As it was"},
            "provider": {"agency_id": str(self.systems["asked"].agency_id)},
            "approval": {},
            "standing": {"stage": "withdrawn", "audience": "public", "reason": "It has ended"},
            "rejection": {"reason": "It was right before"},
        }
        if operation.endswith("/settlement"):
            problem = "reported-problems" in operation
            return {"outcome": "put_right" if problem else "different"}
        return said.get(operation, nouns.get(operation.rpartition("/")[2]))

    async def _organization(self) -> Json:
        made = an_organization()
        await self._save(Kind.ORGANIZATION, made)
        path = f"{_API}/entries/{made['id']}/provider"
        await self._sent("council", "agency_administrator", "PUT", path, self.body(path))
        return made

    async def _service(self) -> Json:
        made = a_service(organization_id=self.kept["organization"]["id"])
        await self._save(Kind.SERVICE, made)
        return made

    async def _save(self, kind: Kind, content: Json) -> list[UUID]:
        cipher = FieldCipher(self.hub.site.keys / "directory.fields.json")
        return await saving.save(self.hub.directory, cipher, [entry(kind, content)], EDITOR)

    async def _draft(self, status: str) -> str:
        content = await self._service()
        said = {"entry_id": content["id"], "content": content}
        receipt = await self._sent("asked", "referrer", "POST", f"{_API}/drafts", said)
        path = f"{_API}/drafts/{receipt['id']}"
        if status == "withdrawn":
            await self._sent("asked", "referrer", "POST", f"{path}/withdrawal", None)
        elif status != "waiting":
            ending = f"{path}/{_ENDING[status]}"
            await self._sent("council", "agency_administrator", "POST", ending, self.body(ending))
        return str(receipt["id"])

    async def _queued(self, part: str, standing: str) -> str:
        """A problem as anybody reports it, or a pair as an import finds it."""
        first, second = [await self._service() for _ in range(2)]
        noun = "reported-problems" if part == "problem_id" else "look-alikes"
        if part == "problem_id":
            said = {"service_id": first["id"], "problem": "other"}
            key = {"Idempotency-Key": str(uuid4())}
            told = await self.hub.http.post(f"{_API}/problems", json=said, headers=key)
            assert told.status_code == 201, told.text
        else:
            async with self.hub.directory.transaction() as connection:
                pair = [(first["id"], second["id"])]
                await queues.note_look_alikes(connection, pair, "made up", datetime.now(UTC))
        path = f"{_API}/{noun}"
        listed = await self.systems["council"].ask(
            "GET", path, worker="agency_administrator", params={"limit": 100}
        )
        newest = str(listed.json()[noun.replace("reported-", "").replace("-", "_")][-1]["id"])
        if standing == "settled":
            ending = f"{path}/{newest}/settlement"
            await self._sent("council", "agency_administrator", "POST", ending, self.body(ending))
        return newest

    async def _sent(self, who: str, role: str, method: str, path: str, body: Json | None) -> Json:
        """What must succeed."""
        given = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
        answer = await self.systems[who].ask(method, path, worker=role, json=body, headers=given)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}
