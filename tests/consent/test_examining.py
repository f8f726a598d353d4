"""Whatever is done to the rows of the log, it is found, and it is said where."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.consent.domain.canonical import canonical
from services.consent.domain.checkpoints import Checkpoint
from services.consent.domain.examining import (
    Examined,
    Finding,
    Forged,
    Page,
    StoredRow,
    Wrong,
    ended,
    examine,
)
from services.consent.domain.merkle import EMPTY, Node, Tree, completed, leaf_hash
from tests.consent.conftest import LOG, NOW

EXAMPLES = 2_000 if os.environ.get("PROVE") else 200
Entries = list[dict[str, Any]]


def entries(size: int) -> Entries:
    """Leaves that all differ."""
    return [{"kind": "write", "number": number} for number in range(size)]


def hashed(said: Sequence[Any]) -> tuple[Tree, dict[Node, bytes]]:
    """The tree of these leaves and its nodes."""
    return EMPTY.grown(leaf_hash(canonical(entry)) for entry in said)


def checkpoint(said: Sequence[Any], size: int) -> Checkpoint:
    """What was signed when the log had its first `size` leaves."""
    return Checkpoint(LOG, size, hashed(said[:size])[0].root(), NOW)


def examined(
    rows: Sequence[StoredRow],
    nodes: dict[Node, bytes],
    checkpoints: Sequence[Checkpoint | Forged],
    *,
    size: int,
    page: int,
) -> Examined:
    """All pages, one after the other, as the store gives them."""
    so_far, due = Examined(), sorted(checkpoints, key=lambda one: one.size)
    while not so_far.is_over and (so_far.tree.size < size or due):
        begin = so_far.tree.size
        until = min(begin + page, size)
        now = [one for one in due if one.size <= until]
        due = due[len(now) :]
        given_rows = [row for row in rows if row.index >= begin or not begin][: until - begin]
        known = {n: nodes[n] for n in completed(begin, until) if n in nodes}
        so_far = examine(so_far, Page(given_rows, until - begin, known, now))
    return ended(so_far, due[0] if due else None)


def rows_of(said: Sequence[Any]) -> list[StoredRow]:
    """As the log stores them."""
    return [StoredRow(index, entry) for index, entry in enumerate(said)]


def _changed(said: Entries, at: int, other: int) -> Entries:
    return [*said[:at], {"kind": "write", "number": -1}, *said[at + 1 :]]


def _removed(said: Entries, at: int, other: int) -> Entries:
    return [*said[:at], *said[at + 1 :]]


def _swapped(said: Entries, at: int, other: int) -> Entries:
    swapped = list(said)
    swapped[at], swapped[other] = said[other], said[at]
    return swapped


def _inserted(said: Entries, at: int, other: int) -> Entries:
    return [*said[:at], {"kind": "write", "number": -1}, *said[at:]]


def _cut(said: Entries, at: int, other: int) -> Entries:
    return said[:at]


def _field_added(said: Entries, at: int, other: int) -> Entries:
    return [*said[:at], said[at] | {"code": ""}, *said[at + 1 :]]


DOINGS: list[Callable[[Entries, int, int], Entries]] = [
    _changed,
    _removed,
    _swapped,
    _inserted,
    _cut,
    _field_added,
]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_whatever_is_done_to_the_rows_is_found_where_it_was_done(data: st.DataObject) -> None:
    said = entries(data.draw(st.integers(2, 40)))
    size, page = len(said), data.draw(st.integers(1, 50))
    signed = [checkpoint(said, size), checkpoint(said, data.draw(st.integers(0, size)))]
    nodes = hashed(said)[1]
    sound = examined(rows_of(said), nodes, signed, size=size, page=page)
    assert (sound.finding, sound.checkpoints, sound.tree) == (None, 2, hashed(said)[0])

    at = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != at))
    done = data.draw(st.sampled_from(DOINGS))
    rows = rows_of(done(said, at, other))
    found = examined(rows, nodes, signed, size=max(size, len(rows)), page=page).finding

    first = min(at, other) if done is _swapped else at
    is_gone = done is _cut or (done is _removed and at == size - 1)
    assert found is not None
    assert (found.index, found.wrong) == (
        first,
        Wrong.ROW_MISSING if is_gone else Wrong.ROW_DIFFERS,
    )
    finders = [one for one in signed if one.size > first]
    assert found.found_by == min(finders, key=lambda one: one.size)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_rows_rewritten_with_their_hashes_contradict_the_first_later_checkpoint(
    data: st.DataObject,
) -> None:
    said = entries(data.draw(st.integers(2, 40)))
    size, page = len(said), data.draw(st.integers(1, 50))
    sizes = sorted({*data.draw(st.lists(st.integers(1, size))), size})
    signed = [checkpoint(said, one) for one in sizes]
    at = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != at))

    forged = data.draw(st.sampled_from(DOINGS))(said, at, other)
    until = max(size, len(forged))
    found = examined(rows_of(forged), hashed(forged)[1], signed, size=until, page=page).finding

    assert found is not None
    changed = next(
        (place for place, (a, b) in enumerate(zip(said, forged, strict=False)) if a != b),
        len(forged),
    )
    finder = next(one for one in signed if one.size > changed)
    before = max([0, *(one for one in sizes if one <= changed)])
    assert found.found_by == finder
    assert found in (
        Finding(before, Wrong.LOG_DIFFERS, finder),
        Finding(len(forged), Wrong.ROW_MISSING, finder),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_missing_row_in_the_middle_is_named(data: st.DataObject) -> None:
    said = entries(data.draw(st.integers(2, 40)))
    at, page = data.draw(st.integers(0, len(said) - 1)), data.draw(st.integers(1, 50))
    signed = checkpoint(said, len(said))
    rows = rows_of(said)

    found = examined(
        rows[:at] + rows[at + 1 :], hashed(said)[1], [signed], size=len(said), page=page
    ).finding

    assert found is not None
    assert (found.index, found.wrong) == (at, Wrong.ROW_MISSING)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_stored_hash_that_differs_is_told_apart_from_a_row_that_does(
    data: st.DataObject,
) -> None:
    said = entries(data.draw(st.integers(2, 40)))
    nodes, page = hashed(said)[1], data.draw(st.integers(1, 50))
    node = data.draw(st.sampled_from(sorted(nodes)))
    signed = checkpoint(said, len(said))

    spoilt = nodes | {node: leaf_hash(b"something else")}
    found = examined(rows_of(said), spoilt, [signed], size=len(said), page=page).finding

    assert found == Finding(node.leaves.start, Wrong.HASH_DIFFERS)


def test_a_checkpoint_is_named_only_for_what_it_speaks_of() -> None:
    """Rows rewritten with their hashes at 3, and besides something clumsy before or after that."""
    said, at_2, at_5 = entries(9), checkpoint(entries(9), 2), checkpoint(entries(9), 5)
    forged = _changed(said, 3, 0)
    nodes = hashed(forged)[1]
    rewritten = examined(rows_of(forged), nodes, [at_2, at_5], size=9, page=20).finding
    assert rewritten == Finding(2, Wrong.LOG_DIFFERS, at_5)

    for page in (20, 4, 1):
        signed = [at_2, at_5]
        later = examined(rows_of(_changed(forged, 7, 0)), nodes, signed, size=9, page=page)
        cut = examined(rows_of(forged)[:7], nodes, signed, size=9, page=page)
        before = examined(rows_of(forged), nodes | {Node(0, 1): b""}, signed, size=9, page=page)

        assert (later.finding, cut.finding) == (rewritten, rewritten)
        assert before.finding == Finding(1, Wrong.HASH_DIFFERS)


def test_a_forged_checkpoint_hides_none_of_the_others_and_a_size_is_signed_too() -> None:
    said, signed = entries(9), checkpoint(entries(9), 8)
    nodes = hashed(said)[1]
    changed = examined(rows_of(_changed(said, 3, 0)), nodes, [signed], size=9, page=20).finding
    assert changed == Finding(3, Wrong.ROW_DIFFERS, signed)

    beside = examined(
        rows_of(_changed(said, 3, 0)), nodes, [Forged(5), signed], size=9, page=20
    ).finding
    larger = replace(signed, size=9)
    cut = examined(rows_of(said)[:8], nodes, [signed, larger], size=9, page=20).finding

    assert beside == changed
    assert cut == Finding(8, Wrong.ROW_MISSING, larger)


def test_a_row_before_every_other_one_and_a_row_that_is_no_leaf_are_found() -> None:
    said = entries(3)
    nodes = hashed(said)[1]
    odd: list[Any] = ["text", None, 7, ["list"]]
    assert examined(rows_of(said), nodes, [], size=3, page=2).finding is None

    before = examined([StoredRow(-1, {}), *rows_of(said)], nodes, [], size=3, page=2)

    assert before.finding == Finding(0, Wrong.ROW_MISSING)
    for entry in odd:
        rows = rows_of([said[0], entry, said[2]])
        finding = examined(rows, nodes, [], size=3, page=2).finding
        assert finding == Finding(1, Wrong.ROW_DIFFERS)


def test_a_checkpoint_that_was_not_signed_and_a_detail_that_differs_are_found() -> None:
    said: Entries = [*entries(2), {"kind": "write", "detail": "ab" * 32}]
    nodes, signed = hashed(said)[1], checkpoint(said, 3)
    rows = [*rows_of(said[:2]), StoredRow(2, said[2], bytes.fromhex("ab" * 32))]
    assert examined(rows, nodes, [signed], size=3, page=5).finding is None

    forged = examined(rows, nodes, [Forged(1), signed], size=3, page=5)
    differs = examined([*rows[:2], StoredRow(2, said[2], b"")], nodes, [signed], size=3, page=5)
    unpromised = examined([StoredRow(0, said[0], b"x" * 32), *rows[1:]], nodes, [], size=3, page=5)

    assert forged.finding == Finding(1, Wrong.CHECKPOINT_FORGED)
    assert differs.finding == Finding(2, Wrong.DETAIL_DIFFERS)
    assert unpromised.finding == Finding(0, Wrong.DETAIL_DIFFERS)
