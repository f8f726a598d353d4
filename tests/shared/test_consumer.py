"""An event has its effect once and in order; what has none is parked, never lost or skipped."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared import consumer as consumers
from shared.bus import InProcessBus
from shared.consumer import consumes
from shared.contracts.referral import ReferralAcknowledged
from shared.db import Database
from shared.errors import Conflict, Unavailable
from shared.inbox import Received
from shared.outbox import Message
from shared.relay import Relay
from shared.tasks import running
from tests.events_fixture import Announce, MakeConsumer, MakeEvent, Until


@pytest.fixture(autouse=True)
def _without_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "PAUSES", (0.0, 0.01, 0.01))


@consumes(ReferralAcknowledged)
async def note(event: ReferralAcknowledged, received: Received, db: Database) -> None:
    """The effect: one row for each event."""
    async with db.transaction(once=received) as connection:
        row = {"key": received.key, "what": str(received.id)}
        await connection.execute(EFFECT, row)


EFFECT = text("insert into effect (key, what) values (:key, :what)")


async def effects(db: Database) -> list[str]:
    async with db.reading() as connection:
        rows = await connection.execute(text("select what from effect order by number"))
        return list(rows.scalars())


async def has_effects(db: Database, expected: list[str]) -> bool:
    return await effects(db) == expected


def travelling(event: ReferralAcknowledged, **headers: bytes) -> Message:
    """An event as Kafka would bring it."""
    envelope = {
        "ce_id": str(uuid4()).encode(),
        "ce_source": b"/referral",
        "ce_type": event.TYPE.encode(),
        "ce_time": datetime.now(UTC).isoformat().encode(),
    }
    value = event.model_dump_json().encode()
    return Message(event.topic, f"0/{uuid4()}", event.key, envelope | headers, value)


def id_of(message: Message) -> str:
    return message.headers["ce_id"].decode()


async def test_a_service_hears_another_through_the_relay(
    db: Database, announce: Announce, event: MakeEvent, consumer: MakeConsumer, until: Until
) -> None:
    bus = InProcessBus()
    loops = bus.subscribe(consumer(note))
    async with running({"relay": Relay(db, bus.senders).run, **loops}):
        announced = await announce(event(), event())
        await until(lambda: has_effects(db, [str(id_) for id_ in announced]))


async def test_an_event_that_comes_twice_has_its_effect_once(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    message = travelling(event())
    await consumer(note).take([message, message])
    await consumer(note).take([message])
    assert await effects(db) == [id_of(message)]


async def test_an_event_that_arrives_twice_at_the_same_moment_has_its_effect_once(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    message = travelling(event())
    await asyncio.gather(*(consumer(note).take([message]) for _ in range(8)))
    assert await effects(db) == [id_of(message)]


async def test_events_of_others_and_unknown_fields_pass(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    other = travelling(event(), ce_type=b"uk.earlyhelp.referral.unheard_of.v1")
    newer = travelling(event())
    newer = replace(newer, value=newer.value[:-1] + b', "added": 1}')
    await consumer(note).take([other, newer])
    assert await effects(db) == [id_of(newer)]


@pytest.mark.parametrize("away", [Unavailable("later"), ConnectionError(), TimeoutError()])
async def test_while_something_is_away_an_event_waits_and_nothing_is_skipped(
    db: Database, event: MakeEvent, consumer: MakeConsumer, away: Exception
) -> None:
    faults = [away] * 7

    @consumes(ReferralAcknowledged)
    async def flaky(event: ReferralAcknowledged, received: Received, db: Database) -> None:
        if faults:
            raise faults.pop()
        await note.handle(event, received, db)

    first, second = travelling(event()), travelling(event())
    await consumer(flaky).take([first, second])
    assert await effects(db) == [id_of(first), id_of(second)]


async def test_a_database_that_went_away_in_the_middle_is_waited_for(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    kills = [True, True]

    @consumes(ReferralAcknowledged)
    async def cut(event: ReferralAcknowledged, received: Received, db: Database) -> None:
        async with db.transaction(once=received) as connection:
            await connection.execute(EFFECT, {"key": received.key, "what": str(received.id)})
            if kills:
                kills.pop()
                await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    message = travelling(event())
    await consumer(cut).take([message])
    assert kills == []
    assert await effects(db) == [id_of(message)]


UNREADABLE = {
    "no JSON": ({}, b"\x00\xff not json"),
    "a field missing": ({}, b"{}"),
    "no id": ({"ce_id": b"\x00"}, None),
    "no time": ({"ce_time": b"yesterday"}, None),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_what_cannot_be_read_is_parked_with_its_reason_and_announced(
    db: Database, event: MakeEvent, consumer: MakeConsumer, what: str
) -> None:
    headers, value = UNREADABLE[what]
    poison = travelling(event(), **headers)
    if value is not None:
        poison = replace(poison, value=value)
    good = travelling(event())
    await consumer(note).take([poison, good, poison])

    assert await effects(db) == [id_of(good)]
    [(topic, reason, attempts)] = await parked(db)
    assert (topic, attempts) == (poison.topic, 1)
    assert reason.startswith("not as agreed (")
    [(topic, key, data)] = await announced(db)
    assert (topic, key) == ("earlyhelp.referral.dead", poison.key)
    assert (data["reason"], data["consumer"]) == (reason, "listener")


async def parked(db: Database) -> list[tuple[str, str, int]]:
    async with db.reading() as connection:
        rows = await connection.execute(
            text("select topic, reason, attempts from parked order by number")
        )
        return [tuple(row) for row in rows]


async def announced(db: Database) -> list[tuple[str, str, dict[str, object]]]:
    async with db.reading() as connection:
        rows = await connection.execute(text("select topic, key, data::text from outbox"))
        return [(topic, key, json.loads(data)) for topic, key, data in rows]


class Switch:
    """A handler that refuses one event until it is told not to."""

    def __init__(self, refused: str) -> None:
        self.refused: str | None = refused
        self.handler = consumes(ReferralAcknowledged)(self.handle)

    async def handle(self, event: ReferralAcknowledged, received: Received, db: Database) -> None:
        if str(received.id) == self.refused:
            raise Conflict("The Canary family is known already")
        await note.handle(event, received, db)


async def test_a_poisoned_event_holds_its_own_key_and_no_other_and_replay_restores_the_order(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    key, other = uuid4(), uuid4()
    first, poison, third, last = (travelling(event(key)) for _ in range(4))
    elsewhere = travelling(event(other))
    switch = Switch(refused=id_of(poison))
    listener = consumer(switch.handler)

    await listener.take([first, poison, third, elsewhere])
    await listener.take([last])
    assert await effects(db) == [id_of(first), id_of(elsewhere)]
    assert [(reason, attempts) for _, reason, attempts in await parked(db)] == [
        ("conflict", consumers.TRIES),
        ("behind", 0),
        ("behind", 0),
    ]
    [(_, _, told)] = await announced(db)
    assert told["event"] == id_of(poison)
    assert "Canary" not in str(told)

    assert await listener.replay() == 0
    assert len(await parked(db)) == 3

    switch.refused = None
    assert await listener.replay() == 3
    assert await effects(db) == [
        id_of(message) for message in (first, elsewhere, poison, third, last)
    ]
    assert await parked(db) == []
    after = travelling(event(key))
    await listener.take([after])
    assert (await effects(db))[-1] == id_of(after)


async def test_events_that_arrive_during_a_replay_keep_their_place(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    """The consumer asks behind the replay's back: neither order nor an event may get lost."""
    key = uuid4()
    poison, *behind = (travelling(event(key)) for _ in range(5))
    switch = Switch(refused=id_of(poison))
    listener = consumer(switch.handler)
    await listener.take([poison, *behind])
    switch.refused = None
    arriving = [travelling(event(key)) for _ in range(20)]
    await asyncio.gather(listener.replay(), listener.take(arriving))
    await listener.replay()
    assert await effects(db) == [id_of(message) for message in (poison, *behind, *arriving)]


async def test_a_fault_of_the_handler_parks_the_event_under_its_kind(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    @consumes(ReferralAcknowledged)
    async def faulty(event: ReferralAcknowledged, received: Received, db: Database) -> None:
        raise KeyError("Canary")

    await consumer(faulty).take([travelling(event())])
    [(_, reason, _)] = await parked(db)
    assert reason == "KeyError"


async def test_the_inbox_forgets_what_no_topic_keeps(
    db: Database, event: MakeEvent, consumer: MakeConsumer
) -> None:
    listener = consumer(note)
    await listener.take([travelling(event()), travelling(event())])
    async with db.transaction() as connection:
        old = {"at": datetime.now(UTC) - timedelta(days=36)}
        await connection.execute(
            text("update inbox set received_at = :at where id in (select id from inbox limit 1)"),
            old,
        )
    await listener.forget()
    async with db.reading() as connection:
        assert (await connection.execute(text("select count(*) from inbox"))).scalar_one() == 1
