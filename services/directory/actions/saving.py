"""Changing entries: all of a change or nothing, with its history, and at once in what is shown."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.directory.actions.showing import relist
from services.directory.domain.entries import Entry, Stage
from services.directory.store import entries as store
from services.directory.store.entries import By
from shared.crypto import FieldCipher
from shared.db import Database


async def save(db: Database, cipher: FieldCipher, entries: Sequence[Entry], by: By) -> list[UUID]:
    """Let the entries stand as given; the ids of those that are new or differ from before."""
    async with db.transaction() as connection:
        return await save_in(connection, cipher, entries, by)


async def save_in(
    connection: AsyncConnection, cipher: FieldCipher, entries: Sequence[Entry], by: By
) -> list[UUID]:
    """The same where more is done in one transaction; nobody else changes entries until its end."""
    now = await store.one_writer(connection)
    changed = await store.save(connection, cipher, entries, by=by, now=now)
    await relist(connection, changed, now)
    return changed


async def withdraw(db: Database, cipher: FieldCipher, ids: Sequence[UUID], by: By) -> list[UUID]:
    """Take entries out of every list; they and their history stay here."""
    async with db.transaction() as connection:
        await store.one_writer(connection)
        standing = await store.whole(connection, cipher, ids)
        over = [replace(entry, stage=Stage.WITHDRAWN) for entry in standing]
        return await save_in(connection, cipher, over, by)
