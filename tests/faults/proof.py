"""What must be true after every fault: nothing lost, nothing twice, everything in its order."""

import asyncio
from collections import defaultdict

from aiokafka import AIOKafkaConsumer

from shared.contracts.topics import GATEWAY, REFERRAL
from tests.faults.running import RunningHub
from tests.faults.school import REFERRALS, WORKERS, Json, School

STEPS = ["submit", "acknowledge", "triage", "decide"]
WAY = [
    f"uk.earlyhelp.referral.{happened}.v1"
    for happened in ("submitted", "acknowledged", "triage_started", "decided")
]
AT_ONCE = 2
"""Calls at the same time: more would meet the school's limit."""
LOOK = 0.2
"""Seconds between two looks at the database."""

Order = dict[str, dict[str, str]]
"""Key → the ids of its events with their types, in order."""


async def nothing_is_lost(hub: RunningHub, school: School, before: set[str]) -> int:
    """Every claim of this module; answers how many events came twice, which is allowed."""
    await every_referral_is_decided(hub)
    of_referrals, of_gateway = written(hub, "referral"), written(hub, "gateway")
    heard, repeats = await everything_heard(hub, of_referrals | of_gateway)
    assert_announced_in_order(heard, of_referrals | of_gateway)
    assert all(list(events.values()) == WAY for events in of_referrals.values())
    taken = [receipt["id"] for receipt in school.referrals.values()]
    assert len(taken) == len(set(taken))
    assert set(taken) == referrals(hub) - before, "sent once, taken twice"
    limit = asyncio.Semaphore(AT_ONCE)
    async with asyncio.TaskGroup() as looks:
        for receipt in school.referrals.values():
            looks.create_task(is_there_and_decided_once(school, receipt, limit))
        for number, worker in school.workers.items():
            looks.create_task(worker_is_there(school, number, worker, limit))
    return repeats


def assert_announced_in_order(heard: Order, written: Order) -> None:
    """Under each key the events that were written, no others, in the order of their positions."""
    assert heard.keys() == written.keys()
    for key, events in written.items():
        assert list(heard[key].items()) == list(events.items())


def referrals(hub: RunningHub) -> set[str]:
    """The ids of all referrals there are."""
    return set(hub.postgres.sql("select id from referral", "referral").split())


async def every_referral_is_decided(hub: RunningHub) -> None:
    """Wait for the MASH consumer."""
    waiting = "select count(*) from referral where status <> 'decided'"
    while await asyncio.to_thread(hub.postgres.sql, waiting, "referral") != "0":  # noqa: ASYNC110
        await asyncio.sleep(LOOK)


def written(hub: RunningHub, service: str) -> Order:
    """The events of a service in the order of their positions, which leave out no number."""
    rows = hub.postgres.sql("select position, key, id, type from outbox order by position", service)
    order: Order = defaultdict(dict)
    for place, row in enumerate(rows.splitlines(), start=1):
        position, key, id_, type_ = row.split("|")
        assert int(position) == place
        order[key][id_] = type_
    assert order
    return order


async def everything_heard(hub: RunningHub, awaited: Order) -> tuple[Order, int]:
    """What a plain reader finds in the topics, once all that is awaited is there.

    Each event stands where it came first; the number is how many came again.
    """
    topic = AIOKafkaConsumer(
        REFERRAL.of("sample"),
        GATEWAY.name,
        bootstrap_servers=hub.kafka.bootstrap,
        auto_offset_reset="earliest",
    )
    heard: Order = defaultdict(dict)
    missing = {id_ for events in awaited.values() for id_ in events}
    repeats = 0
    try:
        await topic.start()
        while missing:
            for records in (await topic.getmany(timeout_ms=500)).values():
                for record in records:
                    headers = dict(record.headers)
                    id_ = headers["ce_id"].decode()
                    known = heard[record.key.decode()]
                    repeats += id_ in known
                    known.setdefault(id_, headers["ce_type"].decode())
                    missing.discard(id_)
    finally:
        await topic.stop()
    return heard, repeats


async def is_there_and_decided_once(
    school: School, receipt: Json, limit: asyncio.Semaphore
) -> None:
    """The school finds its referral, and its history has each step once."""
    path = f"{REFERRALS}/{receipt['id']}"
    async with limit:
        found = (await school.partner.call("GET", path)).json()
        history = (await school.partner.call("GET", f"{path}/history")).json()
    assert found["reference"] == receipt["reference"]
    assert found["status"] == "decided"
    assert [entry["action"] for entry in history["entries"]] == STEPS


async def worker_is_there(
    school: School, number: str, worker: Json, limit: asyncio.Semaphore
) -> None:
    """The school finds its worker under the id it was told."""
    async with limit:
        found = (await school.partner.call("GET", f"{WORKERS}/{number}")).json()
    assert found["id"] == worker["id"]
