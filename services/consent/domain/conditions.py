"""What a clause asks for before it permits: each condition as Cedar decides it, and as it is told.

The policies decide. `unmet` only says afterwards which condition a refused request has failed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from services.consent.domain.agreements import Clause, Published
from services.consent.domain.bases import (
    BY_CONSENT,
    DUTIES,
    SAFEGUARDING,
    Basis,
    Condition,
    Law,
    Reason,
)
from services.consent.domain.facts import OfCaller, Request, Why
from shared.categories import Group, is_under


@dataclass(frozen=True, slots=True)
class Bound:
    """A clause in the version that it belongs to."""

    version: Published
    clause: Clause

    @property
    def key(self) -> str:
        return self.version.clause_key(self.clause)


@dataclass(frozen=True, slots=True)
class Ask:
    """One condition: when a clause has it, its Cedar expression, and how a request meets it."""

    why: Why
    """What is answered where it is all that is missing."""
    cedar: Callable[[Bound], str]
    met: Callable[[Bound, Request], bool]
    asked: Callable[[Clause], bool] = lambda _: True


def entities(kind: str, ids: Iterable[str]) -> str:
    """A set of Cedar entities of one type; `policies` checks the ids."""
    return "[" + ", ".join(f'{kind}::"{one}"' for one in sorted(ids)) + "]"


def _recipients(bound: Bound) -> str:
    clause = bound.clause
    agencies = [str(agency) for agency in clause.agencies]
    named: dict[str, Collection[str]] = {"Kind": clause.kinds, "Agency": agencies}
    sets = [f"principal in {entities(kind, ids)}" for kind, ids in named.items() if ids]
    return f"({' || '.join(sets)})" if sets else "false"


def is_for(bound: Bound, caller: OfCaller) -> bool:
    """Whether the caller is one of the clause's recipients."""
    return caller.kind in bound.clause.kinds or caller.agency in bound.clause.agencies


def names(clause: Clause, category: str) -> bool:
    """Whether the clause is about the category, by itself or by what it lies under."""
    return any(is_under(category, named) for named in clause.categories)


def _categories(bound: Bound) -> str:
    return f"resource in {entities('Category', bound.clause.categories)}"


def _window(bound: Bound) -> str:
    start, end = bound.version.window(bound.clause)
    return f"{start} <= context.now && context.now < {end}"


def _in_window(bound: Bound, request: Request) -> bool:
    start, end = bound.version.window(bound.clause)
    return start <= request.caller.now.timestamp() < end


def _only_for(groups: Sequence[Group], wanted: str) -> str:
    """`wanted` where the category is of one of `groups`; nothing is asked of the others."""
    return f"(!(resource in {entities('Group', groups)}) || ({wanted}))"


def _explicit(_: Bound) -> str:
    return _only_for([Group.SPECIAL], "context.explicit")


def _consent_to_offences(_: Bound) -> str:
    return _only_for([Group.OFFENCE], "context.consented")


_REASONS = "[" + ", ".join(f'"{reason}"' for reason in Reason) + "]"


def _on_eighteen(clause: Clause) -> list[Group]:
    """For which groups the clause relies on paragraph 18."""
    named = {Group.SPECIAL: clause.paragraph, Group.OFFENCE: clause.ground_paragraph}
    return [group for group, paragraph in named.items() if paragraph == SAFEGUARDING]


def _eighteen(bound: Bound) -> str:
    met = f"{_REASONS}.contains(context.reason) && context.protected"
    return _only_for(_on_eighteen(bound.clause), met)


def _meets_eighteen(bound: Bound, request: Request) -> bool:
    if not any(request.is_in(group) for group in _on_eighteen(bound.clause)):
        return True
    return request.person.reason is not None and bool(request.person.protected)


def _consented(_: Bound, request: Request) -> bool:
    return request.category in (request.person.consented or ())


ASKS: dict[str, Ask] = {
    "recipient": Ask(
        Why.NO_CLAUSE,
        _recipients,
        lambda bound, request: is_for(bound, request.caller),
    ),
    "category": Ask(
        Why.NO_CLAUSE,
        _categories,
        lambda bound, request: names(bound.clause, request.category),
    ),
    "person": Ask(
        Why.PERSON_NOT_COVERED,
        lambda bound: f"{_words(bound.clause.people)}.contains(context.person)",
        lambda bound, request: request.person.kind in bound.clause.people,
    ),
    "condition": Ask(
        Why.NO_CONDITION,
        lambda _: _only_for([Group.SPECIAL], "false"),
        lambda _, request: not request.is_in(Group.SPECIAL),
        lambda clause: clause.condition is None,
    ),
    "ground": Ask(
        Why.NO_GROUND,
        lambda _: _only_for([Group.OFFENCE], "false"),
        lambda _, request: not request.is_in(Group.OFFENCE),
        lambda clause: clause.ground is None,
    ),
    "signed": Ask(
        Why.NOT_SIGNED,
        lambda bound: f'context.signed.contains("{bound.version.key}")',
        lambda bound, request: bound.version.key in (request.caller.signed or ()),
    ),
    "window": Ask(Why.NOT_IN_FORCE, _window, _in_window),
    "commenced": Ask(
        Why.BASIS_NOT_IN_FORCE,
        lambda _: "context.commenced",
        lambda _, request: bool(request.caller.commenced),
        lambda clause: clause.law in DUTIES,
    ),
    "contract": Ask(
        Why.OUTSIDE_CONTRACT,
        lambda _: "context.within_contract",
        lambda _, request: bool(request.caller.within_contract),
        lambda clause: clause.law == Law.DUTY_OF_CONTRACTORS,
    ),
    "welfare": Ask(
        Why.NOT_MARKED_RELEVANT,
        lambda _: "context.welfare",
        lambda _, request: bool(request.person.welfare),
        lambda clause: clause.law in DUTIES,
    ),
    "consent": Ask(
        Why.NO_CONSENT,
        lambda _: "context.consented",
        _consented,
        lambda clause: clause.basis is Basis.CONSENT,
    ),
    "consent_to_offences": Ask(
        Why.NO_CONSENT,
        _consent_to_offences,
        lambda bound, request: not request.is_in(Group.OFFENCE) or _consented(bound, request),
        lambda clause: clause.ground_paragraph == BY_CONSENT,
    ),
    "explicit": Ask(
        Why.NO_EXPLICIT_CONSENT,
        _explicit,
        lambda _, request: (
            not request.is_in(Group.SPECIAL) or request.category in (request.person.explicit or ())
        ),
        lambda clause: clause.condition is Condition.EXPLICIT_CONSENT,
    ),
    "paragraph_18": Ask(
        Why.PARAGRAPH_18_NOT_MET,
        _eighteen,
        _meets_eighteen,
        lambda clause: bool(_on_eighteen(clause)),
    ),
}
"""In the order in which a refused request is told of them: the last that it reached."""


def _words(codes: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{code}"' for code in sorted(codes)) + "]"


def unmet(bounds: Iterable[Bound], request: Request) -> Why:
    """Why no clause permits the request: what is missing in the one that came nearest."""
    order = [*ASKS]
    reached = [0]
    for bound in bounds:
        failed = (
            order.index(name)
            for name, ask in ASKS.items()
            if ask.asked(bound.clause) and not ask.met(bound, request)
        )
        reached.append(next(failed, 0))
    return ASKS[order[max(reached)]].why
