"""Recording what somebody says about sharing: a yes or a no, and taking the yes back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.consents import Consent, Speakers
from shared.categories import CATEGORIES
from shared.contracts.consent import ConsentEvent, ConsentGiven, ConsentRefused, ConsentWithdrawn
from shared.errors import Conflict, FieldError, NotFound, Unprocessable

_FIELDS = {"notice": "/notice", "channel": "/channel", "evidence": "/evidence", "until": "/until"}


class ConsentIncomplete(Unprocessable):
    slug = "consent-incomplete"
    title = "What was said cannot be recorded like this"


class NothingToWithdraw(Conflict):
    slug = "nothing-to-withdraw"
    title = "This is a refusal: there is nothing to take back"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A record as it is kept; `version` is its ETag."""

    said: Consent
    authority: str
    by_agency: UUID
    """Whose worker asked."""
    recorded_at: datetime
    url: str
    version: int = 1

    def concerned(self, met: Collection[UUID]) -> set[UUID]:
        """The agencies that hear of it, and may open it: who may receive data on it, and who asked.

        A no is told to those alone that have `met` somebody it is about: that a family wants
        nothing to do with an agency is no business of an agency that never worked with it.
        """
        named = self.said.agencies
        return {*(named.intersection(met) if self.said.refuses else named), self.by_agency}

    def event(self, of: type[ConsentEvent]) -> ConsentEvent:
        return of(authority=self.authority, record_id=self.said.id, detail_url=HttpUrl(self.url))


Outcome = tuple[Recorded, list[ConsentEvent]]


def superseded(new: Recorded, earlier: Iterable[Consent]) -> tuple[Recorded, list[UUID]]:
    """The record among `earlier` ones about the same people, and those whose place it takes.

    What was said before and is written down after is superseded itself.
    """
    others = [one for one in earlier if one.id != new.said.id]
    if any(one.supersedes(new.said) for one in others):
        new = replace(new, said=replace(new.said, superseded_at=new.recorded_at))
    ids = [one.id for one in others if one.superseded_at is None and new.said.supersedes(one)]
    return new, ids


def record(new: Recorded, speakers: Mapping[UUID, Speakers]) -> Outcome:
    """The record, if it says what it must and its giver speaks for everybody it is about.

    `speakers`: of the people whom the caller's agency works with. Raises NotFound where somebody
    is none of them, ConsentIncomplete with everything that must be put right.
    """
    if not new.said.people or not new.said.people <= speakers.keys():
        raise NotFound("Your agency does not work with everybody who is named here")
    if wrong := [*_wrong_in(new), *_not_theirs(new.said, speakers)]:
        raise ConsentIncomplete("Say what a record of it must say", errors=wrong)
    return new, [new.event(ConsentRefused if new.said.refuses else ConsentGiven)]


def _wrong_in(new: Recorded) -> Iterator[FieldError]:
    said = new.said
    if not said.categories <= CATEGORIES.keys():
        yield FieldError("/categories", "Name categories that there are")
    for name in ("categories", "agencies", "purposes"):
        if not getattr(said, name):
            yield FieldError(f"/{name}", "Name each of them: nothing is assumed")
    if said.said_at > new.recorded_at:
        yield FieldError("/said_at", "It was said before it is recorded")
    if not said.refuses:
        yield from _lacking(new)


def _lacking(new: Recorded) -> Iterator[FieldError]:
    """What a yes needs beside: a no counts without."""
    said = new.said
    for name in said.missing():
        if name in _FIELDS:
            yield FieldError(_FIELDS[name], "A consent without this does not count")
    if said.until and said.until <= new.recorded_at:
        yield FieldError("/until", "It ends before it begins")


def _not_theirs(said: Consent, speakers: Mapping[UUID, Speakers]) -> Iterator[FieldError]:
    for person in sorted(said.people):
        if not speakers[person].hears(said):
            yield FieldError("/given_by", f"In this capacity nobody speaks for {person}")


def withdraw(kept: Recorded, because: str | None, now: datetime) -> Outcome:
    """From now on it does not count. Taken back once more it stays as it was: no event.

    Raises NothingToWithdraw.
    """
    if kept.said.refuses:
        raise NothingToWithdraw("Record what is said now as a new consent or refusal")
    if kept.said.withdrawn_at:
        return kept, []
    said = replace(kept.said, withdrawn_at=now, withdrawn_because=because)
    withdrawn = replace(kept, said=said, version=kept.version + 1)
    return withdrawn, [withdrawn.event(ConsentWithdrawn)]
