"""R25: a disclosure and its leaf stand together; where the log cannot take one, nobody has one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.consent.actions.verifying import verify
from tests.consent.builders import a_clause
from tests.consent.rights import log_of
from tests.consent.served import Service, Town

LAST = "after insert on audit_leaf deferrable initially deferred"
"""When everything is written, and is to be committed."""
MISHAPS = {
    "the disk is full": ("53100", "trigger", "before insert on audit_leaf"),
    "the disk is full in the end": ("53100", "constraint trigger", LAST),
    "the database stops": ("57P01", "constraint trigger", LAST),
    "a fault of our own": ("P0001", "constraint trigger", LAST),
}
"""By what happens: the SQLSTATE, and when."""


@asynccontextmanager
async def mishap(service: Service, state: str, kind: str, when: str) -> AsyncIterator[None]:
    """While it lasts no leaf can be kept."""
    await service.run(
        "create function mishap() returns trigger language plpgsql as"
        f" $$ begin raise exception 'made up' using errcode = '{state}'; end $$",
        f"create {kind} mishap {when} for each row execute function mishap()",
    )
    yield
    await service.run("drop trigger mishap on audit_leaf", "drop function mishap")


async def _counts(service: Service) -> tuple[int, int]:
    """Decisions in the log, and hashes of leaves."""
    [hashes] = await service.rows("select count(*) from audit_node where level = 0")
    return len(await service.leaves("decision")), hashes


@pytest.fixture
async def town(service: Service) -> Town:
    """What is shared rests on a public task."""
    return await Town.founded(service, a_clause())


@pytest.mark.parametrize("what", MISHAPS)
async def test_where_no_leaf_can_be_kept_nothing_is_answered_and_nothing_stands(
    town: Town, what: str
) -> None:
    service = town.service
    assert await town.school.sees(town.child) == {"needs.level"}
    before = await _counts(service)

    async with mishap(service, *MISHAPS[what]):
        refused = [await town.school.discloses(town.child) for _ in range(3)]

    assert {one.status_code for one in refused} == {500 if what == "a fault of our own" else 503}
    assert not any("needs" in one.text or "permitted" in one.text for one in refused)
    assert await _counts(service) == before
    assert await town.school.sees(town.child) == {"needs.level"}
    assert (await verify(log_of(service))).finding is None


async def test_there_are_as_many_leaves_as_disclosures_whoever_is_refused_meanwhile(
    town: Town,
) -> None:
    answered: list[int] = []

    async def ask() -> None:
        for _ in range(10):
            answer = await town.school.discloses(town.child, categories=["needs.level"])
            assert answer.status_code in (201, 503)
            if answer.status_code == 201:
                answered.append(answer.json()["audit_index"])

    asking = [asyncio.create_task(ask()) for _ in range(8)]
    await asyncio.sleep(0.05)
    async with mishap(town.service, *MISHAPS["the disk is full"]):
        await asyncio.sleep(0.05)
    await asyncio.gather(*asking)

    leaves = [leaf["index"] for leaf in await town.service.leaves("decision")]
    assert 0 < len(answered) < 80, "some were answered, and some were refused"
    assert sorted(answered) == leaves
    assert (await verify(log_of(town.service))).finding is None
