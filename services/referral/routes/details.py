"""What is answered about one referral: as far as seen, its history, and what can be done now."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.referral.actions.looking import Seen
from services.referral.domain.amendments import may_amend
from services.referral.domain.referral import Referral
from services.referral.domain.steps import FrontDoorDecision
from services.referral.domain.submission import (
    Agreed,
    Child,
    HouseholdMember,
    Need,
    OnOtherBasis,
    Referrer,
    Safeguarding,
)
from services.referral.routes.answers import Answer, Links, Summary
from services.referral.routes.steps import STEPS
from shared.auth import Caller, Scope
from shared.contracts.lifecycle import Action, Status


class SeenAddress(Answer):
    """An address. Of a confidential one only the mark is seen, unless the caller may see more."""

    lines: list[str] | None = None
    postcode: str | None = None
    confidential: bool = False


class SeenChild(Child):
    person_id: UUID
    addresses: list[SeenAddress] = []  # type: ignore[assignment]


class SeenHouseholdMember(HouseholdMember):
    person_id: UUID
    addresses: list[SeenAddress] = []  # type: ignore[assignment]


class SeenOnOtherBasis(OnOtherBasis):
    code: str
    """Of the list other_basis; also one that is retired since."""


class EarlierOut(Answer):
    """A referral for one of the same children that was sent before, over or not."""

    reference: str
    status: Status
    submitted_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    outcome: str | None = None
    within_months: bool
    """Whether this one came within the authority's months after it: a re-referral."""


class ReferralOut(Summary):
    """A referral as far as the caller may see it; an agency that is asked sees codes alone."""

    referring_agency_name: str | None = None
    referrer: Referrer | None = None
    children: list[SeenChild] | None = None
    household: list[SeenHouseholdMember] | None = None
    need: Need | None = None
    safeguarding: Safeguarding | None = None
    basis: Annotated[Agreed | SeenOnOtherBasis, Field(discriminator="kind")] | None = None
    despite_open_referral: str | None = None
    decision_words: FrontDoorDecision | None = None
    possible_duplicates: list[str] | None = None
    """References of open referrals for the same child; the front door alone sees this."""
    earlier_referral: str | None = None
    """The reference of the referral it goes on from."""
    earlier_referrals: list[EarlierOut] | None = None
    """What there was for the same children before, the newest first; for the front door alone."""

    @classmethod
    def of_seen(cls, seen: Seen, state: dict[str, Any]) -> Self:
        people: dict[str, Any] = {}
        if seen.parts is not None:
            people = {"children": _people(seen, True), "household": _people(seen, False)}
        return cls.model_validate(
            state
            | (seen.parts or {})
            | people
            | {
                "referring_agency_name": seen.agency_name,
                "possible_duplicates": seen.possible_duplicates,
                "earlier_referral": seen.earlier_referral,
                "earlier_referrals": seen.earlier_referrals,
                "decision_words": seen.decision_words,
            }
        )


def _people(seen: Seen, child: bool) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in person.items() if name != "is_child"}
        for person in seen.people
        if person["is_child"] is child
    ]


class Entry(Answer):
    """One thing that happened, with what was said, as far as the caller may read it."""

    version: int
    at: AwareDatetime
    action: str
    status: Status
    code: str | None = None
    agency_id: UUID | None = None
    worker_id: UUID | None = None
    words: dict[str, Any] | None = None


class History(Answer):
    entries: list[Entry]

    @classmethod
    def of(cls, entries: list[dict[str, Any]]) -> Self:
        return cls(entries=[Entry.model_validate(entry) for entry in entries])


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
    status: Status
    actions: list[Possible]
    not_yet: list[NotYet]
    may_amend: bool
    """Whether the caller may put right what was sent: POST …/amendments, …/people, …/earlier."""

    @classmethod
    def of(cls, referral: Referral, may: dict[Action, str | None], caller: Caller) -> Self:
        path = Links.of(referral.id).self
        missing = {action: why or _scope_missing(action, caller) for action, why in may.items()}
        return cls(
            status=referral.status,
            actions=[
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
            not_yet=[NotYet(action=a, missing=why) for a, why in missing.items() if why],
            may_amend=may_amend(referral, caller) and Scope.REFERRALS_WRITE in caller.scopes,
        )


def _scope_missing(action: Action, caller: Caller) -> str | None:
    """The worker may, and its system may not."""
    scope = STEPS[action].scope
    return None if scope in caller.scopes else f"Ask for a token with the scope {scope}"


def _fields(action: Action, *, required: bool) -> list[str]:
    said = STEPS[action].said
    fields = said.model_fields.items() if said else ()
    return [name for name, field in fields if field.is_required() is required]
