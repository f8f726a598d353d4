"""The Merkle tree of RFC 6962: hashes, roots, and proofs made from the hashes of whole subtrees.

Leaves and nodes are hashed with different first bytes, so that a node never passes for a leaf. A
subtree of 2^level leaves never changes once it is whole: roots and proofs need the hashes of
O(log n) such subtrees and no leaf. Proofs are checked as RFC 9162, sections 2.1.3.2 and 2.1.4.2,
say, and nothing is provable of an empty tree. Every hash is SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of a tree without leaves."""


class Node(NamedTuple):
    """A whole subtree: the one with this `number`, from 0, of those with 2^`level` leaves."""

    level: int
    number: int

    @property
    def leaves(self) -> range:
        """The leaves below it."""
        return range(self.number << self.level, (self.number + 1) << self.level)


def leaf_hash(content: bytes) -> bytes:
    """The hash of what a leaf holds."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def whole_in(leaves: range) -> list[Node]:
    """The largest whole subtrees that cover `leaves`, from left to right.

    `leaves` begins where a subtree of its own size may begin, as every range in a proof does.
    """
    found, begin = [], leaves.start
    while begin < leaves.stop:
        level = (leaves.stop - begin).bit_length() - 1
        found.append(Node(level, begin >> level))
        begin += 1 << level
    return found


def completed(old: int, new: int) -> Iterator[Node]:
    """The subtrees that become whole while a tree grows from `old` to `new` leaves, in order."""
    for index in range(old, new):
        yield Node(0, index)
        level, rest = 0, index
        while rest & 1:
            level, rest = level + 1, rest >> 1
            yield Node(level, rest)


@dataclass(frozen=True)
class Tree:
    """A tree as its size and the hashes of `whole_in(range(size))`: enough to grow and to sign."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The root hash."""
        return _joined(self.peaks) if self.peaks else EMPTY_ROOT

    def grown(self, leaves: Iterable[bytes]) -> tuple["Tree", dict[Node, bytes]]:
        """The tree with more leaves (their hashes), and every subtree that became whole."""
        size, peaks = self.size, list(self.peaks)
        made: dict[Node, bytes] = {}
        for leaf in leaves:
            node, known = Node(0, size), leaf
            made[node] = known
            while node.number & 1:
                known = node_hash(peaks.pop(), known)
                node = Node(node.level + 1, node.number >> 1)
                made[node] = known
            peaks.append(known)
            size += 1
        return Tree(size, tuple(peaks)), made


EMPTY = Tree()


def _joined(hashes: Sequence[bytes]) -> bytes:
    """One hash for subtrees side by side, each smaller than the one on its left."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def _split(size: int) -> int:
    """The leaves of the left half: the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[range]:
    """The leaves under each hash that proves leaf `index` in a tree of `size`, in proof order.

    Source: RFC 6962, section 2.1.1. Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError("Only a leaf of the tree can be proved to be in it")
    begin, end, found = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            found.append(range(middle, end))
            end = middle
        else:
            found.append(range(begin, middle))
            begin = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[range]:
    """The leaves under each hash that proves a tree of `old` to be the beginning of one of `new`.

    Source: RFC 6962, section 2.1.2. Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError("Only a tree with leaves can be proved to be the beginning of another")
    begin, end, found = 0, new, []
    while end > old:
        middle = begin + _split(end - begin)
        if old <= middle:
            found.append(range(middle, end))
            end = middle
        else:
            found.append(range(begin, middle))
            begin = middle
    if begin:  # else the old tree is one whole subtree, whose root the reader has
        found.append(range(begin, end))
    return found[::-1]


def needed(ranges: Iterable[range]) -> list[Node]:
    """The whole subtrees from which the hashes of `ranges` are made."""
    return [node for leaves in ranges for node in whole_in(leaves)]


def proof(ranges: Iterable[range], known: Mapping[Node, bytes]) -> list[bytes]:
    """The hashes of `ranges`, from those of `needed(ranges)`. Raises KeyError where one lacks."""
    return [_joined([known[node] for node in whole_in(leaves)]) for leaves in ranges]


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in hashes)


def _path(at: int, last: int, hashes: Sequence[bytes]) -> list[tuple[bytes, bool]] | None:
    """Each hash with whether it stands on the left, on the way up from node `at` of 0 … `last`.

    None where they are too many or too few to reach the top.
    """
    path = []
    for one in hashes:
        if last == 0:
            return None
        is_left = bool(at & 1) or at == last
        path.append((one, is_left))
        while is_left and at and not at & 1:  # has no neighbour on the right: goes up alone
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return path if last == 0 else None


def _climbed(begin: bytes, path: Iterable[tuple[bytes, bool]]) -> bytes:
    """The hash at the top."""
    found = begin
    for one, is_left in path:
        found = node_hash(one, found) if is_left else node_hash(found, one)
    return found


def proves_inclusion(
    index: int, size: int, leaf: bytes, hashes: Sequence[bytes], root: bytes
) -> bool:
    """Whether `hashes` prove that the leaf with the hash `leaf` is at `index` in that tree."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *hashes):
        return False
    path = _path(index, size - 1, hashes)
    return path is not None and _climbed(leaf, path) == root


def proves_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, hashes: Sequence[bytes]
) -> bool:
    """Whether `hashes` prove that the tree of `old` leaves is the beginning of that of `new`."""
    if not 0 < old <= new or not _are_hashes(old_root, new_root, *hashes):
        return False
    if old == new or not hashes:
        return old == new and not hashes and old_root == new_root
    begin, *rest = hashes if old & (old - 1) else (old_root, *hashes)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    path = _path(at, last, rest)
    if path is None:
        return False
    old_path = [step for step in path if step[1]]  # what stands on the right is new
    return _climbed(begin, old_path) == old_root and _climbed(begin, path) == new_root
