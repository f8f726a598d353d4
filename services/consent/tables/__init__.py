"""The consent service's tables. What is in the audit log is never changed and never removed."""

from services.consent.tables import agreements, audit, consents, events, people, rights
from services.consent.tables.base import Table

__all__ = ["Table", "agreements", "audit", "consents", "events", "people", "rights"]
