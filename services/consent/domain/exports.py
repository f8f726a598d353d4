"""The answer to an access request: everything that the consent service holds of one person.

What other services hold is theirs to tell: the answer names where it is found. Whoever did
something as part of their work is named by agency and worker id; that is no reason to keep it out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.consent.domain.access_requests import AccessRequest, Exemption, kept_out
from services.consent.domain.consenting import Recorded
from services.consent.domain.holding import KeptOverride, KeptRefusal
from services.consent.domain.looks import Answered, Look, tells_of
from services.consent.domain.people import Involvement

ELSEWHERE: Mapping[str, str] = {
    "/api/v1/referrals": "what was sent to the front door about the family, and what became of it",
    "/api/v1/workers": "the names and job titles of the workers whose ids stand here",
}
"""Where on this hub the rest is found."""


@dataclass(frozen=True)
class Held:
    """Everything of one person, as it is kept."""

    looks: Sequence[Look] = ()
    consents: Sequence[Recorded] = ()
    overrides: Sequence[KeptOverride] = ()
    refusals: Sequence[KeptRefusal] = ()
    involvements: Sequence[Involvement] = ()


@dataclass(frozen=True)
class Recipient:
    """Who was shown what, for which purposes, between when and when."""

    agency: UUID
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Export:
    """The answer. `withheld` names each exemption of which may be told."""

    request: AccessRequest
    at: datetime
    recipients: tuple[Recipient, ...]
    sources: tuple[UUID, ...]
    """The agencies that have recorded something about the person."""
    held: Held
    names: Mapping[UUID, str] = field(default_factory=dict)
    """What the agencies in it are called."""
    withheld: tuple[Exemption, ...] = ()


def export(request: AccessRequest, held: Held, at: datetime) -> Export:
    """What is told of what is held, less what was exempted and what is unsafe to tell.

    A safeguarding lead who declares an override decides, with the reason, whether the family is
    told of it: where it is not, the answer does not tell it either.
    """
    unsafe = {one.said.id for one in held.overrides if _is_unsafe(one)}
    sieve = _Sieve(request.person, request.exemptions, unsafe)
    consents = sieve.records(held.consents)
    overrides = sieve.records([one for one in held.overrides if not _is_unsafe(one)])
    refusals = sieve.records(held.refusals)
    looks = [left for one in held.looks if (left := sieve.look(one))]
    given = Held(looks, consents, overrides, refusals, held.involvements)
    return Export(
        request=request,
        at=at,
        recipients=tuple(_recipients(given.looks)),
        sources=_sources(given),
        held=given,
        withheld=tuple(one for one in request.exemptions if one.told and one.id in sieve.used),
    )


def _is_unsafe(one: KeptOverride) -> bool:
    return not one.said.family_told


R = TypeVar("R", Recorded, KeptOverride, KeptRefusal)


@dataclass
class _Sieve:
    """What exemptions leave of records and of looks."""

    person: UUID
    exemptions: Collection[Exemption]
    gone: set[UUID]
    """The records that are kept out as a whole."""
    used: set[UUID] = field(default_factory=set)
    """The exemptions that have kept something out."""

    def left(self, categories: Collection[str], agencies: Collection[UUID | None]) -> set[str]:
        out: dict[str, Exemption] = {}
        for agency in agencies:
            out |= kept_out(categories, agency, self.exemptions)
        self.used.update(one.id for one in out.values())
        return set(categories) - out.keys()

    def records(self, records: Sequence[R]) -> list[R]:
        """Each with the categories that are left; those without any are gone."""
        return [left for one in records if (left := self._record(one)) is not None]

    def _record(self, one: R) -> R | None:
        rest = self.left(one.said.categories, agencies_of(one))
        if not rest:
            self.gone.add(one.said.id)
            return None
        alone = frozenset({self.person})  # whoever else it names is told on their own asking
        said = replace(one.said, people=alone, categories=frozenset(rest))
        return replace(one, said=said)

    def look(self, one: Look) -> Look | None:
        """With the answers that are left, if any; None also where it tells of what is gone."""
        if tells_of(one, self.gone):
            return None
        if not one.answers:
            return one
        answers = tuple(_less(one.answers, self.left(one.categories(), [one.agency])))
        return replace(one, answers=answers) if answers else None


def _less(answers: Sequence[Answered], rest: set[str]) -> Iterator[Answered]:
    for one in answers:
        if categories := tuple(code for code in one.categories if code in rest):
            yield replace(one, categories=categories)


def agencies_of(record: Recorded | KeptOverride | KeptRefusal) -> set[UUID | None]:
    """Whom a record is about."""
    if isinstance(record, KeptOverride):
        return {record.said.agency}
    return {*record.said.agencies, record.by_agency}


def _recipients(looks: Sequence[Look]) -> Iterator[Recipient]:
    by_agency: dict[UUID, list[Look]] = {}
    for one in looks:
        if one.agency and any(answer.permitted for answer in one.answers):
            by_agency.setdefault(one.agency, []).append(one)
    for agency, theirs in sorted(by_agency.items()):
        yield Recipient(
            agency,
            tuple(sorted({one.purpose for one in theirs if one.purpose})),
            tuple(sorted({code for one in theirs for code in _shown(one)})),
            min(one.at for one in theirs),
            max(one.at for one in theirs),
        )


def _shown(look: Look) -> Iterator[str]:
    for answer in look.answers:
        if answer.permitted:
            yield from answer.categories


def _sources(held: Held) -> tuple[UUID, ...]:
    found = {one.by_agency for one in held.consents} | {one.by_agency for one in held.refusals}
    found |= {one.said.agency for one in held.overrides}
    found |= {one.recorded_by_agency for one in held.involvements if one.recorded_by_agency}
    return tuple(sorted(found))


def agencies_in(found: Export) -> set[UUID]:
    """Every agency that is named in it."""
    named = {*found.sources, *(one.agency for one in found.recipients)}
    named |= {one.agency for one in found.held.looks if one.agency}
    named |= {agency for one in found.held.consents for agency in one.said.agencies}
    named |= {agency for one in found.held.refusals for agency in one.said.agencies}
    return named | {one.agency_id for one in found.held.involvements if one.agency_id}
