"""Who may read topics: Kafka's ACLs follow the clients that are marked for events.

A client reads the topics meant for the front door, in groups that begin with its own id and a dot.
ACLs that are not of this form are an operator's own and are left alone.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)
from sqlalchemy import text

from shared.bell import WRITTEN, Bell, heard
from shared.contracts.topics import TOPICS, Readers
from shared.db import Database
from shared.kafka import ensure_topics

FLOOR = 10.0
"""Seconds between two looks; a change of clients is announced, and that rings at once."""
PATIENCE = 5.0
"""Seconds until Kafka must have answered."""
READABLE = [topic for topic in TOPICS.values() if topic.readers is Readers.FRONT_DOOR]
_READERS = text(
    "select client.id, agency.authority from client join agency on agency.id = client.agency_id"
    " where client.events and client.revoked_at is null"
)
_WHATEVER: Any = None
_EVERY_ACL = AclBindingFilter(
    ResourceType.ANY,
    _WHATEVER,
    ResourcePatternType.ANY,
    _WHATEVER,
    _WHATEVER,
    AclOperation.ANY,
    AclPermissionType.ANY,
)


class EventAccess:
    """Keeps the broker's ACLs as the client table says; `run` is a `shared.tasks` loop."""

    def __init__(self, db: Database, bootstrap: str) -> None:
        self._db = db
        self._bootstrap = bootstrap

    async def run(self) -> None:
        """Follow the client table for as long as database and broker answer."""
        admin = AdminClient({"bootstrap.servers": self._bootstrap, "log_level": 2})
        changed, made = Bell(WRITTEN), set[str]()
        async with self._db.reading() as connection:
            await changed.hang(connection)
            try:
                while True:
                    ring = changed.next_ring()
                    clients = {row.id: row.authority for row in await connection.execute(_READERS)}
                    wanted = set().union(*map(_topics, clients.values()))
                    # Each call opens a connection of its own, whose memory is never all given back.
                    await ensure_topics(self._bootstrap, wanted - made)
                    made |= wanted
                    await asyncio.to_thread(_reconcile, admin, clients)
                    await heard(ring, within=FLOOR)
            finally:
                await connection.invalidate()  # it listens: the pool must not have it back


def _topics(authority: str) -> set[str]:
    """What the front door of an authority may read: its own topics."""
    return {topic.of(authority) for topic in READABLE}


def _reconcile(admin: AdminClient, clients: Mapping[str, str]) -> None:
    """Take away first, then give. `clients`: the authority of each."""
    wanted = {acl for client, authority in clients.items() for acl in _acls(client, authority)}
    found = set(admin.describe_acls(_EVERY_ACL, request_timeout=PATIENCE).result())
    surplus = [_exactly(acl) for acl in found - wanted if _is_ours(acl)]
    missing = list(wanted - found)
    if surplus:
        for deleted in admin.delete_acls(surplus, request_timeout=PATIENCE).values():
            deleted.result()
    if missing:
        for created in admin.create_acls(missing, request_timeout=PATIENCE).values():
            created.result()


def _acls(client: str, authority: str) -> list[AclBinding]:
    topics = [
        _may_read(client, ResourceType.TOPIC, name, ResourcePatternType.LITERAL)
        for name in _topics(authority)
    ]
    groups = _may_read(client, ResourceType.GROUP, f"{client}.", ResourcePatternType.PREFIXED)
    return [*topics, groups]


def _may_read(
    client: str, kind: ResourceType, name: str, pattern: ResourcePatternType
) -> AclBinding:
    principal, allow = f"User:{client}", AclPermissionType.ALLOW
    return AclBinding(kind, name, pattern, principal, "*", AclOperation.READ, allow)


def _is_ours(acl: AclBinding) -> bool:
    client = acl.principal.removeprefix("User:")
    authority = acl.name.rpartition(".")[2]
    return acl in _acls(client, authority)


def _exactly(acl: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        acl.restype,
        acl.name,
        acl.resource_pattern_type,
        acl.principal,
        acl.host,
        acl.operation,
        acl.permission_type,
    )
