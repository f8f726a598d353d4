"""A made-up world in plain words, as the oracle reads it: people and agencies are numbers."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass
class Clause:
    key: str
    kinds: list[str]
    agencies: list[int]
    categories: list[str]
    people: list[str]
    purpose: str
    basis: str
    law: str | None = None
    condition: str | None = None
    paragraph: int | None = None
    ground: str | None = None
    ground_paragraph: int | None = None
    obligations: list[str] = field(default_factory=list)
    start: date | None = None
    end: date | None = None
    review: date | None = None


@dataclass
class Agreement:
    key: str
    start: date
    end: date | None
    review: date
    clauses: list[Clause]


@dataclass
class Consent:
    giver: int
    capacity: str
    people: list[int]
    categories: list[str]
    agencies: list[int]
    purposes: list[str]
    said: datetime
    until: datetime
    refuses: bool = False
    explicit: bool = False
    lacks: str | None = None
    """What was forgotten to be written down."""
    withdrawn: datetime | None = None
    superseded: datetime | None = None


@dataclass
class Override:
    agency: int
    people: list[int]
    categories: list[str]
    declared: datetime
    until: datetime
    ended: datetime | None = None
    told: bool = True
    """The family."""


@dataclass
class Refusal:
    agencies: list[int]
    purposes: list[str]
    people: list[int]
    categories: list[str]
    said: datetime
    lifted: datetime | None = None


@dataclass
class Person:
    number: int
    kind: str
    is_child: bool
    competent: bool
    parents: list[int]
    attorneys: list[int]
    involved: bool | None
    """As it is recorded."""
    parted: bool
    """People have ended that the agency works with it."""
    welfare: bool | None
    reason: str | None
    protected: bool | None


@dataclass
class World:
    agreements: list[Agreement]
    principles: Agreement
    agency: int
    kind: str
    purpose: str
    now: datetime
    signed: list[str]
    commencement: date | None
    takes_part: bool | None
    within_contract: bool | None
    designated: bool | None
    people: list[Person]
    asked: list[str]
    consents: list[Consent]
    overrides: list[Override]
    refusals: list[Refusal]
    works_with: bool = False
    """The service that asks says so of everybody."""
    has_sent: bool = False
    """It says that the agency has sent all of it."""
