"""What is released: one caller, one purpose, several people and all categories at once.

Nothing is permitted but what a clause or an override permits. What cannot be decided, because a
fact is missing, a word is unknown or a policy fails, is refused and says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from uuid import UUID

from services.consent.domain.agreements import Obligation
from services.consent.domain.bases import PUBLIC, SAFEGUARDING, Basis, Condition
from services.consent.domain.cedar import OVERRIDE, Verdict, verdicts
from services.consent.domain.conditions import unmet
from services.consent.domain.facts import Answer, Answers, OfCaller, OfPerson, Request, Why
from services.consent.domain.policies import Own, Policies, conditions_of
from shared.categories import CATEGORIES, Group
from shared.purposes import Purpose


def decide(
    policies: Policies,
    caller: OfCaller,
    people: Mapping[UUID, OfPerson],
    categories: Sequence[str],
) -> Answers:
    """An answer for each of `people` and `categories`, each person by its own facts.

    Every category that is asked for is answered, an unknown one too; no other is.
    """
    if caller.purpose not in list(Purpose):
        unknown = dict.fromkeys(categories, Answer(False, Why.UNKNOWN_PURPOSE))
        return dict.fromkeys(people, unknown)
    own = policies.slices[Purpose(caller.purpose)].own(caller)
    known = [code for code in categories if code in CATEGORIES]
    asked = {facts: _asked(own, caller, facts, known) for facts in dict.fromkeys(people.values())}
    answered = _answered(own, caller, chain.from_iterable(asked.values()))
    unknown = dict.fromkeys(categories, Answer(False, Why.UNKNOWN_CATEGORY))
    of_facts = {facts: unknown | _each_of(alike, answered) for facts, alike in asked.items()}
    return {person: of_facts[facts] for person, facts in people.items()}


def _asked(
    own: Own, caller: OfCaller, facts: OfPerson, categories: Iterable[str]
) -> dict[Request, list[str]]:
    """One request for all categories that neither a policy nor what was said of them tells apart.

    Deciding costs each request its time; a record has many categories and few that differ.
    """
    alike: dict[tuple[str, object], list[str]] = {}
    for code in categories:
        alike.setdefault((own.like(code), facts.said_of(code)), []).append(code)
    return {
        Request(caller, facts.as_to(codes[0], like), like): codes
        for (like, _), codes in alike.items()
    }


def _each_of(
    alike: Mapping[Request, Sequence[str]], answered: Mapping[Request, Answer]
) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for request, codes in alike.items():
        found |= dict.fromkeys(codes, answered[request])
    return found


def _answered(own: Own, caller: OfCaller, requests: Iterable[Request]) -> Mapping[Request, Answer]:
    """Each answer, found once however many people have equal facts; it is kept for this call."""
    each = list(dict.fromkeys(requests))
    if caller.has_sent:
        return {request: _own_submission(request) for request in each}
    found = zip(each, verdicts(own.policies, caller, each), strict=True)
    return {request: _answer(own, request, verdict) for request, verdict in found}


def _own_submission(request: Request) -> Answer:
    """What it has sent itself rests on no basis, for nothing is released; sealed is sealed."""
    if request.is_in(Group.SEALED):
        return Answer(False, Why.SEALED)
    return Answer(True, Why.OWN_SUBMISSION)


def _answer(own: Own, request: Request, verdict: Verdict) -> Answer:
    if verdict.fault:
        return Answer(False, verdict.fault)
    if verdict.forbids:
        return Answer(False, verdict.forbids[0])
    clauses = [key for key in verdict.permits if key != OVERRIDE]
    if clauses:
        return _by_clauses(own, clauses, request)
    if verdict.permits:
        return _by_override(request)
    return Answer(False, unmet(own.bounds.values(), request))


def _by_clauses(own: Own, keys: Sequence[str], request: Request) -> Answer:
    """What several clauses permit rests on each of them, and obliges to what each of them asks."""
    named, category = [own.bounds[key].clause for key in keys], request.category
    return Answer(
        True,
        Why.PERMITTED,
        clauses=tuple(keys),
        bases=_each(str(clause.basis) for clause in named),
        conditions=_each(one for clause in named for one in conditions_of(clause, category)),
        obligations=_obliged(
            request,
            chain.from_iterable(clause.obligations for clause in named),
            by_override=request.person.needs_override(request.caller.purpose),
        ),
    )


def _each(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))


def _by_override(request: Request) -> Answer:
    """A public body protects in its task; others in the interest that the law recognises."""
    public = request.caller.kind in PUBLIC
    basis = Basis.PUBLIC_TASK if public else Basis.RECOGNISED_INTEREST
    return Answer(
        True,
        Why.PERMITTED_BY_OVERRIDE,
        bases=(str(basis),),
        conditions=(f"{Condition.SUBSTANTIAL_PUBLIC_INTEREST}/{SAFEGUARDING}",),
        obligations=_obliged(
            request, [Obligation.RECORD_WHY, Obligation.TELL_THE_FAMILY], by_override=True
        ),
    )


def _obliged(
    request: Request, obligations: Iterable[Obligation], *, by_override: bool
) -> tuple[str, ...]:
    """Nobody is obliged to tell the family of an override of which it is unsafe to tell."""
    untold = by_override and request.category in request.person.untold
    less = {Obligation.TELL_THE_FAMILY} if untold else set()
    return _each(str(one) for one in {*obligations} - less)
