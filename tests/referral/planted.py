"""Referrals put straight into the tables, where a worklist needs many, or odd ones."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.referral.tables.people import PersonRow
from services.referral.tables.referrals import ReferralRow
from shared.ids import new_id, new_reference
from shared.rows import Row, add
from tests.referral.conftest import Partner, Service

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


async def planted(service: Service, by: Partner, *told: dict[str, Any]) -> list[str]:
    """Referrals of the agency of `by`, a field told or as it mostly is; their ids, oldest first."""
    rows = [_row(by, **given) for given in told]
    children = [_child(row.values["id"]) for row in rows]
    async with service.db.transaction() as connection:
        await add(connection, *rows)
        await add(connection, *children)
    return [str(row.values["id"]) for row in rows]


def _child(referral_id: UUID) -> Row:
    """A child of whom nothing can be read: what a list shows is about the referral."""
    sealed = {"details": b"sealed", "addresses": b"sealed"}
    facts = {"id": new_id(), "referral_id": referral_id, "place": 0, "is_child": True}
    return Row.of(PersonRow, **facts | sealed)


def _row(by: Partner, **given: Any) -> Row:
    facts: dict[str, Any] = {
        "id": new_id(),
        "reference": new_reference(),
        "authority": by.caller.authority,
        "status": "submitted",
        "version": 1,
        "urgency": "routine",
        "referring_agency_id": by.agency_id,
        "referring_worker_id": by.caller.worker_id,
        "holding_agency_id": by.agency_id,
        "submitted_at": NOON,
        "clocks": [],
        "calendar": "made up",
        "need_groups": ["education"],
    }
    sealed = dict.fromkeys(("referrer", "need", "safeguarding", "basis"), b"sealed")
    return Row.of(ReferralRow, **facts | sealed | given)


async def listed(partner: Partner, query: str = "", limit: int = 100) -> list[str]:
    """Every id of a worklist, page by page, in its order."""
    ids: list[str] = []
    following: str | None = f"/api/v1/referrals?{query}&limit={limit}"
    while following:
        answer = await partner.ask("GET", following)
        assert answer.status_code == 200, answer.text
        ids += [referral["id"] for referral in answer.json()["referrals"]]
        following = answer.json().get("next")
    return ids


def places(ids: Sequence[str], found: Sequence[str]) -> list[int]:
    """Which of `ids` were found, by their numbers, in the order found."""
    return [ids.index(one) for one in found]


def someone(number: int) -> UUID:
    """A made-up worker or agency that is always the same."""
    return UUID(int=number)
