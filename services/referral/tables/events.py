"""The tables of the shared kinds: outbox and inbox, access records, answers that are kept."""

from services.referral.tables.base import Table
from shared.access import AccessColumns
from shared.event_tables import InboxColumns, OutboxColumns, ParkedColumns, RelayCursorColumns
from shared.idempotency import IdempotencyColumns


class Access(AccessColumns, Table, table=True):
    pass


class Idempotency(IdempotencyColumns, Table, table=True):
    pass


class Outbox(OutboxColumns, Table, table=True):
    pass


class Inbox(InboxColumns, Table, table=True):
    pass


class Parked(ParkedColumns, Table, table=True):
    pass


class RelayCursor(RelayCursorColumns, Table, table=True):
    pass
