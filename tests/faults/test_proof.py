"""The proof can fail: it notices what a fault could do."""

from collections.abc import Callable

import pytest

from tests.faults.proof import WAY, Order, assert_announced_in_order

Damage = Callable[[Order], object]


def written() -> Order:
    """Two referrals that went the whole way."""
    return {key: {f"{key}-{step}": type_ for step, type_ in enumerate(WAY)} for key in "ab"}


def _swap(heard: Order) -> None:
    heard["a"] = dict(reversed(heard["a"].items()))


DAMAGES: dict[str, Damage] = {
    "an event lost": lambda heard: heard["a"].pop("a-1"),
    "a referral lost": lambda heard: heard.pop("b"),
    "events swapped": _swap,
    "an event that was never written": lambda heard: heard["a"].update({"b-1": WAY[1]}),
    "another type": lambda heard: heard["a"].update({"a-1": WAY[3]}),
}


def test_what_was_written_is_what_was_heard() -> None:
    assert_announced_in_order(written(), written())


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_noticed(damage: Damage) -> None:
    heard = written()
    damage(heard)
    with pytest.raises(AssertionError):
        assert_announced_in_order(heard, written())
