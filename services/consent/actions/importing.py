"""Agreements that come from elsewhere, in the machine-readable form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from services.consent.actions import agreeing
from services.consent.actions.desk import Desk, Receipt
from services.consent.domain.sharing_form_reading import Document, Imported, NotOneAgreement, read
from shared.auth import Caller
from shared.errors import Unprocessable
from shared.idempotency import Once


class FormUnreadable(Unprocessable):
    slug, title = "sharing-form-unreadable", "These documents cannot be made an agreement"


@dataclass(frozen=True)
class Drafted:
    """The draft that is kept, and what of the documents is not in it."""

    receipt: Receipt
    imported: Imported


async def draft(
    desk: Desk, documents: Sequence[Document], *, by: Caller, once: Once, now: datetime
) -> Drafted:
    """Begin an agreement with what the documents say. Sent again, it is the first one.

    Raises FormUnreadable, AgreementExists, IdempotencyKeyReused, IdempotencyKeyInFlight.
    """
    try:
        imported = read(documents)
    except NotOneAgreement as error:
        raise FormUnreadable(str(error), pointer="/documents") from error
    except ValidationError as error:
        raise FormUnreadable(
            "An identifier is agreement/clause in small letters, digits, - and _, each day a"
            " calendar day since 2000, and an agency's catalogue id has its id on this hub",
            pointer="/documents",
        ) from error
    receipt = await agreeing.draft(desk, imported.draft, by=by, once=once, now=now)
    return Drafted(receipt, imported)
