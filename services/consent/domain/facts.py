"""What an answer is found from, beside the agreements: of who asks, and of each person.

A fact that is None is not known. It is never guessed: what depends on it is not answered, which
means that nothing is released.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.consent.domain.bases import Reason
from shared.auth import AgencyKind
from shared.calendar import ENGLAND
from shared.categories import Group, is_in
from shared.people import PersonKind
from shared.purposes import Purpose


class Why(StrEnum):
    """Why something is permitted, or is not."""

    PERMITTED = "permitted"
    PERMITTED_BY_OVERRIDE = "permitted_by_override"
    OWN_SUBMISSION = "own_submission"
    UNKNOWN_PURPOSE = "unknown_purpose"
    UNKNOWN_CATEGORY = "unknown_category"
    FACTS_MISSING = "facts_missing"
    POLICY_ERROR = "policy_error"
    AGENCY_SUSPENDED = "agency_suspended"
    PRINCIPLES_UNSIGNED = "principles_unsigned"
    SEALED = "sealed"
    PLANNING_SENSITIVE = "planning_sensitive"
    PLANNING_IDENTIFYING = "planning_identifying"
    REFUSED_TO_SHARE = "refused_to_share"
    NOT_DESIGNATED = "not_designated"
    NOT_INVOLVED = "not_involved"
    NO_CLAUSE = "no_clause"
    PERSON_NOT_COVERED = "person_not_covered"
    NO_CONDITION = "no_condition"
    NO_GROUND = "no_ground"
    NOT_SIGNED = "not_signed"
    NOT_IN_FORCE = "not_in_force"
    BASIS_NOT_IN_FORCE = "basis_not_in_force"
    OUTSIDE_CONTRACT = "outside_contract"
    NOT_MARKED_RELEVANT = "not_marked_relevant"
    NO_CONSENT = "no_consent"
    NO_EXPLICIT_CONSENT = "no_explicit_consent"
    PARAGRAPH_18_NOT_MET = "paragraph_18_not_met"


FAULTS = frozenset({Why.UNKNOWN_PURPOSE, Why.UNKNOWN_CATEGORY, Why.FACTS_MISSING, Why.POLICY_ERROR})
"""Answers that mean that something is wrong with the hub or with who asks it: they are alerted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCaller:
    """Who asks, for what, and how its agency stands."""

    agency: UUID
    kind: AgencyKind
    purpose: str
    now: datetime
    takes_part: bool | None
    """Not suspended, and has not left."""
    principles: bool | None
    """It has signed principles that are in force."""
    signed: frozenset[str] | None
    """Keys of the versions of agreements that it has signed."""
    commenced: bool | None
    """Whether section 16LA is in force for the authority."""
    within_contract: bool | None
    """Whether it asks within the service for which it is contracted."""
    designated: bool | None
    """For the consistent identifier (Children Act 2004, s.16LC)."""
    has_sent: bool = False
    """It has sent all this itself: nothing is released to it that it does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson:
    """How one person stands to the agency and the purpose for which it asks."""

    kind: PersonKind | None
    involved: bool | None
    """The agency works with the person: a legitimate relationship."""
    consented: frozenset[str] | None
    """Of the categories that are asked for: those that live consents cover."""
    explicit: frozenset[str] | None
    """Those that were consented to in express words."""
    held_back: frozenset[str] | None
    """Those for which a worker has refused to share."""
    overridden: frozenset[str] | None
    """Those that a safeguarding lead's live override releases."""
    welfare: bool | None
    """A worker has marked it as relevant to the child's welfare, and of help to the recipient."""
    reason: Reason | None
    """Why consent is not relied on; None: no such reason was recorded."""
    protected: bool | None
    """Whoever is to be protected is under 18, or an adult at risk."""
    untold: frozenset[str] = frozenset()
    """Those of the overridden of which it is unsafe to tell the family; it changes no permit."""

    def needs_override(self, purpose: str) -> bool:
        """Whether an override alone lets in who asks, whatever a clause then permits."""
        return purpose == Purpose.SAFEGUARDING and not self.involved

    def said_of(self, category: str) -> tuple[bool | None, ...]:
        """What was said of one category, in the order of the fields."""
        said = (self.consented, self.explicit, self.held_back, self.overridden, self.untold)
        return tuple(None if one is None else category in one for one in said)

    def as_to(self, category: str, like: str) -> "OfPerson":
        """What of it decides about one category, said of another that is decided like it.

        Where that is equal, so is the answer.
        """
        consented, explicit, held_back, overridden, untold = (
            None if said is None else frozenset({like} if said else ())
            for said in self.said_of(category)
        )
        return replace(
            self,
            consented=consented,
            explicit=explicit,
            held_back=held_back,
            overridden=overridden,
            untold=untold or frozenset(),
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One category of one person, asked for by somebody."""

    caller: OfCaller
    person: OfPerson
    category: str

    def is_in(self, group: Group) -> bool:
        return is_in(self.category, group)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is released of one category of one person, and on what it rests.

    It speaks of that category alone: what lies under it is answered on its own.
    """

    permitted: bool
    why: Why
    clauses: tuple[str, ...] = ()
    """Keys of the clauses that permit it."""
    bases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    """Conditions of article 9 and grounds of article 10, with their paragraphs of Schedule 1."""
    obligations: tuple[str, ...] = ()


Answers = Mapping[UUID, Mapping[str, Answer]]
"""By person and category."""


def is_in_force(commencement: date | None, now: datetime) -> bool:
    """Whether a law is in force since England's `commencement`; never where the day is not known.

    Source for section 16LA: Children's Wellbeing and Schools Act 2026, s.78(5): by regulations.
    """
    return commencement is not None and commencement <= now.astimezone(ENGLAND).date()
