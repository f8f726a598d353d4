"""Places in a list, sealed: a cursor has one length, differs every time, and shows nothing."""

import base64
from uuid import UUID

from cryptography.exceptions import InvalidTag

from shared.crypto import FieldCipher
from shared.errors import BadRequest


class CursorUnknown(BadRequest):
    slug, title = "cursor-unknown", "This cursor was not given to your agency for this list"


def sealed(cipher: FieldCipher, place: str, where: str, agency: UUID) -> str:
    """A cursor that opens for this agency alone, and only for the list that `where` names."""
    written = base64.urlsafe_b64encode(cipher.seal(place, where, agency))
    return written.decode().rstrip("=")


def opened(cipher: FieldCipher, cursor: str, where: str, agency: UUID) -> str:
    """The place again. Raises CursorUnknown."""
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return str(cipher.open(written, where, agency))
    except (ValueError, KeyError, InvalidTag) as error:
        raise CursorUnknown(
            "Begin again without a cursor, and follow the links from there"
        ) from error
