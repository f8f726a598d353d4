"""Examining the log: are the rows that are stored still those that the checkpoints were signed for?

It hashes what the rows say, not what somebody stored as their hash: immudb's audit once called a
log consistent whose values had been edited on the disk (codenotary/immudb#2063). The stored hashes
are compared too, since proofs are made from them and they say which row it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from services.consent.domain.canonical import canonical
from services.consent.domain.checkpoints import Checkpoint
from services.consent.domain.merkle import EMPTY, Node, Tree, leaf_hash


class Wrong(StrEnum):
    """What is wrong with the log."""

    ROW_DIFFERS = "row_differs"
    """A row is not what was appended."""
    ROW_MISSING = "row_missing"
    HASH_DIFFERS = "hash_differs"
    """The rows are right, and a stored hash, from which proofs are made, is not."""
    LOG_DIFFERS = "log_differs"
    """Rows and stored hashes were rewritten together: they contradict a checkpoint alone."""
    DETAIL_DIFFERS = "detail_differs"
    DETAIL_MISSING = "detail_missing"
    """A detail is gone, and no leaf says that it was erased."""
    CHECKPOINT_FORGED = "checkpoint_forged"
    """What is stored as a checkpoint was not signed by the log."""


_FOUND_BY_CHECKPOINT = frozenset({Wrong.ROW_DIFFERS, Wrong.ROW_MISSING, Wrong.LOG_DIFFERS})


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong.

    `index` is the first wrong leaf; where the log differs, the first that may be wrong: all before
    it are proved by an earlier checkpoint. For a forged checkpoint it is the size it claims.
    """

    index: int
    wrong: Wrong
    found_by: Checkpoint | None = None
    """The first checkpoint that the rows contradict; None where none is younger than the change."""


@dataclass(frozen=True)
class Forged:
    """What is stored as a checkpoint of `size` leaves, and was not signed by the log."""

    size: int


@dataclass(frozen=True)
class StoredRow:
    """A row of the log."""

    index: int
    entry: Any
    detail: bytes | None = None
    """The salted hash of what is stored as its detail; None where nothing is, empty where that
    does not open."""

    def has_its_detail(self) -> bool:
        """Whether the detail, where there still is one, is what the leaf promised."""
        promised = self.entry.get("detail") if isinstance(self.entry, dict) else None
        return self.detail is None or self.detail.hex() == promised


@dataclass(frozen=True)
class Page:
    """The rows of the next `expected` leaves, as far as there are any.

    With them the stored hashes of the subtrees that they complete, and the checkpoints of a size
    up to the last of them that are not yet examined, in order of size.
    """

    rows: Sequence[StoredRow]
    expected: int
    nodes: Mapping[Node, bytes]
    checkpoints: Sequence[Checkpoint | Forged]


@dataclass(frozen=True)
class Examined:
    """How far the log is examined: the tree of the rows so far, and what was found."""

    tree: Tree = EMPTY
    agreed: int = 0
    """The size of the last checkpoint that the rows agree with."""
    checkpoints: int = 0
    """How many the rows agree with."""
    finding: Finding | None = None
    is_over: bool = False
    """Nothing more is to be learned from further rows."""


def examine(so_far: Examined, page: Page) -> Examined:
    """Go on with one more page."""
    begin = so_far.tree.size
    rows = [
        row for place, row in enumerate(page.rows, start=begin) if row.index == place
    ]  # after a gap every row is out of place
    hashes = [leaf_hash(canonical(row.entry)) for row in rows]
    tree, agreed, made = so_far.tree, so_far.agreed, dict[Node, bytes]()
    agreeing, contradicting = so_far.checkpoints, None
    for checkpoint in page.checkpoints:
        if isinstance(checkpoint, Forged):
            continue
        tree, more = tree.grown(hashes[tree.size - begin : checkpoint.size - begin])
        made |= more
        if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
            contradicting = checkpoint
            break
        agreed, agreeing = checkpoint.size, agreeing + 1
    tree, more = tree.grown(hashes[tree.size - begin :])
    finding = so_far.finding or _first_wrong(rows, made | more, page, begin)
    examined = Examined(tree, agreed, agreeing, finding)
    return _concluded(examined, contradicting, is_cut=len(rows) < page.expected)


def _first_wrong(
    rows: Sequence[StoredRow], made: Mapping[Node, bytes], page: Page, begin: int
) -> Finding | None:
    """The first difference that rows and stored hashes show between themselves."""
    found = []
    for node, known in made.items():  # in the order of growth: a row stands before what is above it
        if page.nodes.get(node) != known:
            wrong = Wrong.HASH_DIFFERS if node.level else Wrong.ROW_DIFFERS
            found.append(Finding(node.leaves.start, wrong))
            break
    detail = next((row.index for row in rows if not row.has_its_detail()), None)
    if detail is not None:
        found.append(Finding(detail, Wrong.DETAIL_DIFFERS))
    if len(rows) < page.expected:
        found.append(Finding(begin + len(rows), Wrong.ROW_MISSING))
    found += [
        Finding(one.size, Wrong.CHECKPOINT_FORGED)
        for one in page.checkpoints
        if isinstance(one, Forged)
    ][:1]
    return min(found, key=lambda finding: finding.index, default=None)


def _concluded(examined: Examined, contradicting: Checkpoint | None, *, is_cut: bool) -> Examined:
    """What the checkpoints add to what was found."""
    finding = examined.finding
    if contradicting is not None and (finding is None or finding.index >= examined.agreed):
        if finding is None or finding.index >= contradicting.size:
            finding = Finding(examined.agreed, Wrong.LOG_DIFFERS)
        return replace(examined, finding=_found_by(finding, contradicting), is_over=True)
    if finding is None:
        return examined
    if finding.wrong is Wrong.ROW_DIFFERS and examined.agreed > finding.index:
        finding = replace(finding, wrong=Wrong.HASH_DIFFERS)  # a checkpoint says the row is right
    is_over = is_cut or finding.wrong not in _FOUND_BY_CHECKPOINT
    return replace(examined, finding=finding, is_over=is_over)


def ended(so_far: Examined, following: Checkpoint | Forged | None) -> Examined:
    """The end, with the first checkpoint that was not examined any more, if there is one."""
    if so_far.finding is None or not isinstance(following, Checkpoint):
        return so_far
    return replace(so_far, finding=_found_by(so_far.finding, following))


def _found_by(finding: Finding, checkpoint: Checkpoint) -> Finding:
    """With the checkpoint, where it is one of those that such a change contradicts."""
    if finding.found_by is None and finding.wrong in _FOUND_BY_CHECKPOINT:
        return replace(finding, found_by=checkpoint)
    return finding
