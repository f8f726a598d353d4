"""Who somebody is and who may speak for it, as workers say it: who says it first, and who anew.

Who speaks decides whose yes is needed and whose no is heard. So no agency that is to receive
anything narrows it: the front door corrects what is known, and who has referred the person, as long
as nobody who has spoken is silenced by it. Everybody else says only what nobody has said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.consent.domain.people import Known, Part, Person
from shared.auth import Caller
from shared.errors import Conflict

_BESIDE_ITS_KIND = frozenset({"competent", "adult_at_risk", "parents", "attorneys"})


class SaidBefore(Conflict):
    slug, title = "said-before", "Something else is known of somebody who is named here"


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What a worker says of one person."""

    id: UUID
    authority: str
    facts: Mapping[str, Any]
    """Its kind, and of the rest what was really sent: what is left out is not said."""
    by: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is kept of a person from now on, and what was there before it."""

    person: Person
    before: Mapping[str, Any] | None
    """The facts that are not what they were; None where the person was not known."""
    fields: tuple[str, ...]


def said_of(known: Known, saying: Saying, by: Caller) -> Change | None:
    """What changes of the person's facts; None where nothing does.

    Who only claims to work with somebody changes nothing that is known, and is not told so: it
    would learn who is known, and as what. Raises SaidBefore for who works with the person.
    """
    there = known.people.get(saying.id)
    facts = {**saying.facts, "recorded_by": saying.by, "recorded_at": saying.at}
    if there is None:
        new = Person(id=saying.id, authority=saying.authority, **facts)
        return Change(person=new, before=None, fields=tuple(sorted(saying.facts)))
    before = {
        name: getattr(there, name)
        for name, said in sorted(saying.facts.items())
        if getattr(there, name) != said
    }
    corrects = by.is_front_door() or _refers(known, saying, by)
    settles = corrects and there.recorded_by is None
    if not (before or settles) or not is_trusted(known, saying.id, by, saying.at):
        return None
    person = replace(there, **facts)
    if not corrects and not before.keys() <= _unsaid(there):
        raise SaidBefore("The front door corrects who somebody is, and who has referred it")
    if not by.is_front_door() and _silences(known, there, person):
        raise SaidBefore("Somebody who has spoken would be heard no more: ask the front door")
    return Change(person=person, before=before, fields=tuple(before))


def is_trusted(known: Known, person: UUID, by: Caller, at: datetime) -> bool:
    """Whether somebody else has said that the caller's agency works with the person."""
    if by.is_front_door():
        return True
    agency_id, _ = by.acting()
    own = known.live_involvements(person, agency_id, at)
    return any(not one.claimed for one in own)


def _refers(known: Known, saying: Saying, by: Caller) -> bool:
    agency_id, _ = by.acting()
    own = known.live_involvements(saying.id, agency_id, saying.at)
    return any(one.part is Part.REFERRER for one in own)


def _unsaid(there: Person) -> frozenset[str]:
    """What nobody has said yet: all that is said beside its kind, or nothing of it."""
    said = any(getattr(there, name) for name in _BESIDE_ITS_KIND)
    return frozenset() if said else _BESIDE_ITS_KIND


def _silences(known: Known, before: Person, after: Person) -> bool:
    """Whether somebody's yes or no about the person, which is heard now, would be heard no more."""
    then, now = before.speakers(), after.speakers()
    spoken = (one for one in known.consents if before.id in one.people)
    return any(then.hears(one) and not now.hears(one) for one in spoken)
