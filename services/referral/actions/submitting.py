"""Taking a referral: once, whatever the network does, and not twice for the same child."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from services.referral import store
from services.referral.actions.desk import Desk, records
from services.referral.domain import referral as domain
from services.referral.domain.referral import Referral
from services.referral.domain.submission import Submission, refuse_days_to_come
from services.referral.tables import Idempotency
from shared.auth import Caller
from shared.calendar import ENGLAND
from shared.db import broken_rule
from shared.errors import Conflict
from shared.idempotency import Once
from shared.ids import new_id, new_reference


class OpenReferralExists(Conflict):
    slug = "referral-open-for-this-child"
    title = "Your agency has an open referral for this child"


async def submit(
    desk: Desk, submission: Submission, *, by: Caller, once: Once, now: datetime
) -> dict[str, Any]:
    """Take a referral: all its rows together, or none. Sent again, it gets its first receipt.

    Raises OpenReferralExists, IdempotencyKeyReused, IdempotencyKeyInFlight, Unprocessable.
    """
    refuse_days_to_come(submission, now.astimezone(ENGLAND).date())
    indexes = store.indexes_of(submission, desk.cipher)
    if receipt := await _found(desk, submission, indexes, by, once):
        return receipt
    outcome = _new(desk, submission, by, now)
    receipt = _receipt(outcome[0])
    rows = [
        *store.rows_of(outcome[0], submission, indexes, desk.cipher),
        *records(outcome, "submit", by, now),
        Idempotency(**asdict(once), answer=receipt, created_at=now),
    ]
    try:
        if not await desk.db.together(rows, holding=once.lock):
            raise once.in_flight()
    except IntegrityError as error:
        # Somebody was faster between the look and the insert: now there is something to find.
        faster = broken_rule(error) in ("idempotency_pkey", store.ONE_OPEN)
        if faster and (first := await _found(desk, submission, indexes, by, once)):
            return first
        raise
    desk.wake()
    return receipt


def _new(desk: Desk, submission: Submission, by: Caller, now: datetime) -> domain.Outcome:
    referral_id = new_id()
    return domain.submit(
        submission,
        referral_id=referral_id,
        reference=new_reference(),
        url=f"{desk.base}/api/v1/referrals/{referral_id}",
        by=by,
        now=now,
        due=desk.authority.clocks.decide.due,
    )


async def _found(
    desk: Desk, submission: Submission, indexes: set[bytes], by: Caller, once: Once
) -> dict[str, Any] | None:
    """The receipt of this very request. Raises when an open referral stands in its way."""
    agency_id, _ = by.acting()
    async with desk.db.reading() as connection:
        if receipt := await once.answered(connection, Idempotency):
            return receipt
        if submission.despite_open_referral:
            return None
        reference = await store.open_reference(connection, indexes, agency_id)
    if reference:
        raise OpenReferralExists(
            "Follow that one, or say in despite_open_referral why there must be another",
            pointer="/despite_open_referral",
            reference=reference,
        )
    return None


def _receipt(submitted: Referral) -> dict[str, Any]:
    """What the answer is made of, and kept for a repeat: ids, codes and times."""
    return {
        "id": str(submitted.id),
        "reference": submitted.reference,
        "status": submitted.status,
        "urgency": submitted.urgency,
        "submitted_at": submitted.submitted_at.isoformat(),
        "decision_due": submitted.decision_due.isoformat(),
    }
