"""Proofs: those of RFC 6962's own definitions hold, and nothing that differs from one does."""

import os
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.consent.domain.merkle import (
    EMPTY_ROOT,
    Node,
    Tree,
    completed,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    needed,
    node_hash,
    proof,
    proves_consistency,
    proves_inclusion,
    whole_in,
)

EXAMPLES = 2_000 if os.environ.get("PROVE") else 150
LEAVES = [leaf_hash(str(number).encode()) for number in range(130)]
OTHER = leaf_hash(b"of another tree")


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962, section 2.1, defines it, from the hashes of the leaves."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = half(len(leaves))
    return node_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def half(n: int) -> int:
    """The largest power of two smaller than n."""
    return max(1 << power for power in range(n.bit_length()) if 1 << power < n)


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH as section 2.1.1 defines it."""
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), root_of(leaves[k:])]
    return [*path(m - k, leaves[k:]), root_of(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF as section 2.1.2 defines it."""
    if m == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = half(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), root_of(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), root_of(leaves[:k])]


def _made(size: int) -> dict[Node, bytes]:
    return Tree().grown(LEAVES[:size])[1]


sizes = st.integers(min_value=1, max_value=len(LEAVES))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=12))
def test_a_tree_grown_in_parts_has_the_root_of_all_its_leaves(parts: list[int]) -> None:
    tree, made = Tree(), dict[Node, bytes]()
    for part in parts:
        tree, more = tree.grown(LEAVES[tree.size : tree.size + part])
        made |= more

    assert tree.root() == root_of(LEAVES[: sum(parts)])
    assert list(made) == list(completed(0, tree.size))
    assert [made[node] for node in whole_in(range(tree.size))] == list(tree.peaks)
    assert all(made[n] == root_of(LEAVES[n.leaves.start : n.leaves.stop]) for n in made)


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100, 130])
def test_every_proof_is_that_of_the_rfc_and_holds(size: int) -> None:
    made, root = _made(size), root_of(LEAVES[:size])

    for index in range(size):
        ranges = inclusion_ranges(index, size)
        hashes = proof(ranges, {node: made[node] for node in needed(ranges)})
        assert hashes == path(index, LEAVES[:size])
        assert proves_inclusion(index, size, LEAVES[index], hashes, root)
    for old in range(1, size + 1):
        ranges = consistency_ranges(old, size)
        hashes = proof(ranges, {node: made[node] for node in needed(ranges)})
        assert hashes == subproof(old, LEAVES[:size])
        assert proves_consistency(old, size, root_of(LEAVES[:old]), root, hashes)


def spoilt(hashes: list[bytes]) -> st.SearchStrategy[list[bytes]]:
    """The proof with a bit flipped, cut, with something added, in another order, of odd lengths."""
    places = st.integers(0, max(0, len(hashes) - 1))
    several = st.just([OTHER, *hashes])
    if not hashes:
        return several
    return st.one_of(
        several,
        st.builds(lambda at, bit: flipped(hashes, at, bit), places, st.integers(0, 255)),
        st.builds(lambda at: hashes[:at] + hashes[at + 1 :], places),
        st.builds(lambda at: [*hashes[:at], OTHER, *hashes[at:]], places),
        st.builds(lambda at: [*hashes[:at], hashes[at], *hashes[at:]], places),
        st.builds(lambda at: [*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]], places),
        st.builds(lambda at: [*hashes[:at], hashes[at] + b"\0", *hashes[at + 1 :]], places),
        st.just([*hashes, b""]),
        st.just([*hashes, OTHER]),
        st.just([]),
        st.permutations(hashes),
    ).filter(lambda changed: changed != hashes)


def flipped(hashes: list[bytes], at: int, bit: int) -> list[bytes]:
    """With one bit of one hash changed."""
    changed = bytearray(hashes[at])
    changed[bit // 8] ^= 1 << bit % 8
    return [*hashes[:at], bytes(changed), *hashes[at + 1 :]]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_spoilt_proof_of_a_leaf_is_refused(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    root, hashes = root_of(LEAVES[:size]), path(index, LEAVES[:size])
    assert proves_inclusion(index, size, LEAVES[index], hashes, root)

    changed = data.draw(spoilt(hashes))

    assert not proves_inclusion(index, size, LEAVES[index], changed, root)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_spoilt_proof_of_growth_is_refused(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(1, new))
    roots, hashes = (root_of(LEAVES[:old]), root_of(LEAVES[:new])), subproof(old, LEAVES[:new])
    assert proves_consistency(old, new, *roots, hashes)

    changed = data.draw(spoilt(hashes))

    assert not proves_consistency(old, new, *roots, changed)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_proof_is_of_its_own_leaf_place_tree_and_root_alone(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    leaf, root, hashes = LEAVES[index], root_of(LEAVES[:size]), path(index, LEAVES[:size])
    assert proves_inclusion(index, size, leaf, hashes, root)

    elsewhere = data.draw(st.integers(-2, 2 * size).filter(lambda at: at != index))

    assert not proves_inclusion(elsewhere, size, leaf, hashes, root)
    assert not proves_inclusion(index, size, OTHER, hashes, root)
    assert not proves_inclusion(index, size, leaf, hashes, OTHER)
    assert not proves_inclusion(index, size, leaf[:-1], hashes, root)
    assert not proves_inclusion(index, size, leaf, hashes, root + b"\0")
    if size > 1:
        assert not proves_inclusion(index, size, root, hashes, leaf), "roles swapped"
        assert not proves_inclusion(index, size * 2, leaf, hashes, root)
        assert not proves_inclusion(index, size // 2, leaf, hashes, root)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_proof_of_growth_is_of_its_own_sizes_and_roots_alone(data: st.DataObject) -> None:
    new = data.draw(sizes.filter(lambda size: size > 1))
    old = data.draw(st.integers(1, new - 1))
    before, after = root_of(LEAVES[:old]), root_of(LEAVES[:new])
    hashes = subproof(old, LEAVES[:new])
    assert proves_consistency(old, new, before, after, hashes)

    other = data.draw(st.integers(-2, 2 * new).filter(lambda size: size != old))

    assert not proves_consistency(other, new, before, after, hashes)
    assert not proves_consistency(new, old, after, before, hashes), "roles swapped"
    assert not proves_consistency(old, new, after, before, hashes), "roots swapped"
    assert not proves_consistency(old, new, OTHER, after, hashes)
    assert not proves_consistency(old, new, before, OTHER, hashes)
    assert not proves_consistency(old, new * 2, before, after, hashes)


def test_of_an_empty_tree_nothing_is_proved() -> None:
    assert proves_consistency(1, 1, LEAVES[0], LEAVES[0], [])
    assert proves_inclusion(0, 1, LEAVES[0], [], LEAVES[0])

    assert not proves_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not proves_consistency(0, 1, EMPTY_ROOT, LEAVES[0], [])
    assert not proves_consistency(0, 1, OTHER, LEAVES[0], [LEAVES[0]])
    assert not proves_consistency(1, 2, LEAVES[0], root_of(LEAVES[:2]), [])
    assert not proves_inclusion(0, 0, LEAVES[0], [], LEAVES[0])
    assert not proves_inclusion(0, 0, EMPTY_ROOT, [], EMPTY_ROOT)
    for index, size in ((0, 0), (1, 1), (-1, 1)):
        with pytest.raises(ValueError, match="leaf of the tree"):
            inclusion_ranges(index, size)
    for old, new in ((0, 0), (0, 1), (2, 1), (-1, 1)):
        with pytest.raises(ValueError, match="tree with leaves"):
            consistency_ranges(old, new)


def test_bytes_that_are_moved_from_one_hash_into_its_neighbour_prove_nothing() -> None:
    """The two are hashed one after the other: without their lengths they are the same bytes."""
    root, (left,) = root_of(LEAVES[:2]), path(1, LEAVES[:2])
    leaf = LEAVES[1]
    assert proves_inclusion(1, 2, leaf, [left], root)

    moved_leaf, moved_left = leaf[1:], left + leaf[:1]

    assert node_hash(moved_left, moved_leaf) == root
    assert not proves_inclusion(1, 2, moved_leaf, [moved_left], root)
    assert not proves_inclusion(0, 1, b"", [], b"")
    assert not proves_consistency(1, 1, b"", b"", [])
    assert not proves_consistency(1, 2, left + leaf[:1], root, [moved_leaf])


def test_a_tree_does_not_follow_from_one_that_it_does_not_begin_with() -> None:
    other = [OTHER, *LEAVES[1:6]]
    assert proves_consistency(
        4, 6, root_of(LEAVES[:4]), root_of(LEAVES[:6]), subproof(4, LEAVES[:6])
    )

    assert not proves_consistency(4, 6, root_of(LEAVES[:4]), root_of(other), subproof(4, other))
