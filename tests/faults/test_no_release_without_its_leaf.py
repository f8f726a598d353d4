"""Kill -9 of the consent service with disclosures in flight: the audit log says what happened."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from random import Random
from statistics import median
from time import monotonic

import httpx2
import pytest

from hub.site import HERE, ROOT
from services.consent.actions.audit import Log, sign_checkpoint
from services.consent.actions.verifying import verify
from services.consent.domain.checkpoints import Checkpoint
from services.consent.domain.examining import Wrong
from shared.crypto import FieldCipher
from shared.db import Database
from shared.keys import note_keys, signing_keys
from tests.consent.served import Service
from tests.consent.touched import behind
from tests.faults.conftest import PROVING
from tests.faults.damages import damages, forgotten
from tests.faults.readers import Readers, a_town
from tests.faults.running import RunningHub, kill_9
from tests.faults.sharing_proof import Kept, assert_the_log_says_what_happened, cut_after_commit
from tests.faults.victims import BEFORE, LOOK, Death
from tests.figures import Figures
from tests.live import environment

pytestmark = pytest.mark.kafka

KILLS = 20 if PROVING else 3
ENOUGH = 10
"""Disclosures between two kills, at least, on a slow machine too: without load a kill is idle."""
LONGEST = 1800.0 if PROVING else 600.0
"""Seconds after which the test is given up."""


@pytest.fixture
async def sharing(hub: RunningHub) -> AsyncIterator[Service]:
    """The consent service of the running hub, at its own port."""
    db = Database.open(hub.postgres.url("consent"), connections=2)
    there = f"http://{HERE}:{hub.site.ports.consent_port}"
    async with httpx2.AsyncClient(base_url=there, timeout=40) as http:
        yield Service(http, db, signing_keys(hub.site.keys / "internal.json")())
    await db.close()


async def test_after_kill_9_every_release_has_its_leaf_and_every_leaf_its_decision(
    hub: RunningHub, sharing: Service, figures: Figures
) -> None:
    async with asyncio.timeout(LONGEST):
        readers = Readers(await a_town(sharing))
        async with readers.at_work():
            deaths = [await kill_at_work(hub, readers) for _ in range(KILLS)]
        kept = await Kept.of(sharing)
        assert_the_log_says_what_happened(readers, kept)
        said = await asyncio.to_thread(verified, hub)
        found = await every_damage_is_found(hub, sharing)
    assert len(readers.released) > ENOUGH * KILLS, "there was no load"
    figures(
        "kill -9 of consent with disclosures in flight",
        kills=KILLS,
        idle_kills_repeated=sum(death.idle_kills for death in deaths),
        in_flight=[death.in_flight for death in deaths],
        cut=[death.calls_cut for death in deaths],
        of_them_logged=cut_after_commit(readers, kept.leaves),
        released=len(readers.released),
        consents_given=len(readers.given),
        consents_withdrawn=len(readers.withdrawn),
        leaves=len(kept.leaves),
        seconds_to_recover=f"{median(death.recovered_after for death in deaths):.1f} (median)",
        verified=said.partition(" is ")[2],
        damages_found=found,
    )


async def kill_at_work(hub: RunningHub, readers: Readers) -> Death:
    """Kill it at a random moment and start it again; once more where no answer was pending."""
    for idle_kills in count():
        processes = hub.processes("consent")
        await readers.are_answered(ENOUGH)
        await asyncio.sleep(Random().uniform(*BEFORE))  # noqa: S311 -- not a secret
        while not readers.under_way:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(LOOK)
        pending = list(readers.under_way)
        kill_9(processes)
        clock = monotonic()
        cut = [await call for call in pending].count(False)
        await asyncio.to_thread(hub.start, "consent")
        await readers.are_answered(1)
        if cut:
            return Death(len(pending), cut, monotonic() - clock, idle_kills)
    raise AssertionError("counted to the end")


def verified(hub: RunningHub) -> str:
    """What `hub audit verify` says; it must find nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "hub.main", "audit", "verify"],
        cwd=ROOT,
        env=environment(hub.site),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


async def every_damage_is_found(hub: RunningHub, sharing: Service) -> list[str]:
    """Each done to a copy of this very log, which is sound; the names of what was done."""
    log = log_of(hub, sharing.db)
    await asyncio.to_thread(hub.parts["consent"].stop)
    witnessed = log.read(await sign_checkpoint(log, datetime.now(UTC)))
    await sharing.db.close()
    assert await finding(hub, "select", []) is None
    size = witnessed.size
    for statement, index, wrong in damages(size).values():
        assert await finding(hub, statement, []) == (index, wrong)
    unseen, index, wrong = forgotten(size)
    assert await finding(hub, unseen, []) is None, "the database alone cannot show it"
    assert await finding(hub, unseen, [witnessed]) == (index, wrong)
    await asyncio.to_thread(hub.start, "consent")
    return [*damages(size), "the same without its checkpoints, by a witness"]


async def finding(
    hub: RunningHub, statement: str, witnessed: list[Checkpoint]
) -> tuple[int, Wrong] | None:
    """What verifying finds after `statement` was done to a copy of the database."""
    server, copy = hub.postgres, "consent_copy"
    await asyncio.to_thread(server.create_database, copy, owner="consent", template="consent")
    behind(server, copy, statement)
    db = Database.open(server.url(copy, "consent"), connections=2)
    found = (await verify(log_of(hub, db), witnessed)).finding
    await db.close()
    server.drop_database(copy)
    return None if found is None else (found.index, found.wrong)


def log_of(hub: RunningHub, db: Database) -> Log:
    """The hub's log, in one of its databases, with the keys of the hub."""
    keys = hub.site.keys
    cipher = FieldCipher(keys / "consent.fields.json")
    return Log.of(db, cipher, note_keys(keys / "checkpoints.json")())
