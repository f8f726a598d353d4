"""A consent receipt for the person: the fields of ISO/IEC TS 27560, and what UK GDPR adds.

Source: the consent record guide of the W3C Data Privacy Vocabularies group (2026-02-15).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.consent.domain.consenting import Recorded
from services.consent.domain.plain_words import PURPOSES
from shared.categories import CATEGORIES, Group, holds

SCHEMA = "ISO/IEC TS 27560:2023"
_IN_NOTICE = "as the privacy notice says, in the version that is named here"
"""What the hub does not know; nothing is said that nobody has told it."""
_REGULATOR = "Information Commissioner's Office, ico.org.uk"


@dataclass(frozen=True)
class Around:
    """What a receipt says beside the record itself."""

    controller: str
    """The council whose hub it is."""
    agencies: Mapping[UUID, str]
    """Names of the agencies that are named in the record."""
    withdrawal: str
    """Where consent is withdrawn: a path on this hub."""


def receipt(kept: Recorded, around: Around, at: datetime) -> dict[str, Any]:
    """The receipt as it stands at `at`."""
    return _of_what(kept) | _of_whom(kept, around) | _of_the_law() | {"events": _events(kept, at)}


def _of_what(kept: Recorded) -> dict[str, Any]:
    """What was said of which data."""
    said = kept.said
    return {
        "schema_version": SCHEMA,
        "record_id": str(said.id),
        "principal_ids": [str(one) for one in sorted(said.people)],
        "privacy_notice": said.notice.version if said.notice else None,
        "language": said.notice.language if said.notice else None,
        "collection_method": said.channel,
        "purposes": [{"code": one, "words": PURPOSES[one]} for one in sorted(said.purposes)],
        "pii_information": [
            {
                "category": code,
                "words": CATEGORIES[code],
                "special_category": holds([code], Group.SPECIAL),
            }
            for code in sorted(said.categories)
        ],
        "validity_duration": {
            "from": said.said_at.isoformat(),
            "until": said.until.isoformat() if said.until else None,
        },
    }


def _of_whom(kept: Recorded, around: Around) -> dict[str, Any]:
    """Who said it, who asked, who may receive the data, who answers for it."""
    said = kept.said
    agencies = [(str(one), around.agencies.get(one, "")) for one in sorted(said.agencies)]
    return {
        "given_by": str(said.given_by),
        "capacity": said.capacity,
        "entity_id": str(said.recorded_by),
        "interpreter": said.interpreter is not None,
        "pii_controllers": [{"party_role": "controller", "party_name": around.controller}],
        "recipients": [
            {"party_id": one, "party_name": name, "party_type": "agency"} for one, name in agencies
        ],
        "withdrawal_method": around.withdrawal,
    }


def _of_the_law() -> dict[str, Any]:
    """What is the same for every consent."""
    return {
        "lawful_basis": "UK GDPR, article 6(1)(a)",
        "privacy_rights": "UK GDPR, articles 12 to 22",
        "jurisdiction": "England",
        "authority": _REGULATOR,
        "storage_locations": [_IN_NOTICE],
        "processing_locations": [_IN_NOTICE],
        "retention_period": _IN_NOTICE,
    }


def _events(kept: Recorded, at: datetime) -> list[dict[str, Any]]:
    """What became of it, in order, up to `at`."""
    said = kept.said
    kind = "explicit consent" if said.explicit else "consent"
    first = "refused" if said.refuses else "given"
    steps = [(first, said.said_at), ("superseded", said.superseded_at)]
    steps.append(("withdrawn", said.withdrawn_at))
    if not (said.superseded_at or said.withdrawn_at):
        steps.append(("expired", said.until))
    return [
        {"event_type": kind, "event_state": state, "event_time": when.isoformat()}
        for state, when in steps
        if when is not None and when <= at
    ]
