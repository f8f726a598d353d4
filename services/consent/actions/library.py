"""The published policies of each authority, compiled and ready; what is published is never missed.

A publication changes one row, and every decision holds that row while it is made: whichever
process has published, the next decision finds another hash and compiles anew.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.agreements import Published, Tier
from services.consent.domain.policies import Policies, compiled
from services.consent.store import policies
from services.consent.store.policies import InUse
from shared.db import Database


def hash_of(versions: Sequence[InUse]) -> str:
    """SHA-256 of the versions in use, each by its key and its own hash."""
    said = "\0".join(f"{one.published.key}={one.published.hash}" for one in versions)
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Loaded:
    """What decides for one authority."""

    hash: str
    policies: Policies
    principles: tuple[Published, ...] = ()
    principles_ids: frozenset[UUID] = frozenset()
    """The agreements that they are versions of."""
    keys: tuple[str, ...] = ()
    """Of every version."""

    @classmethod
    def of(cls, hash_: str, versions: Sequence[InUse]) -> "Loaded":
        """Compiled. Raises PoliciesInvalid."""
        first = [one for one in versions if one.published.agreement.tier is Tier.PRINCIPLES]
        return cls(
            hash_,
            compiled([one.published for one in versions]),
            tuple(one.published for one in first),
            frozenset(one.agreement_id for one in first),
            tuple(one.published.key for one in versions),
        )

    def named(self, now: datetime) -> dict[str, Any]:
        """By which hash decisions name the policies, and what they were compiled from."""
        return {"hash": self.policies.hash, "versions": list(self.keys), "at": now}


class Library:
    """What is loaded, by authority."""

    def __init__(self) -> None:
        self._loaded: dict[str, Loaded] = {}

    async def load(self, db: Database, now: datetime) -> None:
        """Everything that is published, at the start."""
        async with db.transaction() as connection:
            for authority in await policies.authorities(connection):
                loaded = await self.current(connection, authority)
                await policies.remember(connection, authority, loaded.named(now))

    async def current(self, connection: AsyncConnection, authority: str) -> Loaded:
        """What decides; nothing else is published until the transaction ends."""
        return await self.of(connection, authority, await policies.held(connection, authority))

    async def of(self, connection: AsyncConnection, authority: str, held: str) -> Loaded:
        """What decides, where the transaction holds the versions whose hash is `held`."""
        loaded = self._loaded.get(authority)
        if loaded is None or loaded.hash != held:
            loaded = Loaded.of(held, await policies.in_use(connection, authority))
            self._loaded[authority] = loaded
        return loaded


async def swap(connection: AsyncConnection, authority: str, now: datetime) -> None:
    """Let decisions find what is in use now; `policies.taken` came before the change.

    Compiled before it is committed: what Cedar does not take is not published. Raises
    PoliciesInvalid.
    """
    versions = await policies.in_use(connection, authority)
    new = Loaded.of(hash_of(versions), versions)
    await policies.swapped(connection, authority, new.hash)
    await policies.remember(connection, authority, new.named(now))
