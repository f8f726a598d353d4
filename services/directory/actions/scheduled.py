"""Imports that nobody has to ask for: each origin in its hours, by one replica."""

from datetime import UTC, datetime
from pathlib import Path

import httpx2
import structlog

from services.directory.actions.importing import NothingRead, Origin, Progress, import_from
from services.directory.clients import sources
from services.directory.clients.pages import FAULTS, why
from services.directory.domain.imports.forms import recognised
from services.directory.domain.report import Report
from services.directory.domain.shapes import Broken
from services.directory.store import entries as store
from shared.crypto import FieldCipher
from shared.db import Database

log = structlog.get_logger()
TIMEOUT = 60.0
"""Seconds that a feed is given for an answer: live ones are slow."""


class NotRecognised(Exception):
    """Nobody can tell in which form the source is written."""


class CannotBeRead(Exception):
    """The source is not there, or not one record of it can be read; it says why."""


_UNREADABLE = (OSError, UnicodeError, *FAULTS, httpx2.InvalidURL, NothingRead)


async def bring(
    db: Database,
    cipher: FieldCipher,
    address: str,
    *,
    name: str | None = None,
    form: str | None = None,
    every_hours: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Import a feed, a file or a folder. Raises NotRecognised, CannotBeRead."""
    try:
        return await _bring(db, cipher, address, name, form, every_hours, progress)
    except (NothingRead, Broken) as error:
        raise CannotBeRead(str(error)) from error
    except _UNREADABLE as error:
        raise CannotBeRead(why(error)) from error


async def _bring(
    db: Database,
    cipher: FieldCipher,
    address: str,
    name: str | None,
    form: str | None,
    every_hours: int | None,
    progress: Progress,
) -> Report:
    now = datetime.now(UTC)
    if sources.is_feed(address):
        base = address.rstrip("/").removesuffix("/services")
        async with httpx2.AsyncClient(
            base_url=base, timeout=TIMEOUT, follow_redirects=True
        ) as http:
            form = form or await sources.form_of(http)
            origin = Origin(name or base, address, form, every_hours)
            records = sources.of_feed(http, origin.form)
            return await import_from(db, cipher, origin, records, now=now, progress=progress)
    told = sources.files(Path(address))
    form = form or recognised(told)
    if form is None:
        raise NotRecognised(address)
    origin = Origin(name or Path(address).name, address, form, every_hours)
    records = sources.of_files(form, told)
    return await import_from(db, cipher, origin, records, now=now, progress=progress)


async def bring_what_is_due(db: Database, cipher: FieldCipher, now: datetime) -> int:
    """Import again what has its hours; how many origins. One that fails has its next turn later."""
    async with db.reading() as connection:
        due = await store.due_origins(connection, now)
    done = 0
    for row in due:
        async with db.transaction() as connection:
            ours = await store.take_turn(connection, row.name, row.imported_at, now)
        if not ours:
            continue
        try:
            await bring(
                db,
                cipher,
                row.address,
                name=row.name,
                form=row.form,
                every_hours=row.every_hours,
            )
            done += 1
        except Exception as error:  # whatever is wrong with it, the others have their turn
            log.warning("import failed", fault=type(error).__name__)
    return done
