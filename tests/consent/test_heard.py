"""The consent service hears of referrals by itself, in one process as over Kafka."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.kafka import KafkaNode
from hub.postgres import PostgresServer
from tests.builders import a_child, a_parent, a_submission, a_withdrawal
from tests.hub_fixture import REFERRALS, Hub, System, open_hub

AT_WORK = """
    select person.kind, involvement.part, involvement.agency_id
    from involvement join person on person.id = involvement.person_id
    where referral_id = :referral and involvement.until is null
"""
NOBODY: set[tuple[str, str, UUID | None]] = set()


async def _at_work(hub: Hub, referral: str) -> set[tuple[str, str, UUID | None]]:
    async with hub.consent.reading() as connection:
        rows = await connection.execute(text(AT_WORK), {"referral": UUID(referral)})
        return {(row.kind, row.part, row.agency_id) for row in rows}


async def _until(hub: Hub, referral: str, wanted: set[tuple[str, str, UUID | None]]) -> None:
    """Wait until these work with the family."""
    async with asyncio.timeout(30):
        while await _at_work(hub, referral) != wanted:  # noqa: ASYNC110 -- no bell rings
            await asyncio.sleep(0.05)


async def _withdrawn(school: System, receipt: dict[str, Any]) -> None:
    path = f"{REFERRALS}/{receipt['id']}/withdrawal"
    seen = {"If-Match": '"1"'}
    answer = await school.ask("POST", path, worker="w", json=a_withdrawal(), headers=seen)
    assert answer.status_code == 200, answer.text


async def _follows(hub: Hub) -> None:
    """A referral is sent and withdrawn: its agencies work with those in it, and then no more."""
    school = await hub.join("school")
    await school.worker("w", "referrer")
    mother = a_parent(parental_responsibility=True)
    receipt = await school.refer("w", a_submission(a_child(), household=[mother]))

    await _until(
        hub,
        receipt["id"],
        {
            (kind, part, agency)
            for kind in ("child", "parent")
            for part, agency in (("front_door", None), ("referrer", school.agency_id))
        },
    )
    await _withdrawn(school, receipt)
    await _until(hub, receipt["id"], NOBODY)


async def test_in_one_process_a_referral_is_followed(
    postgres: PostgresServer, templates: dict[str, str], tmp_path: Path
) -> None:
    async with open_hub(postgres, templates, tmp_path) as hub:
        await _follows(hub)


@pytest.mark.kafka
async def test_over_kafka_a_referral_is_followed(
    kafka: KafkaNode, postgres: PostgresServer, templates: dict[str, str], tmp_path: Path
) -> None:
    async with open_hub(postgres, templates, tmp_path, kafka=kafka.bootstrap) as hub:
        await _follows(hub)
