"""Alembic's way into the consent service's tables."""

from services.consent.tables import Table
from shared.migrations import run

run(Table.metadata)
