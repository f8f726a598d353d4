"""A family asks for help itself: it gets a form, and is taken once, whoever it may be.

Nothing is compared with what is known about anybody, so that nothing can be told of it.
"""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import IntegrityError

from services.referral.actions import submitting
from services.referral.actions.desk import Desk
from services.referral.domain import stamps
from services.referral.domain.asking import (
    RequestForHelp,
    refuse_what_is_missing,
    submission_of,
)
from services.referral.domain.stamps import StampNotAccepted
from services.referral.domain.submitting import Sender
from services.referral.domain.urgency import sounds_urgent
from services.referral.tables.events import Idempotency
from shared.auth import Caller
from shared.authority import Authority
from shared.calendar import ENGLAND
from shared.crypto import FieldCipher
from shared.errors import Conflict, IdempotencyKeyReused, NotFound, Unavailable
from shared.idempotency import Once
from shared.ids import new_id

_STAMP = "request_for_help.stamp"
_ID = 16
"""Bytes of a stamp's id, before what is sealed."""


class RequestsClosed(Conflict):
    slug, title = "requests-for-help-closed", "This council is asked by telephone"


def council_of(desk: Desk, authority: str) -> Authority:
    """An authority of this hub, by its id. Raises NotFound."""
    if authority not in desk.authorities:
        raise NotFound("GET /api/v1/requests-for-help/forms lists the councils that can be asked")
    return desk.authorities[authority]


def open_councils(desk: Desk) -> list[Authority]:
    """Those that families may ask here."""
    return [one for one in desk.authorities.values() if one.requests_for_help.open]


def refuse_closed(council: Authority, now: datetime) -> None:
    """Raises RequestsClosed, which names the telephone that answers now."""
    if not council.requests_for_help.open:
        answering = council.answers_now(now)
        raise RequestsClosed(f"Call {answering.name}: {answering.number}")


def give_out(desk: Desk, council: Authority, now: datetime) -> str:
    """A new form's stamp: for this authority, of this instant."""
    return stamped(desk.cipher, council, now)


def stamped(cipher: FieldCipher, council: Authority, now: datetime) -> str:
    """A stamp, which nobody can make or read without the service's keys."""
    stamp_id = new_id()
    sealed = cipher.seal([council.id, now.isoformat()], _STAMP, stamp_id)
    return base64.urlsafe_b64encode(stamp_id.bytes + sealed).decode()


def given_out(desk: Desk, council: Authority, stamp: str) -> tuple[UUID, datetime]:
    """Which form it is, and when it was given out. Raises StampNotAccepted."""
    try:
        whole = base64.b64decode(stamp, altchars=b"-_", validate=True)
        stamp_id = UUID(bytes=whole[:_ID])
        authority, at = desk.cipher.open(whole[_ID:], _STAMP, stamp_id)
    except (InvalidTag, KeyError, ValueError, binascii.Error):
        raise stamps.refused("Ask for the form again, and send it with its own stamp") from None
    if authority != council.id:
        raise stamps.refused("This form is another council's. Send it from this council's own")
    return stamp_id, datetime.fromisoformat(at)


def still_good(desk: Desk, council: Authority, stamp: str, now: datetime) -> bool:
    """Whether the same form can go on being filled in: too young is mended by waiting."""
    try:
        _, at = given_out(desk, council, stamp)
    except StampNotAccepted:
        return False
    return now - at < stamps.TOO_OLD


async def ask(
    desk: Desk, asked: RequestForHelp, council: Authority, stamp: str, *, now: datetime
) -> dict[str, Any]:
    """Take the family's words as a referral that the front door holds. The same form sent again
    gets its first receipt; another text on the same form is refused.

    Raises RequestsClosed, Unprocessable, StampNotAccepted, Unavailable.
    """
    refuse_closed(council, now)
    today = now.astimezone(ENGLAND).date()
    refuse_what_is_missing(asked, today)
    stamp_id, at = given_out(desk, council, stamp)
    stamps.refuse_age(at, now)
    by = Caller.anonymous
    once = Once.of(
        by.client_id, stamp_id.hex, council.id.encode(), asked.model_dump_json().encode()
    )
    front_door = await submitting.front_door_of(desk, council)
    if front_door is None:
        raise _nobody_there(council, now)
    urgent = tuple(sounds_urgent(asked.texts()))
    sender = Sender(front_door, None, front_door, urgent)
    submission = submission_of(asked, today)
    taking = submitting.taken_of(desk, submission, council, sender, by=by, once=once, now=now)
    try:
        taken = await desk.db.together(taking.rows, holding=once.lock)
    except IntegrityError as error:
        submitting.refuse_other_rules(error)
        taken = False
    if not taken:
        return await _first(desk, once)
    desk.wake()
    return taking.receipt


def _nobody_there(council: Authority, now: datetime) -> Unavailable:
    answering = council.answers_now(now)
    return Unavailable(f"Nobody can take it here yet. Call {answering.name}: {answering.number}")


async def _first(desk: Desk, once: Once) -> dict[str, Any]:
    """What was answered when this form was first sent."""
    try:
        async with desk.db.reading() as connection:
            receipt = await once.answered(connection, Idempotency)
    except IdempotencyKeyReused:
        again = "To send this too, take a new form"
        raise stamps.SentAlready(again, pointer="/stamp") from None
    if receipt is None:
        raise once.in_flight()
    return receipt
