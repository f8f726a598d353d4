"""Where a safeguarding lead releases what nothing else permits, and where a worker holds it back.

An override says why in a code and in words, ends within a day and is reviewed within three. A
refusal to share says why sharing would do more harm than good, and stands against every permit.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.consent.domain.bases import Reason
from shared.auth import Caller, Role
from shared.categories import CATEGORIES, is_under, under
from shared.errors import FieldError, Forbidden, Unprocessable
from shared.people import PersonKind
from shared.purposes import Purpose

LONGEST = timedelta(hours=24)
"""Whatever an authority's own limit is."""
REVIEW = timedelta(hours=72)
"""After its declaration; this, the last and the next are the hub's own numbers (R21)."""
WORDS = 20
"""Characters of explanation at least."""


class Danger(StrEnum):
    """Why a safeguarding lead overrides."""

    IMMEDIATE_DANGER = "immediate_danger"
    SIGNIFICANT_HARM = "significant_harm"
    MISSING = "missing"
    UNSAFE_TO_ASK = "unsafe_to_ask"


class Protected(StrEnum):
    """Whom paragraph 18 of Schedule 1 protects: nobody else."""

    UNDER_18 = "under_18"
    ADULT_AT_RISK = "adult_at_risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What was declared, for one agency and some people."""

    id: UUID
    agency: UUID
    people: frozenset[UUID]
    categories: frozenset[str]
    danger: Danger
    words: str
    reason: Reason
    protects: Protected
    declared_by: UUID
    declared_at: datetime
    until: datetime
    second_approver: UUID | None = None
    family_told: bool = True
    untold_because: str | None = None
    """Why it is unsafe to tell the family."""
    reviewed_at: datetime | None = None
    ended_at: datetime | None = None

    def kind_of_unknown(self) -> PersonKind:
        """What somebody is taken for of whom the hub has heard nothing yet."""
        is_child = self.protects is Protected.UNDER_18
        return PersonKind.CHILD if is_child else PersonKind.THIRD_PARTY

    def review_due(self) -> datetime:
        return self.declared_at + REVIEW

    def is_review_overdue(self, at: datetime) -> bool:
        return self.reviewed_at is None and self.review_due() < at

    def is_live(self, at: datetime) -> bool:
        """From its declaration until its end or, if that is sooner, a day."""
        end = min(self.until, self.declared_at + LONGEST, self.ended_at or self.until)
        return self.declared_at <= at < end


class OverrideIncomplete(Unprocessable):
    slug = "override-incomplete"
    title = "The override cannot be declared like this"


def declare(
    override: Override, by: Caller, earlier: Iterable[Override], limit: timedelta = LONGEST
) -> Override:
    """The override, if it may be declared.

    `earlier`: those about the same people; `limit`: how long it may last in the authority. Raises
    Forbidden for anybody but a safeguarding lead of the agency, OverrideIncomplete with what is
    missing.
    """
    if Role.SAFEGUARDING_LEAD not in by.roles or by.agency_id != override.agency:
        raise Forbidden("Only a safeguarding lead declares an override, for its own agency")
    wrong = [*_wrong_in(override, limit), *_unapproved(override, by, earlier)]
    if wrong:
        raise OverrideIncomplete("Say what an override must say", errors=wrong)
    return override


def _wrong_in(override: Override, limit: timedelta) -> Iterable[FieldError]:
    if len(override.words.strip()) < WORDS:
        yield FieldError("/words", f"Say why in at least {WORDS} characters")
    if not override.declared_at < override.until <= override.declared_at + limit:
        hours = limit // timedelta(hours=1)
        yield FieldError("/until", f"An override ends within {hours} hours")
    if not override.people:
        yield FieldError("/people", "Name the people whose data is released")
    if not override.categories or not override.categories <= CATEGORIES.keys():
        yield FieldError("/categories", "Name the categories that are needed, of those there are")
    if not override.family_told and not (override.untold_because or "").strip():
        yield FieldError("/untold_because", "Say why it is unsafe to tell the family")


def _unapproved(
    override: Override, by: Caller, earlier: Iterable[Override]
) -> Iterable[FieldError]:
    """While a review is overdue, a second person answers for the next override."""
    overdue = any(
        other.people & override.people and other.is_review_overdue(override.declared_at)
        for other in earlier
    )
    if overdue and override.second_approver in (None, by.worker_id):
        yield FieldError(
            "/second_approver", "The review of an earlier override is overdue: name a second person"
        )


def overridden(
    overrides: Iterable[Override], *, agency: UUID, person: UUID, at: datetime
) -> frozenset[str]:
    """The categories of the person's data that live overrides release to the agency."""
    named = [
        override.categories
        for override in overrides
        if override.agency == agency and person in override.people and override.is_live(at)
    ]
    return under(frozenset().union(*named))


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalToShare:
    """A worker's judgement that to share would be more detrimental to the child than not to.

    Source: Children Act 2004, s.16LA(3); information sharing advice (DfE, 2024), golden rule 7.
    """

    id: UUID
    people: frozenset[UUID]
    agencies: frozenset[UUID]
    """Empty: from every agency."""
    purposes: frozenset[Purpose]
    """Empty: for every purpose."""
    categories: frozenset[str]
    because: str
    refused_by: UUID
    refused_at: datetime
    until: datetime | None = None
    lifted_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        ends = [end for end in (self.until, self.lifted_at) if end]
        return self.refused_at <= at and all(at < end for end in ends)


def refused(
    refusals: Iterable[RefusalToShare],
    *,
    agency: UUID,
    purpose: Purpose,
    person: UUID,
    at: datetime,
    categories: Collection[str],
) -> frozenset[str]:
    """Which of `categories` are held back from the agency, for the purpose."""
    named: set[str] = set()
    for refusal in refusals:
        whom = not refusal.agencies or agency in refusal.agencies
        what_for = not refusal.purposes or purpose in refusal.purposes
        if whom and what_for and person in refusal.people and refusal.is_live(at):
            named |= refusal.categories
    if not named:
        return frozenset()
    return frozenset(one for one in categories if any(is_under(one, other) for other in named))
