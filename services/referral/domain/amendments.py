"""Amendments after sending: put right or added to with a reason, and the old words are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, JsonValue, ValidationError

from services.referral.domain.hiding import with_unseen
from services.referral.domain.lifecycle import ENDS, FRONT_DOOR, NotAllowedNow
from services.referral.domain.referral import Referral
from services.referral.domain.steps import Step
from services.referral.domain.submission import (
    NOT_YET,
    Address,
    Basis,
    Child,
    HouseholdMember,
    Need,
    Referrer,
    Safeguarding,
    as_stored,
)
from services.referral.domain.submitting import Outcome, area_of, named_as
from services.referral.domain.thresholds import refuse_unknown, suggested_level
from shared.auth import Caller, Role
from shared.authority import Authority
from shared.contracts.lifecycle import Urgency
from shared.contracts.referral import PersonNamed, ReferralAmended
from shared.errors import FieldError, Forbidden, Unprocessable, field_error

AMENDING = FRONT_DOOR | {Role.REFERRER}
"""Towards a referral: the front door, and the referrers of the agency that sent it."""
AMEND, CORRECT = "amend", "correct"
"""What the history calls them."""
CHILDREN, HOUSEHOLD = "children", "household"

Reason = Annotated[str, Field(min_length=10, max_length=2_000)]
DespiteOpenReferral = Annotated[str, Field(min_length=20, max_length=2_000)]


class _Amendment(Step):
    reason: Reason
    """Why what was sent is changed."""


class NeedAmended(_Amendment):
    part: Literal["need"]
    value: Need


class SafeguardingAmended(_Amendment):
    part: Literal["safeguarding"]
    value: Safeguarding


class ReferrerAmended(_Amendment):
    part: Literal["referrer"]
    value: Referrer


class BasisAmended(_Amendment):
    part: Literal["basis"]
    value: Basis


Amendment = Annotated[
    NeedAmended | SafeguardingAmended | ReferrerAmended | BasisAmended,
    Field(discriminator="part"),
]


class Correction(_Amendment):
    """Some fields of one person; `null` takes away what was said, what is not named stays."""

    changes: Annotated[dict[str, JsonValue], Field(min_length=1)]
    despite_open_referral: DespiteOpenReferral | None = None
    """Why there must be another, where this makes it the child of an open referral."""


class ChildAdded(_Amendment):
    part: Literal["children"]
    person: Child
    despite_open_referral: DespiteOpenReferral | None = None


class HouseholdMemberAdded(_Amendment):
    part: Literal["household"]
    person: HouseholdMember
    despite_open_referral: None = None


Addition = Annotated[ChildAdded | HouseholdMemberAdded, Field(discriminator="part")]


@dataclass(frozen=True)
class Known:
    """A person of a referral as it is kept."""

    person_id: UUID
    is_child: bool
    said: dict[str, Any]
    """The details, and the addresses whatever their kind."""

    @property
    def part(self) -> str:
        """Where in the submission the person stands."""
        return CHILDREN if self.is_child else HOUSEHOLD

    def named(self) -> PersonNamed:
        """As events name it."""
        return named_as(self.person_id, is_child=self.is_child, said=self.said)

    def as_child(self) -> Child:
        """What a child is found by; the rest of it may be of an older form."""
        names = ("given_name", "family_name", "date_of_birth", "expected_date", "nhs_number", "upn")
        return Child.model_validate({name: self.said.get(name) for name in names})

    def addresses(self) -> list[Address]:
        """Where the person lives or stays."""
        return [Address.model_validate(address) for address in self.said.get("addresses", [])]


@dataclass(frozen=True)
class Change:
    """One line of the change log."""

    part: str
    reason: str
    before: Any
    """None where somebody was added."""
    after: Any
    person_id: UUID | None = None


def may_amend(referral: Referral, by: Caller) -> bool:
    """Whether the caller may change what was sent, as the referral stands now."""
    return not referral.roles_of(by).isdisjoint(AMENDING) and referral.status not in ENDS


def refuse_where_it_is_over(referral: Referral, by: Caller) -> None:
    """Raises Forbidden for others than AMENDING, NotAllowedNow at an end."""
    if referral.roles_of(by).isdisjoint(AMENDING):
        may = ", ".join(sorted(AMENDING))
        raise Forbidden(f"Only these may change what was sent: {may}")
    if referral.status in ENDS:
        raise NotAllowedNow(
            f"What was sent stays as it is once a referral is {said_of(referral)}",
            status_now=referral.status,
        )


def said_of(referral: Referral) -> str:
    """Its status as a person says it."""
    return referral.status.replace("_", " ")


def change_of(amendment: Amendment, before: Any, council: Authority) -> Change:
    """The line of the change log. Raises Unprocessable where nothing would change."""
    after = as_stored(amendment.value)
    if after == before:
        raise Unprocessable("This is what it says already", pointer="/value")
    if isinstance(amendment, NeedAmended):
        try:
            refuse_unknown(council, amendment.value)
        except Unprocessable as refused:
            errors = [_of_value(error) for error in refused.errors]
            raise Unprocessable(refused.detail, errors=errors) from refused
    return Change(amendment.part, amendment.reason, before, after)


def _of_value(error: FieldError) -> FieldError:
    return replace(error, pointer=error.pointer.replace("/need", "/value", 1))


def amend(
    referral: Referral, amendment: Amendment, *, by: Caller, now: datetime, council: Authority
) -> Outcome:
    """One part of the submission anew. Immediate danger makes it urgent, and nothing makes it less.

    Raises Forbidden, NotAllowedNow.
    """
    refuse_where_it_is_over(referral, by)
    changes: dict[str, Any] = {}
    if isinstance(amendment, NeedAmended):
        need = amendment.value
        changes["need_groups"] = tuple(need.groups)
        changes["level_referrer"] = need.level
        changes["level_suggested"] = suggested_level(council, need).level
    elif isinstance(amendment, SafeguardingAmended):
        new_danger = referral.urgency is not Urgency.URGENT and amendment.value.immediate_danger
        if new_danger:
            changes |= {"urgency": Urgency.URGENT, "urgent_since": now}
    return _changed(referral, amendment.part, changes)


def change_people(
    referral: Referral, touched: Known, people: Sequence[Known], *, by: Caller, council: Authority
) -> Outcome:
    """Somebody's data were put right, or somebody was added; `people` is everybody after it.

    Raises Forbidden, NotAllowedNow.
    """
    refuse_where_it_is_over(referral, by)
    of_children = [a for person in people if person.is_child for a in person.addresses()]
    of_others = [a for person in people if not person.is_child for a in person.addresses()]
    area = area_of(of_children, of_others, council)
    changes: dict[str, Any] = {"area": area}
    if referral.hub == council.hub_of_area(referral.area):  # nobody has chosen another one
        changes["hub"] = council.hub_of_area(area)
    return _changed(referral, touched.part, changes, touched.named())


def _changed(of: Referral, part: str, changes: dict[str, Any], *people: PersonNamed) -> Outcome:
    moved = replace(of, version=of.version + 1, **changes)
    event = ReferralAmended(**moved.named(), part=part, urgency=moved.urgency, people=people)
    return moved, [event]


def corrected(
    person: Known, correction: Correction, *, at_the_front_door: bool, today: date
) -> tuple[Known, Change]:
    """The person put right, and the line of the change log.

    Validated like the submission. Raises Unprocessable, also where nothing would change.
    """
    named = dict(correction.changes)
    if "addresses" in named:
        known = person.said.get("addresses", [])
        named["addresses"] = with_unseen(named["addresses"], known, at_the_front_door)
    merged = {name: said for name, said in (person.said | named).items() if said is not None}
    try:
        kind = Child if person.is_child else HouseholdMember
        now_said: Child | HouseholdMember = kind.model_validate(merged)
    except ValidationError as error:
        raise Unprocessable(
            "Put right the fields named in `errors` and send it again",
            errors=[field_error(found, merged, "changes") for found in error.errors()],
        ) from error
    if now_said.date_of_birth and now_said.date_of_birth > today:
        raise Unprocessable(NOT_YET, pointer="/changes/date_of_birth")
    after = as_stored(now_said)
    differing = [
        name for name in sorted({*person.said, *after}) if person.said.get(name) != after.get(name)
    ]
    if not differing:
        raise Unprocessable("This is what it says already", pointer="/changes")
    return replace(person, said=after), Change(
        part=person.part,
        reason=correction.reason,
        before={name: person.said.get(name) for name in differing},
        after={name: after.get(name) for name in differing},
        person_id=person.person_id,
    )


def added(person_id: UUID, addition: Addition, *, today: date) -> tuple[Known, Change]:
    """Somebody who was forgotten, and the line of the change log. Raises Unprocessable."""
    born = addition.person.date_of_birth
    if born and born > today:
        raise Unprocessable(NOT_YET, pointer="/person/date_of_birth")
    known = Known(person_id, addition.part == CHILDREN, as_stored(addition.person))
    return known, Change(addition.part, addition.reason, None, known.said, person_id)
