"""The referral service's tables: what a family said is sealed, readable are ids and codes."""

from services.referral.tables import amendments, drafts, events, people, referrals, views
from services.referral.tables.base import Table

__all__ = ["Table", "amendments", "drafts", "events", "people", "referrals", "views"]
