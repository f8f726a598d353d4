"""The change log of what was sent: each line by the part that it changed, and whose data it is."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime

from services.referral.routes.answers import CONCERNS, INVOLVEMENT, REFERRAL, Answer
from services.referral.routes.seen import (
    PERSON,
    SaidChild,
    SaidHouseholdMember,
    SeenBasis,
    SeenNeed,
    SeenReferrer,
    SeenSafeguarding,
)
from shared.minimise import categories, part_of


class _Line(Answer):
    """One change of what was sent."""

    version: Annotated[int | None, REFERRAL] = None
    """The referral's version after it."""
    at: Annotated[AwareDatetime | None, REFERRAL] = None
    agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    worker_id: Annotated[UUID | None, INVOLVEMENT] = None
    reason: Annotated[str | None, CONCERNS] = None


class NeedLine(_Line):
    part: Annotated[Literal["need"] | None, REFERRAL] = None
    before: SeenNeed | None = None
    """What was said."""
    after: SeenNeed | None = None


class SafeguardingLine(_Line):
    part: Annotated[Literal["safeguarding"] | None, REFERRAL] = None
    before: SeenSafeguarding | None = None
    after: SeenSafeguarding | None = None


class ReferrerLine(_Line):
    part: Annotated[Literal["referrer"] | None, REFERRAL] = None
    before: SeenReferrer | None = None
    after: SeenReferrer | None = None


class BasisLine(_Line):
    part: Annotated[Literal["basis"] | None, REFERRAL] = None
    before: SeenBasis | None = None
    after: SeenBasis | None = None


class ChildLine(_Line):
    whose: ClassVar[str] = "person_id"
    person_id: Annotated[UUID, PERSON]
    part: Annotated[Literal["children"] | None, REFERRAL] = None
    added: Annotated[bool | None, REFERRAL] = None
    """Whether the child was forgotten first; else only what was changed stands below."""
    before: SaidChild | None = None
    """What was said; a field of `after` that is not here was not said."""
    after: SaidChild | None = None


class HouseholdLine(_Line):
    whose: ClassVar[str] = "person_id"
    person_id: Annotated[UUID, PERSON]
    part: Annotated[Literal["household"] | None, REFERRAL] = None
    added: Annotated[bool | None, REFERRAL] = None
    before: SaidHouseholdMember | None = None
    after: SaidHouseholdMember | None = None


Line = NeedLine | SafeguardingLine | ReferrerLine | BasisLine | ChildLine | HouseholdLine
_LINES: dict[str, type[Line]] = {
    "need": NeedLine,
    "safeguarding": SafeguardingLine,
    "referrer": ReferrerLine,
    "basis": BasisLine,
    "children": ChildLine,
    "household": HouseholdLine,
}
OF_LINES = categories(*_LINES.values())


class ChangeLog(Answer):
    """Every change since it was sent, the first one first; undone from the last, it is as sent."""

    changes: list[Line]

    @classmethod
    def of(
        cls, lines: Iterable[tuple[Mapping[str, Any], Callable[[str, UUID | None], bool]]]
    ) -> Self:
        """The lines of which something may leave."""
        found = []
        for line, permits in lines:
            model = _LINES[line["part"]]
            added = line["before"] is None
            if told := part_of(model, {**line, "added": added}, permits):
                found.append(model.model_validate(told))
        return cls(changes=found)
