"""What was sent and what was said, as it is shown: each field with its category.

Everything may be missing: it was not said, or it may not leave to whoever asks. Codes are words, so
that one that is retired since is shown too.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from services.referral.domain.codes import PRIVATE_SOURCES
from services.referral.routes.answers import CONCERNS, INVOLVEMENT, LEVEL, REFERRAL, Answer
from shared.contracts.lifecycle import Decision
from shared.minimise import Of, Open, Otherwise

PERSON = Open("names the person of whom something is shown")
_NAME, _NUMBERS, _LANGUAGE = Of("identity.name"), Of("identity.numbers"), Of("identity.language")
_BORN, _WHO = Of("identity.date_of_birth"), Of("household.relationships")
_REACHED, _LIVES = Of("contact.telephone"), Of("contact.address")
_HIDDEN = Of(
    "contact.address", Otherwise("confidential", frozenset({True}), "contact.confidential_address")
)
_OUTCOME = Of("plan.outcomes", Otherwise("outcome", frozenset(Decision), "referral"))
_REFERRER = Of("involvement", Otherwise("source", PRIVATE_SOURCES, "third_parties"))
"""How a worker is reached who has referred; a private person must not be found by it."""


class SeenAddress(Answer):
    """An address. Of a confidential one only the mark is seen."""

    lines: Annotated[list[str] | None, _HIDDEN] = None
    postcode: Annotated[str | None, _HIDDEN] = None
    confidential: Annotated[bool | None, _LIVES] = None


class _SaidPerson(Answer):
    given_name: Annotated[str | None, _NAME] = None
    family_name: Annotated[str | None, _NAME] = None
    also_known_as: Annotated[str | None, _NAME] = None
    date_of_birth: Annotated[date | None, _BORN] = None
    sex: Annotated[str | None, Of("identity.sex")] = None
    ethnicity: Annotated[str | None, Of("equality.ethnicity")] = None
    first_language: Annotated[str | None, _LANGUAGE] = None
    interpreter_needed: Annotated[bool | None, _LANGUAGE] = None
    nhs_number: Annotated[str | None, _NUMBERS] = None
    """A number like others, until regulations make it the consistent identifier (s.16LC)."""
    addresses: list[SeenAddress] | None = None


class SaidChild(_SaidPerson):
    """A child, or an unborn one."""

    expected_date: Annotated[date | None, _BORN] = None
    upn: Annotated[str | None, _NUMBERS] = None
    disabilities: Annotated[list[str] | None, Of("send.disability")] = None
    school: Annotated[str | None, Of("education.place")] = None
    gp: Annotated[str | None, Of("health.services")] = None


class SaidHouseholdMember(_SaidPerson):
    """Somebody else of the household."""

    relationship: Annotated[str | None, _WHO] = None
    parental_responsibility: Annotated[bool | None, _WHO] = None
    telephone: Annotated[str | None, _REACHED] = None
    email: Annotated[str | None, _REACHED] = None
    safe_to_contact: Annotated[bool | None, _REACHED] = None


class SeenChild(SaidChild):
    whose: ClassVar[str] = "person_id"
    person_id: Annotated[UUID, PERSON]


class SeenHouseholdMember(SaidHouseholdMember):
    whose: ClassVar[str] = "person_id"
    person_id: Annotated[UUID, PERSON]


class SeenReferrer(Answer):
    """How the referring worker is reached; or whoever else has referred."""

    source: Annotated[str | None, INVOLVEMENT] = None
    telephone: Annotated[str | None, _REFERRER] = None
    email: Annotated[str | None, _REFERRER] = None
    contact_safely: Annotated[str | None, _REACHED] = None
    do_not_contact: Annotated[str | None, _REACHED] = None
    """Whoever may know the telephone must know when not to ring it."""


class SeenNeed(Answer):
    reason: Annotated[str | None, CONCERNS] = None
    groups: Annotated[list[str] | None, Of("needs.groups")] = None
    factors: Annotated[list[str] | None, Of("needs.factors")] = None
    tried_before: Annotated[str | None, CONCERNS] = None
    childs_words: Annotated[str | None, Of("narrative.voice")] = None
    familys_words: Annotated[str | None, CONCERNS] = None
    level: Annotated[str | None, LEVEL] = None
    indicators: Annotated[list[str] | None, Of("needs.factors")] = None


class SeenSafeguarding(Answer):
    immediate_danger: Annotated[bool | None, REFERRAL] = None
    """The referral's urgency says the same."""
    concern: Annotated[str | None, CONCERNS] = None
    child_is_now: Annotated[str | None, CONCERNS] = None


class SeenBasis(Answer):
    """What the referral was sent on: the family has agreed, or another basis with its reason."""

    kind: Annotated[str | None, REFERRAL] = None
    by: Annotated[str | None, Of("third_parties")] = None
    """Who has agreed."""
    on: Annotated[date | None, REFERRAL] = None
    code: Annotated[str | None, REFERRAL] = None
    """Of the list other_basis; also one that is retired since."""
    reason: Annotated[str | None, CONCERNS] = None


class _Reasoned(Answer):
    rationale: Annotated[str | None, CONCERNS] = None
    where_to_go_instead: Annotated[str | None, Of("plan.actions")] = None
    level: Annotated[str | None, LEVEL] = None
    why_this_level: Annotated[str | None, CONCERNS] = None


class SeenDecision(_Reasoned):
    """What the front door has decided, and why."""

    outcome: Annotated[Decision | None, REFERRAL] = None


class Words(_Reasoned):
    """What was said with a step; each step says some of it."""

    outcome: Annotated[str | None, _OUTCOME] = None
    """Of a decision, or of the closing."""
    question: Annotated[str | None, CONCERNS] = None
    answer: Annotated[str | None, CONCERNS] = None
    note: Annotated[str | None, CONCERNS] = None
    because: Annotated[str | None, CONCERNS] = None
    summary: Annotated[str | None, Of("plan.outcomes")] = None
    reason: Annotated[str | None, REFERRAL] = None
    panel: Annotated[str | None, REFERRAL] = None
    hub: Annotated[str | None, REFERRAL] = None
    reference: Annotated[str | None, REFERRAL] = None
    assessment_id: Annotated[UUID | None, REFERRAL] = None
    completed_on: Annotated[date | None, REFERRAL] = None
    held_on: Annotated[date | None, REFERRAL] = None
    until: Annotated[date | None, REFERRAL] = None
    agency_id: Annotated[UUID | None, INVOLVEMENT] = None
    worker_id: Annotated[UUID | None, INVOLVEMENT] = None
    lead_professional_id: Annotated[UUID | None, INVOLVEMENT] = None
