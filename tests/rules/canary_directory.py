"""What the directory is told and must not tell, and what is looked for there: words of canaries."""

from collections import defaultdict
from typing import Any
from uuid import uuid4

import httpx2

from services.directory.actions import saving
from shared.crypto import FieldCipher
from tests.directory.builders import a_location, a_service, an_id, an_organization, at, entry
from tests.directory.served import EDITOR
from tests.hub_fixture import System
from tests.rules.canaries import IN_THE_DIRECTORY, LOOKED_FOR, Json
from tests.rules.scripted_day import Day

API, PAGE = "/api/v1/directory", "/find-help"
SHOWN = "The Sampleton Canary Club"
"""What everybody may read: it must be found, or nothing was read."""
READ_BY: dict[str, set[str]] = {
    "nobody": set(),
    "another charity": set(),
    "provider": {*IN_THE_DIRECTORY} - {"confidential address", "problem"},
    "editor": {*IN_THE_DIRECTORY},
}


class Offer:
    """A service in the directory, its provider, the council's editor, and others."""

    def __init__(self, day: Day) -> None:
        self.day, self.systems = day, dict[str, System]()
        self.organization = an_organization()
        self.refuge = a_location(latitude=53.1, longitude=-1.1)
        self.refuge["addresses"][0]["address_1"] = IN_THE_DIRECTORY["confidential address"]
        phone = {"id": an_id(), "number": IN_THE_DIRECTORY["telephone"], "confidential": True}
        person = {"id": an_id(), "name": IN_THE_DIRECTORY["contact"], "confidential": True}
        reception = {"id": an_id(), "name": "Reception", "phones": [phone]}
        self.service = a_service(
            name=SHOWN,
            organization_id=self.organization["id"],
            contacts=[person, reception],
            service_at_locations=[at(self.refuge)],
        )
        self.kept: dict[str, str] = {}

    async def begin(self) -> None:
        """It is imported, and its provider appointed."""
        kinds = {"editor": "council", "provider": "voluntary", "another charity": "voluntary"}
        for who, kind in kinds.items():
            self.systems[who] = await self.day.hub.join(kind)
            await self.systems[who].worker("w", "agency_administrator", "referrer")
        await self.day.hub.settled()
        entries = [
            entry("organization", self.organization),
            entry("location", self.refuge, audience="confidential"),
            entry("service", self.service),
        ]
        cipher = FieldCipher(self.day.hub.site.keys / "directory.fields.json")
        await saving.save(self.day.hub.directory, cipher, entries, EDITOR)
        agency = {"agency_id": str(self.systems["provider"].agency_id)}
        path = f"/entries/{self.organization['id']}/provider"
        await self.say("editor", "PUT", path, agency)

    async def ask(self, who: str, method: str, path: str, **told: Any) -> httpx2.Response:
        """A request, remembered with its answer; nobody has no token."""
        if who in self.systems:
            return await self.day.ask(self.systems[who], method, path, **told)
        answer = await self.day.hub.http.request(method, path, **told)
        self.day.answers.append(answer)
        return answer

    async def say(self, who: str, method: str, path: str, body: Any = None, seen: int = 1) -> Json:
        """What must be taken."""
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{seen}"'}
        answer = await self.ask(who, method, f"{API}{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def draft(self, description: str) -> str:
        """The id of what the provider proposes."""
        content = self.service | {"description": description}
        said = {"entry_id": content["id"], "content": content}
        return str((await self.say("provider", "POST", "/drafts", said))["id"])


async def go(day: Day) -> None:
    """Proposed, rejected, approved, rolled back, reported, looked for; then everybody reads."""
    day.directory = defaultdict(str)
    offer = Offer(day)
    await offer.begin()
    rejected = await offer.draft(IN_THE_DIRECTORY["draft"])
    reason = {"reason": IN_THE_DIRECTORY["rejection"]}
    await offer.say("editor", "POST", f"/drafts/{rejected}/rejection", reason)
    approved = await offer.draft("Every Friday.")
    await offer.say("editor", "POST", f"/drafts/{approved}/approval", {})
    back = {"version": 1, "reason": IN_THE_DIRECTORY["rollback"]}
    await offer.say("editor", "POST", f"/entries/{offer.service['id']}/rollback", back, seen=2)
    problem = {"service_id": offer.service["id"], "problem": "no_answer"}
    words = {"words": IN_THE_DIRECTORY["problem"]}
    await offer.say("nobody", "POST", "/problems", problem | words)
    for word in LOOKED_FOR:
        await _look_for(offer, word)
    for who in READ_BY:
        await _read(offer, who, rejected)


async def _look_for(offer: Offer, word: str) -> None:
    """The words by every way to search, and as the place near which somebody looks."""
    for name in ("text", "near"):
        said, http = {name: word}, offer.day.hub.http
        for answer in (
            await offer.ask("nobody", "GET", f"{API}/search", params=said),
            await offer.ask("nobody", "POST", f"{API}/search", json=said),
        ):
            assert answer.status_code == (200 if name == "text" else 400)
        for page in (await http.get(PAGE, params=said), await http.post(PAGE, data=said)):
            assert word in page.text, "in the form, for whoever wants to write it another way"
    for path in (f"{API}/suggestions", "/directory/v3/services"):
        for name in ("text", "search", "postcode", word):
            await offer.ask("nobody", "GET", path, params={name: word})


async def _read(offer: Offer, who: str, draft: str) -> None:
    """All that is about the offer."""
    service, organization = offer.service["id"], offer.organization["id"]
    paths = [f"{API}/{noun}" for noun in ("entries", "drafts", "reported-problems", "search")]
    paths += [f"{API}/drafts/{draft}", f"{API}/services/{service}/related", "/directory/v3"]
    for id_ in (service, organization, offer.refuge["id"]):
        paths += [f"{API}/entries/{id_}{part}" for part in ("", "/history")]
    paths += [f"/directory/v3/services/{service}", f"/directory/v3/organizations/{organization}"]
    paths += ["/directory/v3/services?full=true", f"{PAGE}/services/{service}", PAGE]
    for path in paths:
        answer = await offer.ask(who, "GET", path)
        offer.day.directory[who] += f"{answer.headers}\n{answer.text}"
    assert SHOWN in offer.day.directory[who]
