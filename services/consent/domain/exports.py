"""The answer to an access request: everything that the consent service holds of one person.

What other services hold is theirs to tell: the answer names where it is found. Whoever did
something as part of their work is named by agency and worker id; that is no reason to keep it out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.consent.domain.access_requests import AccessRequest, Exemption
from services.consent.domain.consenting import Recorded
from services.consent.domain.holding import KeptOverride, KeptRefusal
from services.consent.domain.looks import Look
from services.consent.domain.people import Involvement
from services.consent.domain.withheld import Sieve, untold

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
    exemptions: Sequence[Exemption] = ()
    """Those of every request about the person: also of an earlier one some are not told."""


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
    gone = untold((one.said for one in held.overrides), held.exemptions)
    sieve = Sieve(request.person, request.exemptions, gone)
    given = Held(
        consents=sieve.records(held.consents),
        overrides=sieve.records([one for one in held.overrides if one.said.family_told]),
        refusals=sieve.records(held.refusals),
        involvements=sieve.involvements(held.involvements),
    )
    given = replace(given, looks=sieve.looks(held.looks))
    return Export(
        request=request,
        at=at,
        recipients=tuple(_recipients(given.looks)),
        sources=_sources(given),
        held=given,
        withheld=tuple(one for one in request.exemptions if one.told and one.id in sieve.used),
    )


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
