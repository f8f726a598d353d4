"""What every verb works with, and what stands beside every change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import SQLModel

from services.referral.domain.referral import Outcome
from services.referral.tables import Access, HistoryRow, Outbox
from shared.access import access_row
from shared.auth import Caller
from shared.authority import Authority
from shared.crypto import FieldCipher
from shared.db import Database
from shared.outbox import outbox_row
from shared.rows import Row


@dataclass(frozen=True)
class Desk:
    """What the verbs work with."""

    db: Database
    cipher: FieldCipher
    authority: Authority
    base: str
    """Where partners reach the hub; detail URLs begin with it."""
    wake: Callable[[], None]
    """Rings the relay after a commit."""


def records(
    outcome: Outcome, action: str, by: Caller, now: datetime, *, code: str | None = None
) -> list[Row | SQLModel]:
    """What stands beside every change: its history, who acted, and the facts to announce."""
    moved, events = outcome
    entry = Row.of(
        HistoryRow,
        referral_id=moved.id,
        version=moved.version,
        at=now,
        action=action,
        status=moved.status,
        code=code,
        client_id=by.client_id,
        agency_id=by.agency_id,
        worker_id=by.worker_id,
    )
    access = access_row(Access, by, f"referral.{action}", [moved.id], now)
    concerned = [moved.referring_agency_id]
    facts = [outbox_row(Outbox, event, concerns=concerned, now=now) for event in events]
    return [entry, access, *facts]
