"""The proof can fail: it notices what a kill could do to the audit log."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.consent.served import Json
from tests.faults.readers import ALWAYS, CATEGORIES, ON_CONSENT
from tests.faults.sharing_proof import (
    GIVE,
    WITHDRAW,
    Kept,
    assert_every_consent_has_its_leaf_and_event,
    assert_every_leaf_has_its_decision,
    assert_every_release_has_its_leaf,
    assert_no_release_follows_its_withdrawal,
)

CHILD = "the child"


@dataclass
class Run:
    """A consent, given and withdrawn, and a disclosure before, between and after; a fourth cut."""

    leaves: list[Json] = field(default_factory=list)
    asked: dict[str, Json | None] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=lambda: {"c": True})
    announced: list[str] = field(default_factory=lambda: ["given", "withdrawn"])

    @classmethod
    def good(cls) -> "Run":
        run = cls()
        run.disclose("n1", ALWAYS)
        run.write(GIVE)
        run.disclose("n2", ALWAYS | ON_CONSENT)
        run.write(WITHDRAW)
        run.disclose("n3", ALWAYS)
        run.disclose("n4", ALWAYS)
        run.asked |= {"n4": None, "n5": None}
        return run

    def write(self, operation: str) -> None:
        self._append({"kind": "write", "operation": operation, "records": ["c"]})

    def disclose(self, call: str, permitted: frozenset[str]) -> None:
        parts = {True: sorted(permitted), False: sorted({*CATEGORIES} - permitted)}
        said = {
            "answers": [
                {"people": [CHILD], "categories": codes, "permitted": yes}
                for yes, codes in parts.items()
            ],
            "policy_hash": "h",
        }
        visible = [{"person_id": CHILD, "categories": parts[True]}]
        self.asked[call] = said | {"audit_index": len(self.leaves), "permitted": visible}
        self._append(deepcopy(said) | {"kind": "decision", "operation": call, "people": [CHILD]})

    def _append(self, leaf: Json) -> None:
        self.leaves.append(leaf | {"index": len(self.leaves)})

    def check(self) -> None:
        released = {call: answer for call, answer in self.asked.items() if answer}
        assert_every_release_has_its_leaf(released, self.leaves)
        assert_every_leaf_has_its_decision(self.asked, self.leaves)
        assert_no_release_follows_its_withdrawal(self.leaves)
        kept = Kept(self.leaves, self.consents, self.announced)
        assert_every_consent_has_its_leaf_and_event(kept)


def _swap(run: Run, one: int, other: int) -> None:
    run.leaves[one], run.leaves[other] = run.leaves[other], run.leaves[one]


def _permitted(answer: Any) -> None:
    answer["answers"][0]["categories"] += ["health.mental"]


DAMAGES: dict[str, Callable[[Run], object]] = {
    "a release whose leaf is lost": lambda run: run.leaves.pop(4),
    "a leaf that says another thing": lambda run: _permitted(run.leaves[2]),
    "an answer that says another thing": lambda run: _permitted(run.asked["n2"]),
    "a call with two leaves": lambda run: run.leaves.append(run.leaves[5]),
    "a leaf that nobody asked for": lambda run: run.asked.pop("n4"),
    "a leaf that is not whole": lambda run: run.leaves[5]["answers"].pop(),
    "a release after its withdrawal": lambda run: _swap(run, 2, 3),
    "a consent without its leaf": lambda run: run.consents.update({"d": False}),
    "a withdrawal without its leaf": lambda run: run.leaves.pop(3),
    "a consent that is not announced": lambda run: run.announced.pop(0),
}


def test_a_run_in_which_nothing_went_wrong_is_proved() -> None:
    Run.good().check()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_went_wrong_is_noticed(damage: Callable[[Run], object]) -> None:
    run = Run.good()
    damage(run)
    with pytest.raises((AssertionError, IndexError)):
        run.check()
