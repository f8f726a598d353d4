"""Alembic's way into the gateway's tables."""

from gateway.tables import Table
from shared.migrations import run

run(Table.metadata)
