"""What the council's information governance lead asks of the audit log, through the door."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text

from services.consent.domain.canonical import canonical
from services.consent.domain.checkpoints import Checkpoint, read
from services.consent.domain.merkle import leaf_hash, proves_consistency, proves_inclusion
from tests.consent.logged import logged
from tests.hub_fixture import ELSEWHERE, Hub, System

pytestmark = pytest.mark.asyncio(loop_scope="module")

AUDIT = "/api/v1/audit"
LEAD = "information_governance_lead"
_CHANGING = {"date", "ratelimit", "ratelimit-policy"}


@dataclass
class Council:
    """A council whose lead watches over the log."""

    system: System

    async def ask(self, path: str, **asked: Any) -> httpx2.Response:
        """A look, as the lead."""
        return await self.system.ask("GET", f"{AUDIT}/{path}", worker="lead", params=asked)

    async def get(self, path: str, **asked: Any) -> dict[str, Any]:
        """What must be answered."""
        answer = await self.ask(path, **asked)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sign(self, key: str | None = None) -> dict[str, Any]:
        """A checkpoint of the log as it is now."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = await self.system.ask(
            "POST", f"{AUDIT}/checkpoints", worker="lead", headers=headers
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def witness(self, note: str) -> Checkpoint:
        """A checkpoint as a witness reads it, who knows what the hub publishes and no more."""
        told = await self.get("key")
        keys = [
            Ed25519PublicKey.from_public_bytes(base64.b64decode(key.split("+", 2)[2])[1:])
            for key in told["keys"]
        ]
        return read(note, told["log"], keys)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def council(hub: Hub) -> AsyncIterator[Council]:
    """The sample's."""
    yield await _council(hub, "sample")


async def _council(hub: Hub, authority: str) -> Council:
    system = await hub.join("council", authority=authority)
    await system.worker("lead", LEAD)
    await hub.settled()
    return Council(system)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def school(hub: Hub, council: Council) -> AsyncIterator[System]:
    """A school of the sample's that has done some things."""
    system = await hub.join("school")
    await hub.settled()
    for _ in range(5):
        await logged(hub, system)
    yield system


def _hashes(said: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(one) for one in said["hashes"]]


async def test_the_log_signs_what_it_is_when_it_is_asked_and_again_for_another_key_alone(
    council: Council, school: System
) -> None:
    first = await council.sign("one")
    again, other = await council.sign("one"), await council.sign("two")

    checkpoint = await council.witness(first["checkpoint"])
    assert checkpoint.size == first["size"] >= 5
    assert again == first
    assert other["id"] != first["id"]


async def test_without_a_key_of_its_own_a_checkpoint_is_refused(council: Council) -> None:
    await council.sign()

    refused = await council.system.ask("POST", f"{AUDIT}/checkpoints", worker="lead")

    assert (refused.status_code, refused.json()["type"]) == (
        400,
        "/problems/idempotency-key-missing",
    )


async def test_the_log_has_signed_without_being_asked_how_it_began(
    council: Council, school: System
) -> None:
    page = await council.get("checkpoints", limit=100)

    oldest = await council.witness(page["checkpoints"][-1]["checkpoint"])
    assert oldest.size == 8, "two agreements of two authorities, drafted and published"


async def test_checkpoints_are_read_newest_first_and_pages_stand_still_while_more_are_signed(
    council: Council,
) -> None:
    made = [(await council.sign())["id"] for _ in range(4)]

    first = await council.get("checkpoints", limit=2)
    await council.sign()
    second = await council.system.ask("GET", first["next"], worker="lead")

    seen = first["checkpoints"] + second.json()["checkpoints"]
    assert [one["id"] for one in seen] == made[::-1]


async def test_a_leaf_is_proved_to_a_witness_who_holds_nothing_but_a_checkpoint(
    hub: Hub, council: Council, school: System
) -> None:
    person = uuid4()
    index = await logged(hub, school, person)
    held = await council.witness((await council.sign())["checkpoint"])
    await logged(hub, school)

    told = await council.get(f"leaves/{index}/proof", size=held.size)

    leaf = leaf_hash(canonical(told["leaf"]))
    assert told["leaf"]["people"] == [str(person)]
    assert proves_inclusion(index, held.size, leaf, _hashes(told), held.root)
    other = leaf_hash(canonical(told["leaf"] | {"people": []}))
    assert not proves_inclusion(index, held.size, other, _hashes(told), held.root)


async def test_todays_log_is_proved_to_begin_with_that_of_an_older_checkpoint(
    hub: Hub, council: Council, school: System
) -> None:
    older = await council.witness((await council.sign())["checkpoint"])
    for _ in range(3):
        await logged(hub, school)
    younger = await council.witness((await council.sign())["checkpoint"])

    told = await council.get("consistency-proof", older=older.size, younger=younger.size)

    def holds(root: bytes) -> bool:
        return proves_consistency(older.size, younger.size, root, younger.root, _hashes(told))

    assert holds(older.root)
    assert not holds(leaf_hash(b"another log"))


async def test_what_the_log_never_was_cannot_be_proved(council: Council, school: System) -> None:
    size = (await council.sign())["size"]
    assert (await council.ask("leaves/0/proof", size=size)).status_code == 200
    assert (await council.ask("consistency-proof", older=size)).status_code == 200

    answers = [
        await council.ask(f"leaves/{size}/proof"),
        await council.ask("leaves/0/proof", size=size + 1),
        await council.ask(f"leaves/{size - 1}/proof", size=size - 1),
        await council.ask("consistency-proof", older=size + 1),
        await council.ask("consistency-proof", older=2, younger=1),
    ]

    assert {answer.status_code for answer in answers} == {404}


def _whole(answer: httpx2.Response) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    return answer.status_code, headers, answer.json()


async def test_what_another_authoritys_agency_did_answers_like_what_nobody_did(
    hub: Hub, council: Council, school: System
) -> None:
    elsewhere = await _council(hub, ELSEWHERE)
    theirs = await logged(hub, school)
    ours = await logged(hub, elsewhere.system)
    assert (await council.ask(f"leaves/{theirs}/proof")).status_code == 200
    assert (await elsewhere.ask(f"leaves/{ours}/proof")).status_code == 200

    unseen = await elsewhere.ask(f"leaves/{theirs}/proof")
    nothing = await elsewhere.ask(f"leaves/{ours + 1}/proof")

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(nothing)
    assert (await council.ask(f"leaves/{ours}/proof")).status_code == 404


async def test_each_checkpoint_is_announced_word_for_word_for_whoever_keeps_it(
    hub: Hub, council: Council
) -> None:
    signed = await council.sign()

    async with hub.consent.reading() as connection:
        rows = await connection.execute(
            text("select data, topic from outbox where type = :type order by number desc limit 1"),
            {"type": "uk.earlyhelp.consent.checkpointed.v1"},
        )
        data, topic = rows.one()

    assert topic == "earlyhelp.audit"
    assert data["checkpoint"] == signed["checkpoint"]
    assert (data["size"], data["log"]) == (signed["size"], (await council.get("key"))["log"])
