"""The listener for partners: who may read, and everybody else is refused.

Each refusal stands beside the same client succeeding: what is refused is what was changed.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from confluent_kafka import Consumer as StockConsumer
from confluent_kafka import KafkaError as KafkaFault
from joserfc.jwk import ECKey
from sqlalchemy import text

from gateway.event_access import EventAccess
from hub.kafka import KafkaNode
from shared.contracts.topics import GATEWAY, REFERRAL
from shared.db import Database
from shared.kafka import KafkaBus, ensure_topics
from shared.relay import Relay
from shared.tasks import running
from tests.events_fixture import Announce, MakeEvent
from tests.kafka_fixture import TokenIssuer

pytestmark = pytest.mark.kafka

CLIENT = (
    "insert into client (id, agency_id, name, auth_method, scopes, events, created_at)"
    " values (:id, :agency, 'MASH', 'private_key_jwt', '{}', :events, :at)"
)
AGENCY = (
    "insert into agency (id, name, kind, authority, registered_at)"
    " values (:id, 'Front door', 'front_door', :authority, :at)"
)


@pytest.fixture
async def gateway_db(databases: Callable[[str], str]) -> AsyncIterator[Database]:
    opened = Database.open(databases("gateway"))
    yield opened
    await opened.close()


@pytest.fixture
async def mash(
    gateway_db: Database, kafka: KafkaNode, db: Database, announce: Announce, event: MakeEvent
) -> AsyncIterator[str]:
    """A client marked for events, whose ACLs the broker has, and an event it may read."""
    client = f"mash-{uuid4()}"
    await add(gateway_db, client)
    access = EventAccess(gateway_db, kafka.bootstrap)
    relay = Relay(db, KafkaBus(kafka.bootstrap).senders)
    async with running({"event access": access.run, "relay": relay.run}):
        await announce(event())
        yield client


async def add(db: Database, client: str, *, events: bool = True, authority: str = "sample") -> None:
    now = datetime.now(UTC)
    async with db.transaction() as connection:
        agency = uuid4()
        facts = {"id": agency, "authority": authority, "at": now}
        await connection.execute(text(AGENCY), facts)
        values = {"id": client, "agency": agency, "events": events, "at": now}
        await connection.execute(text(CLIENT), values)


class Tokens(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka has no types
    """Gives aiokafka the same token every time."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        return self._token


def login(kafka: KafkaNode, token: str) -> dict[str, Any]:
    return {
        "bootstrap_servers": kafka.partner_bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "OAUTHBEARER",
        "sasl_oauth_token_provider": Tokens(token),
    }


async def read_one(
    kafka: KafkaNode, token: str, *, group: str, topic: str = REFERRAL.of("sample")
) -> bytes:
    """The type of the first event of a topic; or the client library's own refusal."""
    reader = AIOKafkaConsumer(
        topic, group_id=group, auto_offset_reset="earliest", **login(kafka, token)
    )
    try:
        async with asyncio.timeout(20):
            await reader.start()
            record = await reader.getone()
            kind: bytes = dict(record.headers)["ce_type"]
            return kind
    finally:
        await reader.stop()


async def succeeds(
    kafka: KafkaNode, token: str, client: str, topic: str = REFERRAL.of("sample")
) -> None:
    """The positive control; a broker needs a moment to take new ACLs in."""
    deadline = time.monotonic() + 20
    while True:
        try:
            read = await read_one(kafka, token, group=f"{client}.a", topic=topic)
            assert read.startswith(b"uk.earlyhelp.")
            return
        except KafkaError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.3)


async def test_another_group_is_refused(
    kafka: KafkaNode, token_issuer: TokenIssuer, mash: str
) -> None:
    token = token_issuer.token(mash)
    await succeeds(kafka, token, mash)
    for group in ("referral", mash, f"{mash}x.a"):
        with pytest.raises(GroupAuthorizationFailedError):
            await read_one(kafka, token, group=group)


async def test_another_topic_is_refused(
    kafka: KafkaNode, token_issuer: TokenIssuer, mash: str
) -> None:
    token = token_issuer.token(mash)
    await succeeds(kafka, token, mash)
    for topic in (GATEWAY.name, REFERRAL.dead.name):
        with pytest.raises(TopicAuthorizationFailedError):
            await read_one(kafka, token, group=f"{mash}.a", topic=topic)


async def test_the_front_door_of_another_authority_reads_its_own_topic_and_no_other(
    kafka: KafkaNode, gateway_db: Database, token_issuer: TokenIssuer, mash: str
) -> None:
    await succeeds(kafka, token_issuer.token(mash), mash)
    other = f"spa-{uuid4()}"
    await add(gateway_db, other, authority="reading")
    async with writing(bootstrap_servers=kafka.bootstrap) as ours:
        own = REFERRAL.of("reading")
        await ensure_topics(kafka.bootstrap, [own])
        await ours.send_and_wait(own, b"", headers=[("ce_type", b"uk.earlyhelp.test")])
    token = token_issuer.token(other)
    await succeeds(kafka, token, other, topic=own)
    with pytest.raises(TopicAuthorizationFailedError):
        await read_one(kafka, token, group=f"{other}.a")


async def test_a_client_that_is_not_marked_for_events_is_refused(
    kafka: KafkaNode, gateway_db: Database, token_issuer: TokenIssuer, mash: str
) -> None:
    await succeeds(kafka, token_issuer.token(mash), mash)
    school = f"school-{uuid4()}"
    await add(gateway_db, school, events=False)
    with pytest.raises((TopicAuthorizationFailedError, GroupAuthorizationFailedError)):
        await read_one(kafka, token_issuer.token(school), group=f"{school}.a")


WRONG: dict[str, Callable[[TokenIssuer], dict[str, Any]]] = {
    "key": lambda issuer: {"key": ECKey.generate_key("P-256", {"kid": str(issuer.key.kid)})},
    "issuer": lambda _: {"iss": "https://elsewhere.example"},
    "audience of the API": lambda issuer: {"aud": issuer.url},
    "expired": lambda _: {"iat": int(time.time()) - 600, "exp": int(time.time()) - 300},
}


@pytest.mark.parametrize("what", WRONG)
@asynccontextmanager
async def writing(**connection: Any) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**connection)
    try:
        await producer.start()
        yield producer
    finally:
        await producer.stop()


async def test_writing_is_refused(kafka: KafkaNode, token_issuer: TokenIssuer, mash: str) -> None:
    token = token_issuer.token(mash)
    await succeeds(kafka, token, mash)
    async with writing(bootstrap_servers=kafka.bootstrap) as ours:
        await ours.send_and_wait(
            REFERRAL.of("sample"),
            b"",
            key=str(uuid4()).encode(),
            headers=[("ce_type", b"uk.earlyhelp.test")],
        )
    async with writing(**login(kafka, token)) as theirs:
        with pytest.raises(TopicAuthorizationFailedError):
            await theirs.send_and_wait(REFERRAL.of("sample"), b"forged")


async def test_a_revoked_client_is_cut_off_while_it_reads(
    kafka: KafkaNode, gateway_db: Database, token_issuer: TokenIssuer, mash: str
) -> None:
    token = token_issuer.token(mash)
    await succeeds(kafka, token, mash)
    reader = AIOKafkaConsumer(REFERRAL.of("sample"), group_id=f"{mash}.b", **login(kafka, token))
    await reader.start()
    try:
        assert await reader.getmany(timeout_ms=500) == {}
        async with gateway_db.transaction() as connection:
            await connection.execute(text("update client set revoked_at = now()"))
        with pytest.raises((TopicAuthorizationFailedError, GroupAuthorizationFailedError)):
            await read_on(reader, seconds=60)
    finally:
        await reader.stop()


async def read_on(reader: AIOKafkaConsumer, *, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while True:
            await reader.getmany(timeout_ms=500)


class RefusedAtLoginError(Exception):
    """The broker did not take the token."""


def read_with_librdkafka(bootstrap: str, token: str, group: str) -> str:
    """Read with Confluent's own client as it comes; aiokafka does not tell a refused login."""
    refusals: list[KafkaFault] = []
    stock = StockConsumer(
        {
            "bootstrap.servers": bootstrap,
            "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "OAUTHBEARER",
            "oauth_cb": lambda _: (token, time.time() + 300),
            "error_cb": refusals.append,
            "log_level": 0,
            "group.id": group,
            "auto.offset.reset": "earliest",
        }
    )
    stock.subscribe([REFERRAL.of("sample")])
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            record = stock.poll(1)
            if record is not None and record.error() is None:
                kind: Any = dict(record.headers() or ())["ce_type"]
                return str(kind, "utf-8")
            if any(fault.code() == KafkaFault._AUTHENTICATION for fault in refusals):
                raise RefusedAtLoginError
        raise TimeoutError
    finally:
        stock.close()


async def test_a_stock_librdkafka_consumer_reads(
    kafka: KafkaNode, token_issuer: TokenIssuer, mash: str
) -> None:
    token = token_issuer.token(mash)
    await succeeds(kafka, token, mash)
    read = await asyncio.to_thread(
        read_with_librdkafka, kafka.partner_bootstrap, token, f"{mash}.rd"
    )
    assert read.startswith("uk.earlyhelp.")


@pytest.mark.parametrize("what", WRONG)
async def test_a_token_with_one_thing_wrong_is_refused_at_login(
    kafka: KafkaNode, token_issuer: TokenIssuer, mash: str, what: str
) -> None:
    await succeeds(kafka, token_issuer.token(mash), mash)
    wrong = token_issuer.token(mash, **WRONG[what](token_issuer))
    reading = partial(read_with_librdkafka, kafka.partner_bootstrap, wrong, f"{mash}.wrong")
    with pytest.raises(RefusedAtLoginError):
        await asyncio.to_thread(reading)
