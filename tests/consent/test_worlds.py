"""Every answer of the hub against the oracle, and each rule against its absence."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from time import process_time

import pytest

from services.consent.domain.conditions import ASKS, Ask
from services.consent.domain.facts import Answer, Why
from services.consent.domain.policies import GUARD_RAILS, Own, Policies
from tests.consent.oracle import GUARDS, PURPOSES, Told, decide
from tests.consent.shapes import Person, World
from tests.consent.through_the_hub import answers, id_of, policies_of
from tests.consent.worlds import worlds
from tests.figures import Figures

COUNT = 100_000 if os.environ.get("PROVE") else 5_000
ENOUGH = 3_000
"""Worlds in which a rule that was taken out must be missed."""
Pair = tuple[World, Person, str, Told, Told]
"""What the oracle and what the hub says of one category of one person."""


def told(answer: Answer) -> Told:
    return Told(
        str(answer.why), answer.clauses, answer.bases, answer.conditions, answer.obligations
    )


def compared(
    count: int,
    seed: int,
    guard_rails: Mapping[Why, str] = GUARD_RAILS,
    asks: Mapping[str, Ask] = ASKS,
) -> Iterator[Pair]:
    """Every category of every person of so many worlds, as both tell it."""
    under: object = None
    policies: Policies | None = None
    for world in worlds(count, seed):
        if policies is None or under is not world.agreements:
            policies, under = policies_of(world, guard_rails, asks), world.agreements
        found = answers(world, policies)
        for person in world.people:
            for category in world.asked:
                hub = told(found[id_of(person.number)][category])
                yield world, person, category, decide(world, person, category), hub


def is_permitted(said: Told) -> bool:
    return said.why.startswith("permitted") or said.why == "own_submission"


def test_every_answer_is_as_one_decides_it_by_hand(figures: Figures) -> None:
    begun = process_time()
    whys: Counter[str] = Counter()
    decisive: Counter[str] = Counter()
    differences = []
    for world, person, category, by_hand, hub in compared(COUNT, seed=Random().randrange(10**9)):  # noqa: S311 -- not a secret
        whys[by_hand.why] += 1
        if by_hand != hub:
            differences.append((category, by_hand, hub, person, world))
        if by_hand.why in GUARDS:
            decisive[by_hand.why] += is_permitted(decide(world, person, category, by_hand.why))
    spent = round(process_time() - begun, 1)

    assert differences[:1] == []
    permits = whys["permitted"] + whys["permitted_by_override"]
    share = round(100 * permits / whys.total())
    figures(
        "what is released against the oracle",
        worlds=COUNT,
        answers=whys.total(),
        differences=len(differences),
        permits=f"{share} %",
        processor_seconds=spent,
    )
    figures("guard-rails that alone decided", **decisive)
    assert share >= 30
    assert whys.keys() >= set(Why) - {Why.POLICY_ERROR}
    assert decisive.keys() == set(GUARDS)
    assert min(decisive.values()) >= 100


def missed(guard_rails: Mapping[Why, str] = GUARD_RAILS, asks: Mapping[str, Ask] = ASKS) -> bool:
    """Whether some answer differs where the policies lack something; it is always a leak."""
    for _, _, _, by_hand, hub in compared(ENOUGH, 1, guard_rails, asks):
        if is_permitted(hub) != is_permitted(by_hand):
            assert is_permitted(hub), "a rule that is taken out can only release more"
            return True
    return False


def test_with_every_rule_in_place_nothing_is_missed() -> None:
    assert not missed()


@pytest.mark.parametrize("why", GUARD_RAILS)
def test_a_guard_rail_that_is_taken_out_is_missed(why: Why) -> None:
    assert missed(guard_rails={one: text for one, text in GUARD_RAILS.items() if one is not why})


@pytest.mark.parametrize("name", ASKS)
def test_a_condition_that_is_taken_out_of_the_clauses_is_missed(name: str) -> None:
    assert missed(asks={one: ask for one, ask in ASKS.items() if one != name})


@pytest.mark.parametrize("part", [0, 1], ids=["groups", "clauses"])
def test_categories_decided_alike_though_something_tells_them_apart_are_missed(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Own._told_by
    monkeypatch.setattr(Own, "_told_by", lambda own, category: whole(own, category)[part])

    assert any(by_hand != hub for *_, by_hand, hub in compared(ENOUGH, 1))


def test_a_clause_that_served_every_purpose_is_missed() -> None:
    leaks = 0
    for world in worlds(200, 1):
        served = [
            replace(one, clauses=[replace(clause, purpose=world.purpose) for clause in one.clauses])
            for one in world.agreements
        ]
        if world.purpose not in PURPOSES:
            continue
        found = answers(world, policies_of(replace(world, agreements=served)))
        leaks += sum(
            found[id_of(person.number)][category].permitted
            and not is_permitted(decide(world, person, category))
            for person in world.people
            for category in world.asked
        )

    assert leaks > 0


def test_a_statement_that_outlived_the_end_of_an_involvement_is_missed() -> None:
    leaks = 0
    for world in worlds(500, 1):
        together = [replace(person, parted=False) for person in world.people]
        found = answers(replace(world, people=together), policies_of(world))
        leaks += sum(
            found[id_of(person.number)][category].permitted
            and not is_permitted(decide(world, person, category))
            for person in world.people
            for category in world.asked
        )

    assert leaks > 0
