"""What every verb works with, and what stands beside every change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import SQLModel

from services.referral.clients.consent import Consent
from services.referral.clients.directory import Directory
from services.referral.domain.referral import Referral, desk_of
from services.referral.domain.submission import as_stored
from services.referral.store.referrals import WORDS
from services.referral.tables.events import Access, Outbox
from services.referral.tables.referrals import HistoryRow
from shared.access import access_row
from shared.auth import Caller
from shared.authority import Authorities, Authority
from shared.contracts.referral import ReferralEvent
from shared.crypto import FieldCipher
from shared.db import Database
from shared.ids import new_id
from shared.outbox import outbox_row
from shared.rows import Row


@dataclass(frozen=True)
class Desk:
    """What the verbs work with."""

    db: Database
    cipher: FieldCipher
    authorities: Authorities
    base: str
    """Where partners reach the hub; detail URLs begin with it."""
    wake: Callable[[], None]
    """Rings the relay after a commit."""
    consent: Consent
    """Decides what may be shared."""
    directory: Directory
    """Tells of the services that a referral can name."""

    def council(self, caller: Caller) -> Authority:
        """The settings that the caller's agency follows. Raises Forbidden."""
        return self.authorities.of(caller.authority)


@dataclass(frozen=True)
class Done:
    """What a history entry says was done."""

    action: str
    by: Caller
    now: datetime
    code: str | None = None
    words: BaseModel | dict[str, Any] | None = None
    """What was said with it; sealed."""
    heard_by: frozenset[UUID] | None = None
    """Who hears of it, where not everybody whom the referral concerns may."""


def records(
    desk: Desk, moved: Referral, events: list[ReferralEvent], done: Done, *before: Referral
) -> list[Row | SQLModel]:
    """What stands beside every change: its history, who acted, and the facts to announce.

    Whoever was concerned `before` hears it too.
    """
    entry_id, by, now = new_id(), done.by, done.now
    words = as_stored(done.words) if isinstance(done.words, BaseModel) else done.words
    entry = Row.of(
        HistoryRow,
        id=entry_id,
        referral_id=moved.id,
        version=moved.version,
        at=now,
        action=done.action,
        status=moved.status,
        code=done.code,
        words=desk.cipher.seal(words, WORDS, entry_id) if words else None,
        client_id=by.client_id,
        agency_id=by.agency_id,
        worker_id=by.worker_id,
    )
    access = access_row(Access, by, f"referral.{done.action}", [moved.id], now)
    concerned = set().union(*(referral.concerned() for referral in (moved, *before)))
    if done.heard_by is not None:
        concerned &= done.heard_by
    hear = sorted({*concerned, desk_of(moved.authority)})
    facts = [outbox_row(Outbox, event, concerns=hear, now=now) for event in events]
    return [entry, access, *facts]
