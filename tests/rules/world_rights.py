"""What a family asks for under its rights, as the world asks for it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from services.consent.domain.sharing_form import export
from tests.consent.builders import a_clause, an_agreement
from tests.ways import BECAUSE

Json = dict[str, Any]
TEEN = str(uuid4())
"""A child that is able to understand what it is asked."""
ABOUT = ("looks", "retentions", "breach-reports", "processing-records")
"""Operations that make nothing which a path then names."""
_NOW = datetime.now(UTC)
_TIME = {"since": (_NOW - timedelta(days=3)).isoformat(), "until": _NOW.isoformat()}
OF_A_TIME = {f"/api/v1/{path}": _TIME for path in ("breach-reports", "breach-reports/export")}
"""What must be asked for, by path."""
_SAID: Mapping[tuple[str, str], Json] = {
    ("access-requests", "wish"): {"wish": "agrees"},
    ("access-requests", "exemptions"): {
        "ground": "serious_harm",
        "categories": ["health"],
        "because": BECAUSE,
    },
    ("complaints", "answer"): {"answer": BECAUSE},
    ("retentions", "{person_id}"): {"month": "2014-05"},
}
_numbers = count(1)


def said_with(noun: str, step: str) -> Json | None:
    """What is said with a step, by the noun that it is a step of."""
    return _SAID.get((noun, step))


def asked_for(noun: str, child: str, mother: str) -> Json | None:
    """Something new."""
    match noun:
        case "access-requests":
            return {
                "person_id": TEEN,
                "asked_by": mother,
                "capacity": "parental_responsibility",
            }
        case "rectifications":
            since = (_NOW - timedelta(days=30)).isoformat()
            about = {"person_id": child, "categories": ["needs"]}
            return about | {"since": since, "because": BECAUSE}
        case "complaints":
            return {"person_id": child, "lodged_by": mother, "words": BECAUSE}
        case "imports":
            said = an_agreement(a_clause(), id=f"from-elsewhere-{next(_numbers)}")
            return {"documents": export(said, "https://elsewhere.example/1").documents}
    return None
