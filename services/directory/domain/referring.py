"""What a referral needs to know of a published service: whether a family can be referred to it."""

from dataclasses import dataclass
from uuid import UUID

from services.directory.domain.leaflet import plain
from services.directory.domain.search import marks
from services.directory.domain.search.cards import ACTIVE
from services.directory.domain.shapes import Json

GONE = "defunct"
"""The status of what was withdrawn, as long as the feed still tells that it was."""


@dataclass(frozen=True)
class Offered:
    """A service as a referral names it."""

    id: UUID
    name: str
    takes_referrals: bool
    organization_id: UUID | None


def takes_referrals(document: Json) -> bool:
    """Whether a service says so, by its way in, and is open."""
    access = marks.access(document, marks.terms(document))
    return document["status"] == ACTIVE and access is not None and access.takes_referrals


def offered(document: Json) -> Offered | None:
    """A service by its document in the feed; None where it is withdrawn."""
    if document["status"] == GONE:
        return None
    organization = document.get("organization", {}).get("id")
    return Offered(
        UUID(document["id"]),
        plain(document["name"]),
        takes_referrals(document),
        UUID(organization) if organization else None,
    )
