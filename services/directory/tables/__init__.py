"""Every table of the directory service, and the metadata they share."""

from services.directory.tables import entries, events, keeping, listings, places
from services.directory.tables.base import Table

__all__ = ["Table", "entries", "events", "keeping", "listings", "places"]
