"""Ids for machines and references for people."""

import secrets
from uuid import UUID

import uuid_utils

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXY"
"""31 signs (a prime number of them) without the look-alikes 0/O, 1/I and 2/Z."""

_RANDOM_SIGNS = 9
"""9 signs of 31: 44 bits, so that nobody guesses a reference by trying."""


def new_id() -> UUID:
    """A UUIDv7: ordered by time, so that indexes grow at one end."""
    return UUID(int=uuid_utils.uuid7().int)


def _check_sign(signs: str) -> str:
    """Weighted sum modulo 31 (a prime): finds one wrong sign and two swapped neighbours."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, start=2))
    return ALPHABET[total % len(ALPHABET)]


def new_reference() -> str:
    """What people quote on the telephone, for example `7KQ4-9XWTM-N`: its last sign is a check."""
    number, signs = secrets.randbelow(len(ALPHABET) ** _RANDOM_SIGNS), ""
    for _ in range(_RANDOM_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return f"{signs[:4]}-{signs[4:]}-{_check_sign(signs)}"


def read_reference(text: str) -> str | None:
    """The reference that somebody has read out or typed in, as it is kept; None when mistyped.

    Lower case, spaces and missing or misplaced dashes are no mistakes.
    """
    signs = "".join(text.split()).replace("-", "").upper()
    is_one = (
        len(signs) == _RANDOM_SIGNS + 1
        and all(sign in ALPHABET for sign in signs)
        and _check_sign(signs[:-1]) == signs[-1]
    )
    return f"{signs[:4]}-{signs[4:-1]}-{signs[-1]}" if is_one else None


def is_reference(text: str) -> bool:
    """Whether `text` is a reference that was read out and typed in without a mistake."""
    return read_reference(text) is not None
