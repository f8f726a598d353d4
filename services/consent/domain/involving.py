"""Saying who somebody is, and which agency works with it: what any release of data begins with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.bases import Reason
from services.consent.domain.people import Involvement, Known
from services.consent.domain.saying import Change, Saying, is_trusted, said_of
from shared.auth import Caller, Role
from shared.contracts.consent import ConsentEvent, InvolvementClaimed
from shared.errors import Conflict, Forbidden, NotFound, Unprocessable

CLAIM = timedelta(days=92)
"""A quarter of a year, the hub's own number: long enough for who answers for sharing, who is told
at once, to see it ended or the agency introduced. A claim that still holds is made again."""


class OwnWord(Unprocessable):
    slug, title = "own-word", "An agency cannot say this of itself"


class EndedByOthers(Conflict):
    slug, title = "ended-by-others", "Others have ended your agency's work with somebody here"


class InvolvementOver(Conflict):
    slug, title = "involvement-over", "It has ended before"


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """Some people, and the agency that works with them."""

    people: Sequence[Saying]
    agency: UUID
    welfare: bool = False
    reason: Reason | None = None
    within_contract: bool = False
    until: datetime
    ids: Sequence[UUID]
    """Of the involvements that come of it, one for each person."""
    now: datetime

    def is_claim(self, by: Caller) -> bool:
        """Whether the agency says it of itself. The front door sees to it that somebody helps."""
        return self.agency == by.agency_id and not by.is_front_door()


@dataclass(frozen=True, kw_only=True)
class Introduced:
    """What comes of it."""

    involvements: list[Involvement]
    changes: list[Change]
    """What is kept of the people from now on, and was not before."""
    events: list[ConsentEvent]


def introduce(known: Known, said: Introduction, by: Caller, base: str) -> Introduced:
    """The involvements, if the caller may say so.

    An agency may claim to work with anybody; that is told to who answers for sharing. Of another
    agency only those say it whom somebody else has introduced, and the front door. Raises NotFound
    where the caller has nothing to do with somebody, OwnWord, SaidBefore, EndedByOthers,
    Unprocessable.
    """
    agency_id, worker_id = by.acting()
    claim = said.is_claim(by)
    if not claim and not all(is_trusted(known, one.id, by, said.now) for one in said.people):
        raise NotFound("Your agency does not work with everybody who is named here")
    if claim and (said.welfare or said.reason or said.within_contract):
        raise OwnWord("Only a worker of another agency judges this", pointer="/agency_id")
    if said.until <= said.now:
        raise Unprocessable("It ends before it begins", pointer="/until")
    if claim:
        _refuse_claim(known, said)
    involvements = [
        Involvement(
            id=new,
            authority=person.authority,
            person_id=person.id,
            agency_id=said.agency,
            recorded_by_agency=agency_id,
            recorded_by=worker_id,
            claimed=claim,
            welfare=said.welfare,
            reason=said.reason,
            within_contract=said.within_contract,
            since=said.now,
            until=said.until,
        )
        for new, person in zip(said.ids, said.people, strict=True)
    ]
    events: list[ConsentEvent] = [_claimed(one, base) for one in involvements if claim]
    changes = [change for one in said.people if (change := said_of(known, one, by))]
    return Introduced(involvements=involvements, changes=changes, events=events)


def _refuse_claim(known: Known, said: Introduction) -> None:
    if said.until > said.now + CLAIM:
        raise Unprocessable(f"A claim ends within {CLAIM.days} days", pointer="/until")
    if any(known.is_shut_out(one.id, said.agency) for one in said.people):
        raise EndedByOthers("Ask the front door to introduce your agency")


def _claimed(one: Involvement, base: str) -> InvolvementClaimed:
    return InvolvementClaimed(
        authority=one.authority,
        record_id=one.id,
        detail_url=HttpUrl(f"{base}/api/v1/involvements/{one.id}"),
        by_agency_id=one.agency_id,
    )


def ended(involvement: Involvement, by: Caller, now: datetime) -> Involvement:
    """From now on the agency sees nothing more of the person.

    The agency says so, or who has introduced it, the front door, or who answers for sharing and
    was told of a claim. Raises Forbidden for others, InvolvementOver.
    """
    own = by.agency_id in (involvement.agency_id, involvement.recorded_by_agency)
    if not (own or by.is_front_door() or Role.INFORMATION_GOVERNANCE_LEAD in by.roles):
        raise Forbidden("The agency itself ends it, who has introduced it, or the front door")
    if not involvement.is_live(now):
        raise InvolvementOver("Record a new one where the agency works with the person again")
    itself = by.agency_id == involvement.agency_id
    others = Role.INFORMATION_GOVERNANCE_LEAD in by.roles or not itself
    return replace(
        involvement, ended_at=now, ended_by_others=others, version=involvement.version + 1
    )
