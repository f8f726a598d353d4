"""What would be known if a consent were withdrawn."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.consent.domain.people import Known

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def without(known: Known, consent_id: UUID) -> Known:
    """The same, as if the consent had been withdrawn."""
    consents = [
        replace(one, withdrawn_at=known.moment(_LONG_AGO)) if one.id == consent_id else one
        for one in known.consents
    ]
    return replace(known, consents=consents)
