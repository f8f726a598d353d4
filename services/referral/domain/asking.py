"""A family that asks for help itself: what it is asked, and the referral that is made of it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from services.referral.domain.codes import SELF, NeedGroup
from services.referral.domain.submission import (
    NOT_YET,
    Address,
    Agreed,
    Child,
    HouseholdMember,
    Line,
    Need,
    Part,
    Referrer,
    Safeguarding,
    Submission,
    Text,
)
from shared.errors import FieldError, Unprocessable

NOTHING_CHOSEN: NeedGroup = "other"
"""The group of need of a family that has named none: the front door finds the right one."""
EXPECTED_WITHIN = timedelta(days=310)
"""No baby is due later than this from today; a date after it is a slip of the pen."""


class AskerKind(StrEnum):
    """Who writes for the family."""

    PARENT = "parent"
    CHILD = "child"
    FAMILY_MEMBER = "family_member"


class Asker(Part):
    kind: AskerKind
    given_name: Line
    family_name: Line
    date_of_birth: date | None = None
    """Of a child that asks for itself; nobody else is asked for it."""
    relationship: Line | None = None
    """To the children: grandmother, older brother …"""
    interpreter_needed: bool = False


class SafeContact(Part):
    """How the family is reached: by one of these at least."""

    telephone: Line | None = None
    email: Line | None = None
    contact_safely: Text | None = None
    """How and when it is safe, in the family's words."""
    do_not_contact: Text | None = None
    """When and how it is not."""


class AskedFor(Part):
    """A child for whom help is asked."""

    given_name: Line
    family_name: Line
    born_or_due: date
    """The date of birth; a day to come is when the baby is due."""
    school: Line | None = None


class LivesThere(Part):
    """Somebody else who lives with the children."""

    given_name: Line
    family_name: Line
    relationship: Line
    safe_to_contact: bool = False
    """Whether the front door may speak with them about this: no, unless the family says so."""


class RequestForHelp(Part):
    """What a family says. Nothing of it is compared with what is known about anybody."""

    asker: Asker
    contact: SafeContact
    help: Text
    """What is needed, in their words."""
    groups: Annotated[list[NeedGroup], Field(max_length=10)] = []
    danger: bool = False
    """Somebody is in danger now."""
    children: Annotated[list[AskedFor], Field(max_length=19)] = []
    household: Annotated[list[LivesThere], Field(max_length=20)] = []
    address: Address | None = None

    def texts(self) -> list[str | None]:
        """All that is said in free words."""
        contact = self.contact
        return [self.help, contact.contact_safely, contact.do_not_contact]


def refuse_what_is_missing(asked: RequestForHelp, today: date) -> None:
    """What no type can say. Raises Unprocessable with each place."""
    if errors := [*missing(asked.model_dump()), *_wrong_days(asked, today)]:
        raise Unprocessable("Put right what is named in `errors` and send it again", errors=errors)


def missing(said: Mapping[str, Any]) -> Iterator[FieldError]:
    """What must be said one way or another; also of a document that is wrong elsewhere."""
    contact, asker = said["contact"], said["asker"]
    if not any(contact.get(name) for name in ("telephone", "email", "contact_safely")):
        how = "Give a telephone number, an e-mail address, or another way to reach you safely"
        yield FieldError("/contact/telephone", how)
    if asker.get("kind") == AskerKind.CHILD:
        if asker.get("date_of_birth") is None:
            yield FieldError("/asker/date_of_birth", "Give your date of birth")
    elif not said["children"]:
        yield FieldError("/children", "Name at least one child for whom you ask")


def _wrong_days(asked: RequestForHelp, today: date) -> Iterator[FieldError]:
    born = asked.asker.date_of_birth
    if born and born > today:
        yield FieldError("/asker/date_of_birth", NOT_YET)
    for place, child in enumerate(asked.children):
        if child.born_or_due > today + EXPECTED_WITHIN:
            yield FieldError(f"/children/{place}/born_or_due", "No baby is due so late")


def submission_of(asked: RequestForHelp, today: date) -> Submission:
    """The referral of a family that refers itself: it agrees by asking."""
    asker, contact = asked.asker, asked.contact
    name = f"{asker.given_name} {asker.family_name}"
    return Submission(
        referrer=Referrer(source=SELF, **contact.model_dump()),
        children=list(_children(asked, today)),
        household=list(_household(asked)),
        need=Need(reason=asked.help, groups=list(dict.fromkeys(asked.groups)) or [NOTHING_CHOSEN]),
        safeguarding=Safeguarding(immediate_danger=asked.danger),
        basis=Agreed(kind="agreed", by=name[:200], on=today),
    )


def _children(asked: RequestForHelp, today: date) -> Iterator[Child]:
    at_home = [asked.address] if asked.address else []
    asker = asked.asker
    if asker.kind is AskerKind.CHILD:
        yield Child(
            given_name=asker.given_name,
            family_name=asker.family_name,
            date_of_birth=asker.date_of_birth,
            interpreter_needed=asker.interpreter_needed,
            addresses=at_home,
        )
    for child in asked.children:
        due = child.born_or_due > today
        yield Child(
            given_name=child.given_name,
            family_name=child.family_name,
            date_of_birth=None if due else child.born_or_due,
            expected_date=child.born_or_due if due else None,
            school=child.school,
            addresses=at_home,
        )


def _household(asked: RequestForHelp) -> Iterator[HouseholdMember]:
    asker, contact = asked.asker, asked.contact
    if asker.kind is not AskerKind.CHILD:
        parent = asker.kind is AskerKind.PARENT
        yield HouseholdMember(
            given_name=asker.given_name,
            family_name=asker.family_name,
            relationship=asker.relationship or ("parent" if parent else "family"),
            parental_responsibility=parent,
            telephone=contact.telephone,
            email=contact.email,
            interpreter_needed=asker.interpreter_needed,
            addresses=[asked.address] if asked.address else [],
        )
    for other in asked.household:
        yield HouseholdMember(**other.model_dump())
