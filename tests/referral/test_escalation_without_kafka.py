"""While Kafka is away, an urgent referral that nobody has seen escalates all the same."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from hub.kafka import KafkaNode
from shared.auth import AgencyKind, Role
from shared.contracts.referral import ReferralAcknowledged, ReferralEscalated, ReferralSubmitted
from shared.contracts.topics import REFERRAL
from shared.kafka import KafkaBus
from tests.builders import a_submission
from tests.referral.conftest import FRONT_DOOR, Partner, live

pytestmark = pytest.mark.kafka
TICK = 0.2
"""Seconds between two looks of the service's own scheduler."""


async def heard_in_the_feed(reader: Partner, type_: str) -> dict[str, Any]:
    """The first event of this type in the reader's feed; it waits until there is one."""
    path = "/api/v1/events?timeout=10"
    async with asyncio.timeout(20):
        while True:
            page = await reader.ask("GET", path)
            for event in page.json():
                if event["type"] == type_:
                    return dict(event)
            path = page.links["next"]["url"]


async def read_until(kafka: KafkaNode, key: str, type_: str) -> list[tuple[str, str]]:
    """Type and id of the events of `key` in the topic, in order, up to the first of this type."""
    reader = AIOKafkaConsumer(
        REFERRAL.of("sample"), bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    found: dict[tuple[str, str], None] = {}
    await reader.start()
    try:
        async with asyncio.timeout(60):
            async for record in reader:
                headers = {name: value.decode() for name, value in record.headers}
                if record.key.decode() == key:
                    found[headers["ce_type"], headers["ce_id"]] = None
                    if headers["ce_type"] == type_:
                        break
    finally:
        await reader.stop()
    return list(found)


async def test_with_kafka_away_it_escalates_the_feed_says_so_and_the_topic_has_it_once_afterwards(
    kafka: KafkaNode, databases: Callable[[str], str], key_folder: Path
) -> None:
    bus = KafkaBus(kafka.bootstrap)
    async with live(databases("referral"), key_folder, bus, clock_seconds=TICK) as service:
        school = service.partner(AgencyKind.SCHOOL, Role.REFERRER)
        front_door = service.partner(AgencyKind.FRONT_DOOR, *FRONT_DOOR)
        service.at(datetime.now(UTC) - timedelta(hours=2))
        await asyncio.to_thread(kafka.stop)
        try:
            urgent = a_submission(safeguarding={"immediate_danger": True})
            receipt = await school.refer(urgent)
            event = await heard_in_the_feed(front_door, ReferralEscalated.TYPE)
            await asyncio.sleep(5 * TICK)
        finally:
            await asyncio.to_thread(kafka.start)
        assert event["data"]["referral_id"] == receipt["id"]
        assert (await front_door.step(receipt, "acknowledgement", 1)).status_code == 200

        arrived = await read_until(kafka, receipt["id"], ReferralAcknowledged.TYPE)

        facts = ReferralSubmitted, ReferralEscalated, ReferralAcknowledged
        assert [type_ for type_, _ in arrived] == [fact.TYPE for fact in facts]
        assert arrived[1][1] == event["id"]
