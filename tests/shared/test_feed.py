"""The feed has no gaps and no repeats, shows each agency its own, and its cursor tells nothing."""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared.contracts.topics import REFERRAL
from shared.crypto import FieldCipher
from shared.cursor import CursorUnknown
from shared.db import Database
from shared.feed import EventsGone, Feed, Page
from shared.relay import Relay
from shared.tasks import running
from tests.events_fixture import Announce, Hearing, MakeEvent

SCHOOL, GP = uuid4(), uuid4()


@pytest.fixture
def cipher(tmp_path: Path) -> FieldCipher:
    def secret() -> str:
        return base64.b64encode(os.urandom(32)).decode()

    keys = tmp_path / "fields.json"
    content = {"current": "00000001", "keys": {"00000001": secret()}, "index": secret()}
    keys.write_text(json.dumps(content))
    return FieldCipher(keys)


@pytest.fixture
def feed(db: Database, cipher: FieldCipher) -> Feed:
    return Feed(db, cipher, REFERRAL)


@pytest.fixture
async def relay(db: Database, hearing: Hearing) -> AsyncIterator[Relay]:
    relay = Relay(db, lambda: [hearing])
    async with running({"relay": relay.run}):
        yield relay


async def read(feed: Feed, agency: UUID, cursor: str | None = None, **options: Any) -> Page:
    asked: dict[str, Any] = {"concerns": [agency], "wait": 0, "limit": 100} | options
    return await feed.page(agency, cursor=cursor, **asked)


async def test_pages_have_no_gaps_and_no_repeats_while_others_write(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent
) -> None:
    """Five readers page during eight writers' commits; each must see each event once."""
    total = 8 * 30

    async def write() -> list[UUID]:
        return [id_ for _ in range(30) for id_ in await announce(event(), concerns=[SCHOOL])]

    async def follow() -> list[UUID]:
        seen: list[UUID] = []
        cursor = None
        while len(seen) < total:
            page = await read(feed, SCHOOL, cursor, wait=5, limit=7)
            seen += [announced.id for announced in page.events]
            cursor = page.cursor
        assert (await read(feed, SCHOOL, cursor)).events == []
        return seen

    async with running(feed.loops()):
        writing = asyncio.gather(*(write() for _ in range(8)))
        readers = await asyncio.gather(*(follow() for _ in range(5)))
        await writing
    assert all(seen == readers[0] for seen in readers)
    assert len(set(readers[0])) == total


async def test_an_agency_sees_what_concerns_it_and_a_front_door_what_concerns_its_desk(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    desk, other_desk = uuid4(), uuid4()
    [ours] = await announce(event(), concerns=[SCHOOL, desk])
    [theirs] = await announce(event(), concerns=[GP, desk])
    await hearing.until(2)
    assert [e.id for e in (await read(feed, SCHOOL)).events] == [ours]
    assert [e.id for e in (await read(feed, GP)).events] == [theirs]
    assert [e.id for e in (await read(feed, uuid4())).events] == []
    everything = await read(feed, uuid4(), concerns=[desk])
    assert [e.id for e in everything.events] == [ours, theirs]
    assert (await read(feed, uuid4(), concerns=[other_desk])).events == []


async def test_a_cursor_moves_past_what_the_reader_may_not_see_and_shows_nothing_of_it(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    before = (await read(feed, SCHOOL)).cursor
    await announce(*(event() for _ in range(1000)), concerns=[GP])
    await hearing.until(1000)
    after = await read(feed, SCHOOL, before)
    assert after.events == []
    assert len(after.cursor) == len(before)
    [ours] = await announce(event(), concerns=[SCHOOL])
    await hearing.until(1001)
    assert [e.id for e in (await read(feed, SCHOOL, after.cursor)).events] == [ours]
    again = await read(feed, SCHOOL, before)
    assert again.cursor != (await read(feed, SCHOOL, before)).cursor


async def test_a_cursor_of_another_agency_or_of_nobody_is_refused(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent
) -> None:
    cursor = (await read(feed, SCHOOL)).cursor
    assert (await read(feed, SCHOOL, cursor)).events == []
    changed = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    for agency, wrong in [
        (GP, cursor),
        (SCHOOL, changed),
        (SCHOOL, ""),
        (SCHOOL, "é!"),
        (SCHOOL, "42"),
    ]:
        with pytest.raises(CursorUnknown):
            await read(feed, agency, wrong)


async def test_a_cursor_of_another_feed_is_refused_also_where_both_have_the_same_keys(
    feed: Feed, db: Database, cipher: FieldCipher
) -> None:
    other = Feed(db, cipher, REFERRAL, sealed_as="another.cursor")
    cursor = (await read(feed, SCHOOL)).cursor
    assert (await read(feed, SCHOOL, cursor)).events == []
    with pytest.raises(CursorUnknown):
        await read(other, SCHOOL, cursor)


async def test_a_cursor_before_what_is_kept_is_refused_and_never_skips_silently(
    feed: Feed, db: Database, relay: Relay, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    cursor = (await read(feed, SCHOOL)).cursor
    await announce(event(), event(), concerns=[SCHOOL])
    await hearing.until(2)
    assert len((await read(feed, SCHOOL, cursor)).events) == 2
    for kept in (2, 3):
        async with db.transaction() as connection:
            await connection.execute(
                text("delete from outbox where position < :kept"), {"kept": kept}
            )
        with pytest.raises(EventsGone):
            await read(feed, SCHOOL, cursor)
    fresh = await read(feed, SCHOOL)
    assert (await read(feed, SCHOOL, fresh.cursor)).events == []


async def test_a_long_poll_ends_with_the_first_event(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent
) -> None:
    async with running(feed.loops()):
        await asyncio.sleep(0.05)  # the loop hangs its bell
        polling = asyncio.create_task(read(feed, SCHOOL, wait=30))
        await asyncio.sleep(0.1)
        assert not polling.done()
        [announced] = await announce(event(), concerns=[SCHOOL])
        async with asyncio.timeout(4):  # before any floor
            page = await polling
    assert [e.id for e in page.events] == [announced]


async def test_a_batch_is_cloudevents(
    feed: Feed, relay: Relay, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    happened = event()
    [id_] = await announce(happened, concerns=[SCHOOL])
    await hearing.until(1)
    page = await read(feed, SCHOOL)
    [written] = json.loads(page.batch())
    assert written.pop("time").endswith("Z")
    assert written == {
        "specversion": "1.0",
        "id": str(id_),
        "source": "/referral",
        "type": happened.TYPE,
        "subject": str(happened.referral_id),
        "datacontenttype": "application/json",
        "data": json.loads(happened.model_dump_json()),
    }
