"""Agreements, callers, people and records in good order; a test changes what it is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.consent.domain.agreements import Agreement, Clause, Published, Tier
from services.consent.domain.bases import Reason
from services.consent.domain.consents import Capacity, Channel, Consent, Notice
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Answer, OfCaller, OfPerson
from services.consent.domain.overrides import Danger, Override, Protected, RefusalToShare
from services.consent.domain.policies import compiled
from services.consent.domain.publishing import Circumstances
from shared.auth import AgencyKind, Caller, Role
from shared.purposes import Purpose

NOW = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
COMMENCEMENT = date(2026, 9, 30)
SCHOOL, CHARITY, POLICE = UUID(int=1), UUID(int=2), UUID(int=3)
CHILD, MOTHER, FATHER, LEAD, COLLEAGUE = (UUID(int=number) for number in range(10, 15))
WORDS = "made up for a test"


def a_clause(**changed: Any) -> Clause:
    """Schools see the level of need of children, in early help, in their public task."""
    usual = {
        "id": "needs",
        "kinds": ["school"],
        "categories": ["needs.level"],
        "people": ["child"],
        "purpose": "early_help",
        "basis": "6(1)(e)",
        "law": "Children Act 2004, s.10",
        "obligations": ["no_onward_sharing"],
        "dpia": "DPIA 7",
    }
    return Clause.model_validate(usual | changed)


def on_consent(**changed: Any) -> Clause:
    return a_clause(**{"basis": "6(1)(a)", "law": None} | changed)


def under_the_duty(**changed: Any) -> Clause:
    return a_clause(**{"basis": "6(1)(c)", "law": "children_act_2004_16LA"} | changed)


def an_agreement(*clauses: Clause, **changed: Any) -> Agreement:
    """All kinds of agency are parties; it works through the year of NOW."""
    usual = {
        "id": "early-help",
        "tier": Tier.PURPOSE,
        "title": "Sharing for early help in Inventshire",
        "contact": "ig@inventshire.example",
        "parties": [{"name": f"Every {kind}", "kind": kind} for kind in AgencyKind],
        "clauses": clauses or [a_clause()],
        "start": "2026-01-01",
        "end": "2027-12-31",
        "review": "2027-01-31",
    }
    named = dict.fromkeys(("rights", "security", "retention", "breach", "termination"), WORDS)
    return Agreement.model_validate(usual | named | changed)


def principles(**changed: Any) -> Agreement:
    usual = {"id": "principles", "tier": Tier.PRINCIPLES, "clauses": [], "end": None}
    return an_agreement(**usual | changed)


def published(agreement: Agreement, version: int = 1) -> Published:
    return Published.of(agreement, version, NOW)


def around(**changed: Any) -> Circumstances:
    usual: dict[str, Any] = {
        "principles": published(principles()),
        "commencement": COMMENCEMENT,
    }
    return Circumstances(**usual | changed)


def a_caller(**changed: Any) -> OfCaller:
    """A school that has signed everything and asks for early help."""
    usual: dict[str, Any] = {
        "agency": SCHOOL,
        "kind": AgencyKind.SCHOOL,
        "purpose": Purpose.EARLY_HELP,
        "now": NOW,
        "takes_part": True,
        "principles": True,
        "signed": frozenset({"early-help@1", "early-help@2"}),
        "commenced": True,
        "within_contract": False,
        "designated": False,
    }
    return OfCaller(**usual | changed)


def a_person(**changed: Any) -> OfPerson:
    """A child with whom the agency works; nobody has said anything yet."""
    nothing: frozenset[str] = frozenset()
    usual: dict[str, Any] = {
        "kind": "child",
        "involved": True,
        "consented": nothing,
        "explicit": nothing,
        "held_back": nothing,
        "overridden": nothing,
        "welfare": False,
        "reason": None,
        "protected": True,
    }
    return OfPerson(**usual | changed)


def answer(
    clauses: Sequence[Clause],
    category: str,
    person: OfPerson | None = None,
    caller: OfCaller | None = None,
) -> Answer:
    """What is said of one category of one person, under one agreement of these clauses."""
    policies = compiled([published(an_agreement(*clauses))])
    found = decide(policies, caller or a_caller(), {CHILD: person or a_person()}, [category])
    return found[CHILD][category]


def a_consent(**changed: Any) -> Consent:
    """A mother's, for her child: the school may see its needs and health for early help."""
    usual: dict[str, Any] = {
        "id": UUID(int=50),
        "people": frozenset({CHILD}),
        "given_by": MOTHER,
        "capacity": Capacity.PARENTAL_RESPONSIBILITY,
        "categories": frozenset({"needs", "health"}),
        "agencies": frozenset({SCHOOL}),
        "purposes": frozenset({Purpose.EARLY_HELP}),
        "said_at": NOW - timedelta(days=20),
        "recorded_by": COLLEAGUE,
        "notice": Notice("2026-01", "en"),
        "channel": Channel.IN_WRITING,
        "evidence": "signed form 12",
        "until": NOW + timedelta(days=200),
    }
    return Consent(**usual | changed)


def an_override(**changed: Any) -> Override:
    usual: dict[str, Any] = {
        "id": UUID(int=60),
        "agency": SCHOOL,
        "people": frozenset({CHILD}),
        "categories": frozenset({"health", "contact"}),
        "danger": Danger.IMMEDIATE_DANGER,
        "words": "The child has not come to school and was threatened.",
        "reason": Reason.CANNOT_REASONABLY_BE_OBTAINED,
        "protects": Protected.UNDER_18,
        "declared_by": LEAD,
        "declared_at": NOW,
        "until": NOW + timedelta(hours=24),
    }
    return Override(**usual | changed)


def a_refusal(**changed: Any) -> RefusalToShare:
    usual: dict[str, Any] = {
        "id": UUID(int=70),
        "people": frozenset({CHILD}),
        "agencies": frozenset({SCHOOL}),
        "purposes": frozenset(),
        "categories": frozenset({"needs"}),
        "because": "The father works at the school and would learn where they live.",
        "refused_by": COLLEAGUE,
        "refused_at": NOW - timedelta(days=1),
    }
    return RefusalToShare(**usual | changed)


def a_lead(**changed: Any) -> Caller:
    usual: dict[str, Any] = {
        "client_id": "school",
        "agency_id": SCHOOL,
        "agency_kind": AgencyKind.SCHOOL,
        "worker_id": LEAD,
        "roles": frozenset({Role.SAFEGUARDING_LEAD}),
    }
    return Caller(**usual | changed)
