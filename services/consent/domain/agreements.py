"""Information sharing agreements as data: the principles (tier 1), and what is shared (tier 2).

A draft may be incomplete. A published version never changes, and its hash names what it says. Who
has signed which version is a fact of its own, beside the document.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.consent.domain.bases import Basis, Condition, Ground
from services.consent.domain.canonical import canonical
from shared.auth import AgencyKind
from shared.calendar import ENGLAND
from shared.categories import under
from shared.people import PersonKind
from shared.purposes import Purpose

GRACE_MONTHS = 3
"""So long after its review date an agreement still works.

Source: Wider Eastern Information Stakeholder Forum (removed when three months out of date).
"""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
"""A name for machines: it stands in policies and in audit records."""
Words = Annotated[str, Field(min_length=1, max_length=2_000)]
Paragraph = Annotated[int, Field(ge=1, le=41)]
"""Of Schedule 1 to the Data Protection Act 2018, which has so many."""
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]


class Tier(IntEnum):
    """The principles that all agree to, and an agreement for a purpose under them."""

    PRINCIPLES = 1
    PURPOSE = 2


class PartyRole(StrEnum):
    """What a party does under an agreement."""

    PROVIDER = "provider"
    RECIPIENT = "recipient"
    BOTH = "both"


class Obligation(StrEnum):
    """What whoever receives the data must do, or must not."""

    NO_ONWARD_SHARING = "no_onward_sharing"
    DELETE_AFTER_USE = "delete_after_use"
    TELL_THE_FAMILY = "tell_the_family"
    RECORD_WHY = "record_why"
    PSEUDONYMISE = "pseudonymise"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Party(_Part):
    """An agency, or all agencies of a kind that sign; `agency_id` is None for a kind."""

    name: Words
    kind: AgencyKind
    agency_id: UUID | None = None
    role: PartyRole = PartyRole.BOTH
    public_task: Words | None = None
    """The task of the public that was given to this party, where its kind has none."""


class Clause(_Part):
    """Who may see what about whom, for what, on which basis.

    In a draft anything but the id may be missing; `publishing.faults_in` says what.
    """

    id: Name
    kinds: frozenset[AgencyKind] = frozenset()
    agencies: frozenset[UUID] = frozenset()
    categories: frozenset[str] = frozenset()
    people: frozenset[PersonKind] = frozenset()
    purpose: Purpose | None = None
    basis: Basis | None = None
    law: Words | None = None
    """The law that lays the obligation or gives the task; the codes of `bases.Law` or words."""
    condition: Condition | None = None
    paragraph: Paragraph | None = None
    """Beside the condition."""
    ground: Ground | None = None
    ground_paragraph: Paragraph | None = None
    """Beside the ground."""
    obligations: frozenset[Obligation] = frozenset()
    start: Day | None = None
    """The agreement's own where it is None; so with the next two."""
    end: Day | None = None
    review: Day | None = None
    dpia: Words | None = None
    """Where the data protection impact assessment is found."""


class Agreement(_Part):
    """One agreement, as it is drafted and as it is published."""

    id: Name
    tier: Tier
    title: Words
    contact: Words | None = None
    parties: tuple[Party, ...] = ()
    clauses: tuple[Clause, ...] = ()
    rights: Words | None = None
    """How people use their rights."""
    security: Words | None = None
    retention: Words | None = None
    breach: Words | None = None
    """What happens after a personal data breach."""
    termination: Words | None = None
    start: Day | None = None
    end: Day | None = None
    """The last day."""
    review: Day | None = None

    def party_of(self, agency_id: UUID, kind: AgencyKind) -> Party | None:
        """As which party an agency takes part: named itself, else as one of its kind."""
        named = [party for party in self.parties if party.agency_id == agency_id]
        alike = [one for one in self.parties if one.agency_id is None and one.kind is kind]
        return next(iter([*named, *alike]), None)

    def recipients_of(self, clause: Clause) -> Iterator[tuple[AgencyKind, Party | None]]:
        """The kinds of agency a clause lets see, each with the party that it is, if any."""
        for kind in sorted(clause.kinds):
            alike = [party for party in self.parties if party.kind is kind]
            yield from ((kind, party) for party in alike)
            if not alike:
                yield kind, None
        for party in self.parties:
            if party.agency_id in clause.agencies and party.kind not in clause.kinds:
                yield party.kind, party


class Published(_Part):
    """A version that is in use; `hash` is of everything the agreement says, and its version."""

    agreement: Agreement
    version: Annotated[int, Field(ge=1)]
    published_at: datetime
    hash: str

    @classmethod
    def of(cls, agreement: Agreement, version: int, published_at: datetime) -> Self:
        """The version with its hash; `publishing.publish` asks first whether it is complete."""
        hashed = hash_of(agreement, version)
        return cls(agreement=agreement, version=version, published_at=published_at, hash=hashed)

    @property
    def key(self) -> str:
        """By which signatures, policies and audit records name this version."""
        return f"{self.agreement.id}@{self.version}"

    def clause_key(self, clause: Clause) -> str:
        """By which a decision names the clause it rests on."""
        return f"{self.key}/{clause.id}"

    def window(self, clause: Clause | None = None) -> tuple[int, int]:
        """From when on, and until when, the version works (seconds since 1970; end excluded).

        An overdue review ends it as its last day does; a clause works inside its agreement alone.
        """
        return window_of(self.agreement, clause)


def window_of(agreement: Agreement, clause: Clause | None = None) -> tuple[int, int]:
    """What `Published.window` says, of an agreement in any state."""
    days = [part.start for part in (agreement, clause) if part and part.start]
    last = last_day(agreement, clause)
    first = _midnight(max(days)) if days else _ALWAYS[0]
    return first, _midnight(last + timedelta(1)) if last else _ALWAYS[1]


_ALWAYS = (0, 2**40)


def last_day(agreement: Agreement, clause: Clause | None = None) -> date | None:
    """The last day of that window, be it by an end or by a review; None: there is none."""
    parts: list[Agreement | Clause] = [agreement, clause] if clause else [agreement]
    ends = [part.end for part in parts if part.end]
    reviews = [months_after(part.review, GRACE_MONTHS) for part in parts if part.review]
    return min([*ends, *(day - timedelta(1) for day in reviews)], default=None)


def _midnight(day: date) -> int:
    """When England's day begins."""
    return int(datetime.combine(day, time(), ENGLAND).timestamp())


def months_after(day: date, months: int) -> date:
    """So many calendar months later or, where that month is too short, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    following = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last = following - timedelta(1)
    return last.replace(day=min(day.day, last.day))


_SETS = {name for name, one in Clause.model_fields.items() if "frozenset" in str(one.annotation)}


def _in_order(said: dict[str, Any]) -> dict[str, Any]:
    """A set has no order of its own, so that the same agreement always has the same bytes."""
    clauses = [
        {name: sorted(value) if name in _SETS else value for name, value in clause.items()}
        for clause in said["clauses"]
    ]
    return said | {"clauses": clauses}


def hash_of(agreement: Agreement, version: int) -> str:
    """SHA-256 in hexadecimal digits, of everything it says and its version."""
    said = agreement.model_dump(mode="json") | {"version": version}
    return hashlib.sha256(canonical(_in_order(said))).hexdigest()


def leaves(clause: Clause) -> frozenset[str]:
    """Every category the clause lets be seen."""
    return under(clause.categories)


def principles_in_force(
    principles: Iterable[Published], signed: Collection[str], now: datetime
) -> bool:
    """Whether some of `principles` is in force that the agency has signed."""
    moment = now.timestamp()
    return any(
        version.key in signed and version.window()[0] <= moment < version.window()[1]
        for version in principles
        if version.agreement.tier is Tier.PRINCIPLES
    )


class Review(StrEnum):
    """How an agreement stands with its review."""

    IN_DATE = "in_date"
    DUE = "due"
    """Within three months of its day: whoever answers for it is told."""
    OVERDUE = "overdue"
    STOPPED = "stopped"


def review_near(agreement: Agreement, today: date) -> date | None:
    """The first day on which it, or a clause of it, is reviewed, where that is three months off."""
    days = [day for day in (agreement.review, *(one.review for one in agreement.clauses)) if day]
    first = min(days, default=None)
    return first if first and today >= months_after(first, -GRACE_MONTHS) else None


def review_state(agreement: Agreement, today: date) -> Review:
    """How the agreement stands with its review at `today`; without a review day it has stopped."""
    if agreement.review is None or today >= months_after(agreement.review, GRACE_MONTHS):
        return Review.STOPPED
    if today > agreement.review:
        return Review.OVERDUE
    near = months_after(agreement.review, -GRACE_MONTHS)
    return Review.DUE if today >= near else Review.IN_DATE
