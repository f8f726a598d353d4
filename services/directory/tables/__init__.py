"""Every table of the directory service, and the metadata they share."""

from services.directory.tables import entries, events, listings, places
from services.directory.tables.base import Table

__all__ = ["Table", "entries", "events", "listings", "places"]
