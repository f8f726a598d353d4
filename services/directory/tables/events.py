"""The tables of the shared kinds: outbox and inbox, access records, agencies and workers …"""

from services.directory.tables.base import Table
from shared.access import AccessColumns
from shared.event_tables import InboxColumns, OutboxColumns, ParkedColumns, RelayCursorColumns
from shared.idempotency import IdempotencyColumns
from shared.partners import AgencyColumns, WorkerColumns


class Access(AccessColumns, Table, table=True):
    """Who looked at what is not for everybody, or changed it."""


class AgencyRow(AgencyColumns, Table, table=True):
    """A partner agency as the gateway announced it."""


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


class WorkerRow(WorkerColumns, Table, table=True):
    """A worker as the gateway announced it: whose, and with which roles; never who it is."""
