"""What somebody may do to the audit log of a hub that was killed again and again."""

from services.consent.domain.examining import Wrong
from tests.consent.touched import CODE

CUT = 10
"""Leaves of a tail."""
_TAIL = (
    "delete from audit_leaf where index >= {tail};"
    "delete from audit_node where (number + 1) << level > {tail}"
)
_SWAP = (
    "update audit_leaf a set entry = b.entry from audit_leaf b"
    " where (a.index, b.index) in (({one}, {other}), ({other}, {one}))"
)
_FORGET = "delete from audit_checkpoint where size > {tail}"
Damage = tuple[str, int, Wrong]
"""The statement, the first wrong index, and what is wrong with it."""


def damages(size: int) -> dict[str, Damage]:
    """To a log of `size` leaves whose last checkpoint is of all of them."""
    middle, tail = size // 2, size - CUT
    return {
        "a changed row": (CODE % middle, middle, Wrong.ROW_DIFFERS),
        "a deleted row": (
            f"delete from audit_leaf where index = {middle}",  # noqa: S608 -- our own
            middle,
            Wrong.ROW_MISSING,
        ),
        "two rows in another order": (
            _SWAP.format(one=middle, other=middle + 1),
            middle,
            Wrong.ROW_DIFFERS,
        ),
        "a row put in between": (
            f"update audit_leaf set index = -index - 1 where index >= {middle};"  # noqa: S608
            f"insert into audit_leaf select {middle}, entry from audit_leaf where index = 1;"
            "update audit_leaf set index = -index where index < 0",
            middle,
            Wrong.ROW_DIFFERS,
        ),
        "a tail cut off": (_TAIL.format(tail=tail), tail, Wrong.ROW_MISSING),
    }


def forgotten(size: int) -> Damage:
    """The tail with every checkpoint that knew of it: only a witness can tell."""
    tail = size - CUT
    return f"{_TAIL};{_FORGET}".format(tail=tail), tail, Wrong.ROW_MISSING
