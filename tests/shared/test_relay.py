"""The relay loses nothing and swaps nothing, whoever writes, dies or goes away."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from shared.db import Database
from shared.relay import BATCH, HANDED_ON, Relay
from shared.tasks import running
from tests.events_fixture import Announce, Hearing, MakeEvent, Until


async def test_every_committed_event_is_announced_once_in_the_order_of_its_key(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    """Eight writers, a third of them slow to commit: what a cursor on ids would lose."""
    written: dict[UUID, list[UUID]] = defaultdict(list)

    async def write(referrals: list[UUID]) -> None:
        for _ in range(40):
            referral = random.choice(referrals)  # noqa: S311 -- which one is of no weight
            written[referral] += await announce(event(referral))

    async def write_slowly() -> None:
        """Takes its number early and commits late."""
        for _ in range(20):
            referral = uuid4()
            async with db.transaction() as connection:
                id_ = uuid4()
                await connection.execute(INSERT, {"id": id_, "key": str(referral)})
                await asyncio.sleep(random.uniform(0, 0.01))  # noqa: S311
            written[referral].append(id_)

    async with running({"relay": Relay(db, lambda: [hearing]).run}):
        writers = [write([uuid4() for _ in range(5)]) for _ in range(5)]
        await asyncio.gather(*writers, *(write_slowly() for _ in range(3)))
        heard = await hearing.until(5 * 40 + 3 * 20)

    assert [row.position for row in heard] == list(range(1, len(heard) + 1))
    by_key = defaultdict(list)
    for row in heard:
        by_key[UUID(row.key)].append(row.id)
    assert by_key == written


INSERT = text(
    "insert into outbox (id, topic, key, type, data, occurred_at, concerns)"
    " values (:id, 'earlyhelp.referral', :key, 'uk.earlyhelp.referral.slow.v1', '{}', now(), '{}')"
)


async def test_an_event_of_a_transaction_that_was_rolled_back_is_never_announced(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    async with running({"relay": Relay(db, lambda: [hearing]).run}):
        async with db.transaction() as connection:
            await connection.execute(INSERT, {"id": uuid4(), "key": "rolled back"})
            await connection.rollback()
        [committed] = await announce(event())
        heard = await hearing.until(1)
    assert [row.id for row in heard] == [committed]


async def test_what_a_sender_could_not_take_comes_again_and_nothing_later_overtakes_it(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    hearing.away = 3
    async with running({"relay": Relay(db, lambda: [hearing]).run}):
        first = await announce(event(), event())
        second = await announce(event())
        heard = await hearing.until(3)
    assert [row.id for row in heard] == [*first, *second]


async def test_positions_are_stamped_while_a_sender_is_away_and_the_backlog_drains_after(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing, until: Until
) -> None:
    """More than fits into memory: the rest is read from the table."""
    hearing.away = 10_000
    total = HANDED_ON + 2 * BATCH
    async with running({"relay": Relay(db, lambda: [hearing]).run}):
        for _ in range(total // BATCH):
            await announce(*(event() for _ in range(BATCH)))
        await until(lambda: is_stamped(db, total))
        assert hearing.heard == []
        hearing.away = 0
        heard = await hearing.until(total)
    assert [row.position for row in heard] == list(range(1, total + 1))


async def is_stamped(db: Database, total: int) -> bool:
    async with db.reading() as connection:
        count = await connection.execute(text("select count(position) from outbox"))
        return bool(count.scalar_one() == total)


async def test_one_relay_leads_and_another_takes_over_where_it_ended(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    async with running({"second": Relay(db, lambda: [hearing]).run}):
        async with running({"first": Relay(db, lambda: [hearing]).run}):
            await announce(event())
            await hearing.until(1)
        await announce(event())
        heard = await hearing.until(2)
    assert [row.position for row in heard] == [1, 2]


END_THE_LEADER = text(
    """
    select pg_terminate_backend(pid) from pg_locks join pg_database on pg_database.oid = database
    where locktype = 'advisory' and datname = current_database()
    """
)


async def test_a_relay_whose_connection_dies_stamps_no_more_and_leads_again(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    async with running({"relay": Relay(db, lambda: [hearing]).run}):
        await announce(event())
        await hearing.until(1)
        async with db.transaction() as connection:
            killed = await connection.execute(END_THE_LEADER)
            assert killed.all() == [(True,)]
        await announce(event())
        heard = await hearing.until(2)
    assert [row.position for row in heard] == [1, 2]


async def test_rows_are_forgotten_after_their_time_but_never_before_every_sender_has_them(
    db: Database, announce: Announce, event: MakeEvent, hearing: Hearing
) -> None:
    relay = Relay(db, lambda: [hearing])
    async with running({"relay": relay.run}):
        await announce(event(), event())
        await hearing.until(2)
        await announce(event())
        await hearing.until(3)
    async with db.transaction() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=29)
        await connection.execute(text("update outbox set occurred_at = :at"), {"at": long_ago})
        await connection.execute(
            text("update relay_cursor set position = 2 where name = 'hearing'")
        )
    await relay.forget()
    async with db.reading() as connection:
        left = (await connection.execute(text("select position from outbox"))).scalars().all()
    assert left == [3]
