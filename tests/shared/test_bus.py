"""Without a broker: each consumer has a cursor of its own, and holds up nobody but itself."""

from collections.abc import Callable
from uuid import UUID

import pytest

from shared.bus import InProcessBus
from shared.consumer import Consumer, consumes
from shared.contracts.referral import ReferralAcknowledged
from shared.db import Database
from shared.inbox import Received
from shared.relay import Relay
from shared.tasks import running
from tests.events_fixture import Announce, MakeConsumer, MakeEvent, Until

MakeListener = Callable[..., tuple[Consumer, list[UUID]]]


@pytest.fixture
def listener(consumer: MakeConsumer) -> MakeListener:
    """A consumer that notes what it hears, and the notes; while `away` it waits."""

    def build(name: str, *, away: bool = False) -> tuple[Consumer, list[UUID]]:
        heard: list[UUID] = []

        @consumes(ReferralAcknowledged)
        async def note(event: ReferralAcknowledged, received: Received, db: Database) -> None:
            if away:
                raise ConnectionError("away")
            heard.append(received.id)

        return consumer(note, name=name), heard

    return build


async def test_a_consumer_that_waits_holds_up_nobody_else(
    db: Database, announce: Announce, event: MakeEvent, listener: MakeListener, until: Until
) -> None:
    bus = InProcessBus()
    waiting, nothing = listener("waiting", away=True)
    ready, heard = listener("ready")
    loops = bus.subscribe(waiting) | bus.subscribe(ready)
    async with running({"relay": Relay(db, bus.senders).run, **loops}):
        announced = list(await announce(event()))
        announced += await announce(event(), event())
        await until(lambda: heard == announced)
    assert nothing == []


async def test_a_new_consumer_hears_what_was_announced_before_it_came(
    db: Database, announce: Announce, event: MakeEvent, listener: MakeListener, until: Until
) -> None:
    bus = InProcessBus()
    first, heard = listener("first")
    bus.subscribe(first)
    async with running({"relay": Relay(db, bus.senders).run}):
        announced = list(await announce(event(), event()))
        await until(lambda: heard == announced)
    heard.clear()  # what it was told as the relay ended it may be told again: at least once
    second, heard_later = listener("second")
    bus.subscribe(second)
    async with running({"relay": Relay(db, bus.senders).run}):
        announced += await announce(event())
        await until(lambda: heard_later == announced)
        await until(lambda: heard[-1:] == announced[-1:])
    assert heard == announced[-len(heard) :]
