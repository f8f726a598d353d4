"""Alembic's way into the referral service's tables."""

from services.referral.tables import Table
from shared.migrations import run

run(Table.metadata)
