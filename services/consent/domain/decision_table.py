"""What an agreement lets whom see, cell by cell, and what a new version changes for whom.

The table is what an information governance lead reads before publishing: it holds everything that
the clauses can ever permit, with what each of them asks for first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.consent.domain.agreements import Agreement, Clause, last_day, leaves
from services.consent.domain.conditions import ASKS
from services.consent.domain.policies import conditions_of
from shared.categories import Group, is_in
from shared.people import PersonKind
from shared.purposes import Purpose


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Who would see what about whom, for what."""

    recipient: str
    """A kind of agency, or an agency's id."""
    purpose: str
    person: str
    category: str


@dataclass(frozen=True, slots=True, order=True)
class Terms:
    """On what a clause rests, what must be true first, and what it obliges to."""

    basis: str
    law: str
    conditions: tuple[str, ...]
    asks: tuple[str, ...]
    """Names of `conditions.ASKS` that depend on the person or the moment."""
    obligations: tuple[str, ...]
    start: str
    end: str
    """Its last day, be it by an end or by a review that nobody has made."""


Table = Mapping[Cell, tuple[Terms, ...]]

_IN_THE_CELL = frozenset({"recipient", "category", "person", "condition", "ground"})
"""What the table says by having the cell."""


def decision_table(agreement: Agreement) -> Table:
    """Every cell that some clause fills; what a guard-rail keeps empty is empty."""
    table: dict[Cell, set[Terms]] = {}
    for clause in agreement.clauses:
        for cell in _cells(clause):
            table.setdefault(cell, set()).add(_terms(agreement, clause, cell.category))
    return {cell: tuple(sorted(table[cell])) for cell in sorted(table)}


def _cells(clause: Clause) -> Iterator[Cell]:
    recipients = [*map(str, clause.kinds), *map(str, clause.agencies)]
    for category in leaves(clause):
        if not _is_reachable(clause, category):
            continue
        for recipient in recipients:
            for person in clause.people:
                yield Cell(recipient, str(clause.purpose), str(person), category)


def _is_reachable(clause: Clause, category: str) -> bool:
    special, offence = is_in(category, Group.SPECIAL), is_in(category, Group.OFFENCE)
    if (special and clause.condition is None) or (offence and clause.ground is None):
        return False
    identifying = is_in(category, Group.IDENTIFYING)
    if clause.purpose is Purpose.PLANNING and (special or offence or identifying):
        return False
    return not is_in(category, Group.SEALED)


def _terms(agreement: Agreement, clause: Clause, category: str) -> Terms:
    asks = (name for name, ask in ASKS.items() if ask.asked(clause) and name not in _IN_THE_CELL)
    return Terms(
        basis=str(clause.basis),
        law=clause.law or "",
        conditions=conditions_of(clause, category),
        asks=tuple(asks),
        obligations=tuple(sorted(clause.obligations)),
        start=str(clause.start or agreement.start),
        end=str(last_day(agreement, clause)),
    )


class Difference(StrEnum):
    """What becomes of a cell."""

    GAINED = "gained"
    LOST = "lost"
    CHANGED = "changed"
    """It stays, on other terms."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version changes for one recipient, purpose and kind of person."""

    recipient: str
    purpose: Purpose
    person: PersonKind
    difference: Difference
    categories: tuple[str, ...]


def changes(old: Agreement | None, new: Agreement) -> list[Change]:
    """What `new` changes; without `old` everything is gained. Renaming a clause changes nothing."""
    before, after = (decision_table(old) if old else {}), decision_table(new)
    found: dict[tuple[str, str, str, Difference], list[str]] = {}
    for cell in sorted(before.keys() | after.keys()):
        if difference := _difference(before.get(cell), after.get(cell)):
            group = (cell.recipient, cell.purpose, cell.person, difference)
            found.setdefault(group, []).append(cell.category)
    return [
        Change(recipient, Purpose(purpose), PersonKind(person), difference, tuple(categories))
        for (recipient, purpose, person, difference), categories in found.items()
    ]


def _difference(
    before: tuple[Terms, ...] | None, after: tuple[Terms, ...] | None
) -> Difference | None:
    if before == after:
        return None
    if before is None:
        return Difference.GAINED
    return Difference.LOST if after is None else Difference.CHANGED
