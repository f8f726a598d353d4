"""Alembic's way into the directory service's tables."""

from services.directory.tables import Table
from shared.migrations import run

run(Table.metadata)
