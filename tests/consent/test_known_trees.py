"""The well-known tree of eight leaves, whose hashes every Certificate Transparency log agrees on.

The leaves, roots and proofs are those of the RFC 6962 test tree that Google's C++ log, Trillian and
Tessera have been checked with (transparency-dev/merkle, `proof/verify_test.go`).
"""

import pytest

from services.consent.domain.merkle import (
    EMPTY_ROOT,
    Tree,
    consistency_ranges,
    inclusion_ranges,
    leaf_hash,
    needed,
    node_hash,
    proof,
    proves_consistency,
    proves_inclusion,
)

LEAVES = [
    bytes.fromhex(content)
    for content in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
"""The root of the first 0, 1, … 8 leaves."""
INCLUSIONS = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""By leaf and size."""
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
    (6, 7): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
"""By old and new size."""


def _known() -> dict[tuple[int, int], bytes]:
    _, made = Tree().grown(map(leaf_hash, LEAVES))
    return {(node.level, node.number): found for node, found in made.items()}


def test_a_leaf_and_a_node_of_the_same_bytes_have_different_hashes() -> None:
    assert leaf_hash(b"") == ROOTS[1]
    assert node_hash(leaf_hash(b""), leaf_hash(b"\x00")) == ROOTS[2]

    both = leaf_hash(b"") + leaf_hash(b"\x00")

    assert leaf_hash(both) != node_hash(both[:32], both[32:])


@pytest.mark.parametrize("size", range(9))
def test_the_first_leaves_have_the_root_that_everybody_knows(size: int) -> None:
    tree, _ = Tree().grown(map(leaf_hash, LEAVES[:size]))

    assert tree.root() == ROOTS[size]
    assert ROOTS[0] == EMPTY_ROOT


@pytest.mark.parametrize(("index", "size"), INCLUSIONS)
def test_a_leaf_is_proved_by_the_hashes_that_everybody_knows(index: int, size: int) -> None:
    _, made = Tree().grown(map(leaf_hash, LEAVES))
    ranges = inclusion_ranges(index, size)

    hashes = proof(ranges, {node: made[node] for node in needed(ranges)})

    assert [one.hex() for one in hashes] == INCLUSIONS[index, size]
    assert proves_inclusion(index, size, leaf_hash(LEAVES[index]), hashes, ROOTS[size])


@pytest.mark.parametrize(("old", "new"), CONSISTENCIES)
def test_growth_is_proved_by_the_hashes_that_everybody_knows(old: int, new: int) -> None:
    _, made = Tree().grown(map(leaf_hash, LEAVES))
    ranges = consistency_ranges(old, new)

    hashes = proof(ranges, {node: made[node] for node in needed(ranges)})

    assert [one.hex() for one in hashes] == CONSISTENCIES[old, new]
    assert proves_consistency(old, new, ROOTS[old], ROOTS[new], hashes)


def test_the_roots_in_the_middle_of_the_tree_are_nodes_of_it() -> None:
    known = _known()

    assert [known[1, 0], known[2, 0], known[3, 0]] == [ROOTS[2], ROOTS[4], ROOTS[8]]
