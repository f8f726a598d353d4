"""What stands in the way of publishing an agreement: each fault with its clause and its rule.

The rules are those of the hub's requirements on information sharing, R1 to R40.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from services.consent.domain.agreements import Agreement, Published, Tier, window_of
from services.consent.domain.clause_faults import Said, faults_of_clause
from shared.errors import FieldError, Unprocessable


@dataclass(frozen=True)
class Fault:
    """What must be put right; `clause` is None where it is the agreement's own."""

    clause: str | None
    rule: str
    detail: str


@dataclass(frozen=True)
class Circumstances:
    """What an agreement is judged by, beside its own words."""

    principles: Published | None
    """The tier 1 agreement of the same authority; None while there is none."""
    commencement: date | None
    """From when on section 16LA is in force here; None where the settings do not say."""


class NotPublishable(Unprocessable):
    slug = "agreement-not-publishable"
    title = "The agreement cannot be published yet"


def publish(draft: Agreement, version: int, around: Circumstances, now: datetime) -> Published:
    """The next version of the agreement. Raises NotPublishable with everything that is wrong."""
    if faults := faults_in(draft, around):
        places = {clause.id: place for place, clause in enumerate(draft.clauses)}
        errors = [
            FieldError(
                f"/clauses/{places[fault.clause]}" if fault.clause else "",
                f"{fault.rule}: {fault.detail}",
            )
            for fault in faults
        ]
        raise NotPublishable(
            "Put right what each rule asks for, and publish again",
            errors=errors,
            faults=[asdict(fault) for fault in faults],
        )
    return Published.of(draft, version, now)


def faults_in(draft: Agreement, around: Circumstances) -> list[Fault]:
    """Everything that stands in the way, the agreement's own faults first."""
    faults = [Fault(None, rule, detail) for rule, detail in _of_agreement(draft, around)]
    for clause in draft.clauses:
        said = Said(draft, clause, around.commencement)
        faults += [Fault(clause.id, rule, detail) for rule, detail in faults_of_clause(said)]
    return faults


_NAMED = {
    "contact": "Say whom to ask about it",
    "rights": "Say how people use their rights",
    "security": "Say how the data is kept secure",
    "retention": "Say how long the data is kept",
    "breach": "Say what happens after a breach",
    "termination": "Say how a party leaves, and what happens to the data then",
    "start": "Say from which day on it works",
}
Faults = Iterator[tuple[str, str]]
"""Rule and detail."""


def _of_agreement(draft: Agreement, around: Circumstances) -> Faults:
    for name, ask in _NAMED.items():
        if getattr(draft, name) is None:
            yield "R26", ask
    if not draft.parties:
        yield "R26", "Name the parties"
    if draft.review is None:
        yield "R28", "Say when it is reviewed: three months after that day it stops"
    if draft.start and draft.end and draft.end < draft.start:
        yield "R26", "It ends before it starts"
    twice = [name for name, many in Counter(one.id for one in draft.clauses).items() if many > 1]
    if twice:
        yield "R26", f"Give each clause an id of its own: {', '.join(twice)}"
    tier = _principles if draft.tier is Tier.PRINCIPLES else _for_a_purpose
    yield from tier(draft, around)


def _principles(draft: Agreement, _: Circumstances) -> Faults:
    if draft.clauses:
        yield "R27", "Principles let nobody see anything: move the clauses to an agreement under it"


def _for_a_purpose(draft: Agreement, around: Circumstances) -> Faults:
    if not draft.clauses:
        yield "R26", "Say in clauses who may see what"
    if draft.end is None:
        yield "R26", "Say on which day it ends"
    if around.principles is None:
        yield "R27", "Publish the principles first: without them no clause works"
    elif draft.start and around.principles.window()[1] <= window_of(draft)[0]:
        yield "R27", "The principles end before it starts"
