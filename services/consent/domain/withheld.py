"""What a person is told of its records and of who looked, less what does harm when it is told.

That is what a named worker exempted, and an override of which a safeguarding lead has said that it
is unsafe to tell the family.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from services.consent.domain.access_requests import Exemption, kept_out
from services.consent.domain.consenting import Recorded
from services.consent.domain.holding import KeptOverride, KeptRefusal
from services.consent.domain.looks import Answered, Look, tells_of
from services.consent.domain.overrides import Override
from services.consent.domain.people import Involvement

R = TypeVar("R", Recorded, KeptOverride, KeptRefusal)


def untold(overrides: Iterable[Override], exemptions: Iterable[Exemption] = ()) -> set[UUID]:
    """The ids of those of which it is unsafe to tell."""
    return {
        *(one.id for one in overrides if not one.family_told),
        *(one.id for one in exemptions if not one.told),
    }


@dataclass
class Sieve:
    """What exemptions leave of records and of looks; records go through it before looks."""

    person: UUID
    exemptions: Collection[Exemption]
    gone: set[UUID]
    """The records that are kept out as a whole, and whatever tells of them."""
    used: set[UUID] = field(default_factory=set)
    """The exemptions that have kept something out."""

    def records(self, records: Sequence[R]) -> list[R]:
        """Each with the categories that are left; those without any are gone."""
        return [left for one in records if (left := self._record(one)) is not None]

    def involvements(self, involvements: Sequence[Involvement]) -> list[Involvement]:
        """Without those that would tell that an exempted agency knows the person."""
        left = [
            one for one in involvements if not self._hides(one.agency_id, one.recorded_by_agency)
        ]
        self.gone |= {one.id for one in involvements} - {one.id for one in left}
        return left

    def looks(self, looks: Iterable[Look]) -> list[Look]:
        """Each with the answers that are left; those of which nothing is left are gone."""
        return [left for one in looks if (left := self._look(one)) is not None]

    def _record(self, one: R) -> R | None:
        rest = self._left(one.said.categories, agencies_of(one))
        if not rest:
            self.gone.add(one.said.id)
            return None
        alone = frozenset({self.person})  # whoever else it names is told on their own asking
        said = replace(one.said, people=alone, categories=frozenset(rest))
        return replace(one, said=said)

    def _look(self, one: Look) -> Look | None:
        if tells_of(one, self.gone) or (not one.answers and self._hides(one.agency)):
            return None
        if not one.answers:
            return one
        answers = tuple(_less(one.answers, self._left(one.categories(), [one.agency])))
        return replace(one, answers=answers) if answers else None

    def _left(self, categories: Collection[str], agencies: Collection[UUID | None]) -> set[str]:
        out: dict[str, Exemption] = {}
        for agency in agencies:
            out |= kept_out(categories, agency, self.exemptions)
        self.used.update(one.id for one in out.values())
        return set(categories) - out.keys()

    def _hides(self, *agencies: UUID | None) -> bool:
        """Whether it may not be told that one of these has to do with the person."""
        hiding = [one for one in self.exemptions if any(map(one.hides, agencies))]
        self.used.update(one.id for one in hiding)
        return bool(hiding)


def _less(answers: Sequence[Answered], rest: set[str]) -> Iterator[Answered]:
    for one in answers:
        if categories := tuple(code for code in one.categories if code in rest):
            yield replace(one, categories=categories)


def agencies_of(record: Recorded | KeptOverride | KeptRefusal) -> set[UUID | None]:
    """Whom a record is about."""
    if isinstance(record, KeptOverride):
        return {record.said.agency}
    return {*record.said.agencies, record.by_agency}
