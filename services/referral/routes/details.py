"""What is answered about one referral: as far as seen, its history, and what can be done now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime

from services.referral.actions.looking import Chances, Permits, Seen
from services.referral.domain.amendments import may_amend
from services.referral.routes.answers import (
    CONCERNS,
    INVOLVEMENT,
    REFERRAL,
    Answer,
    Links,
    Summary,
    state_of,
)
from services.referral.routes.seen import (
    SeenBasis,
    SeenChild,
    SeenDecision,
    SeenHouseholdMember,
    SeenNeed,
    SeenReferrer,
    SeenSafeguarding,
    Words,
)
from services.referral.routes.steps import STEPS
from shared.auth import Caller, Scope
from shared.authority import Authority
from shared.contracts.lifecycle import Action, Status
from shared.minimise import Of, Otherwise, built, part_of

_OUTCOME = Of("plan.outcomes")


class EarlierOut(Answer):
    """A referral for one of the same children that was sent before, over or not."""

    reference: Annotated[str | None, REFERRAL] = None
    status: Annotated[Status | None, REFERRAL] = None
    submitted_at: Annotated[AwareDatetime | None, REFERRAL] = None
    closed_at: Annotated[AwareDatetime | None, REFERRAL] = None
    outcome: Annotated[str | None, _OUTCOME] = None
    within_months: Annotated[bool | None, REFERRAL] = None
    """Whether this one came within the authority's months after it: a re-referral."""


class ReferralOut(Summary):
    """A referral, of it what may leave to the caller for this purpose; an agency that is asked
    whether it can take the family over asks for codes alone."""

    referring_agency_name: Annotated[str | None, INVOLVEMENT] = None
    referrer: SeenReferrer | None = None
    children: list[SeenChild] | None = None
    household: list[SeenHouseholdMember] | None = None
    need: SeenNeed | None = None
    safeguarding: SeenSafeguarding | None = None
    basis: SeenBasis | None = None
    despite_open_referral: Annotated[str | None, CONCERNS] = None
    decision_words: SeenDecision | None = None
    possible_duplicates: Annotated[list[str] | None, INVOLVEMENT] = None
    """References of open referrals for the same child; the front door alone sees this."""
    earlier_referral: Annotated[str | None, REFERRAL] = None
    """The reference of the referral it goes on from."""
    earlier_referrals: list[EarlierOut] | None = None
    """What there was for the same children before, the newest first; for the front door alone."""

    @classmethod
    def of_seen(cls, seen: Seen, council: Authority, now: datetime) -> Self:
        told = _told(seen, council, now)
        touched = {part: told.pop(part) for part in seen.sharing.touched.parts if part in told}
        answer = built(cls, told, seen.sharing) | built(cls, touched, seen.sharing.added)
        return cls.model_validate(answer)


def _told(seen: Seen, council: Authority, now: datetime) -> dict[str, Any]:
    """All of it that the caller may ask for."""
    told = state_of(seen.referral, council, now, at_the_front_door=seen.at_the_front_door)
    told |= seen.parts | {
        "children": [person for person in seen.people if person["is_child"]],
        "household": [person for person in seen.people if not person["is_child"]],
        "referring_agency_name": seen.agency_name,
        "possible_duplicates": seen.possible_duplicates,
        "earlier_referral": seen.earlier_referral,
        "earlier_referrals": seen.earlier_referrals,
        "decision_words": seen.decision_words,
    }
    if not seen.is_known:
        del told["version"]
    return told


class Entry(Answer):
    """One thing that happened, with what was said, as far as the caller may read it."""

    version: Annotated[int | None, REFERRAL] = None
    at: Annotated[AwareDatetime | None, REFERRAL] = None
    action: Annotated[str | None, REFERRAL] = None
    status: Annotated[Status | None, REFERRAL] = None
    code: Annotated[
        str | None,
        Of("referral", Otherwise("action", frozenset({Action.CLOSE}), "plan.outcomes")),
    ] = None
    agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    worker_id: Annotated[UUID | None, INVOLVEMENT] = None
    words: Words | None = None


class History(Answer):
    entries: list[Entry]

    @classmethod
    def of(cls, entries: Iterable[tuple[Mapping[str, Any], Permits]]) -> Self:
        found = (part_of(Entry, entry, permits) for entry, permits in entries)
        return cls(entries=[Entry.model_validate(entry) for entry in found if entry])


class Possible(Answer):
    """Something the caller may do now: send `needs` to `href`, with the version as If-Match."""

    action: Action
    method: str = "POST"
    href: str
    if_match: str
    needs: list[str]
    may_have: list[str]


class NotYet(Answer):
    """Something the caller may do, once what is missing has happened."""

    action: Action
    missing: str


class Actions(Answer):
    status: Annotated[Status | None, REFERRAL] = None
    actions: Annotated[list[Possible] | None, REFERRAL] = None
    not_yet: Annotated[list[NotYet] | None, REFERRAL] = None
    may_amend: Annotated[bool | None, REFERRAL] = None
    """Whether the caller may put right what was sent: POST …/amendments, …/people, …/earlier."""

    @classmethod
    def of(cls, found: Chances, caller: Caller) -> Self:
        referral = found.referral
        path = Links.of(referral.id).self
        missing = {
            action: why or _scope_missing(action, caller) for action, why in found.may.items()
        }
        told = {
            "status": referral.status,
            "actions": [
                Possible(
                    action=action,
                    href=f"{path}/{STEPS[action].noun}",
                    if_match=f'"{referral.version}"',
                    needs=_fields(action, required=True),
                    may_have=_fields(action, required=False),
                )
                for action, why in missing.items()
                if why is None
            ],
            "not_yet": [NotYet(action=a, missing=why) for a, why in missing.items() if why],
            "may_amend": may_amend(referral, caller) and Scope.REFERRALS_WRITE in caller.scopes,
        }
        return cls.model_validate(built(cls, told, found.sharing))


def _scope_missing(action: Action, caller: Caller) -> str | None:
    """The worker may, and its system may not."""
    scope = STEPS[action].scope
    return None if scope in caller.scopes else f"Ask for a token with the scope {scope}"


def _fields(action: Action, *, required: bool) -> list[str]:
    said = STEPS[action].said
    fields = said.model_fields.items() if said else ()
    return [name for name, field in fields if field.is_required() is required]
