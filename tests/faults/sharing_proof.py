"""What must be true of the audit log after every fault: no release without its leaf, and none lies.

A release is an answer that reached whoever asked. A leaf of a call that was cut may be there or
not: it was decided, and whether the answer left nobody can know.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.consent.served import Json, Service
from tests.faults.readers import ALWAYS, CATEGORIES, ON_CONSENT, Readers

GIVE, WITHDRAW = "consent.give", "consent.withdraw"
SAID = "answers", "policy_hash"
"""What a leaf and its answer say in the same words."""


@dataclass(frozen=True)
class Kept:
    """What the consent service's database holds after it."""

    leaves: Sequence[Json]
    consents: Mapping[str, bool]
    """Whether each was withdrawn."""
    announced: Sequence[str]

    @classmethod
    async def of(cls, service: Service) -> "Kept":
        given = await service.rows("select id::text, withdrawn_at is not null from consent")
        return cls(await service.leaves(), dict(given), await service.events())


def assert_the_log_says_what_happened(readers: Readers, kept: Kept) -> None:
    """Every claim about releases, decisions and consents."""
    assert [leaf["index"] for leaf in kept.leaves] == list(range(len(kept.leaves)))
    assert_every_release_has_its_leaf(readers.released, kept.leaves)
    assert_every_leaf_has_its_decision(readers.asked, kept.leaves)
    assert_no_release_follows_its_withdrawal(kept.leaves)
    assert_every_consent_has_its_leaf_and_event(kept)
    assert readers.given <= kept.consents.keys()
    assert readers.withdrawn <= {one for one, gone in kept.consents.items() if gone}


def assert_every_release_has_its_leaf(released: Mapping[str, Json], leaves: Sequence[Json]) -> None:
    """One alone, where the answer says, and of the same words."""
    for call, answer in released.items():
        leaf = leaves[answer["audit_index"]]
        assert (leaf["kind"], leaf["operation"]) == ("decision", call)
        assert [leaf[name] for name in SAID] == [answer[name] for name in SAID]
        assert _permitted(leaf) == {
            (visible["person_id"], code)
            for visible in answer["permitted"]
            for code in visible["categories"]
        }


def assert_every_leaf_has_its_decision(
    asked: Mapping[str, Json | None], leaves: Sequence[Json]
) -> None:
    """Of a call that was made, once, and with an answer for everybody and every category."""
    decisions = list(_decisions(leaves))
    calls = [leaf["operation"] for leaf in decisions]
    assert len(calls) == len(set(calls)), "a call was decided twice"
    assert set(calls) <= asked.keys(), "nobody asked for this"
    for leaf in decisions:
        told = sorted(pair for answer in leaf["answers"] for pair in _pairs(answer))
        assert told == sorted((one, code) for one in leaf["people"] for code in CATEGORIES)


def assert_no_release_follows_its_withdrawal(leaves: Sequence[Json]) -> None:
    """Each decision says what the changes before it in the log have left."""
    agreed = False
    for leaf in leaves:
        if leaf.get("operation") in (GIVE, WITHDRAW):
            agreed = leaf["operation"] == GIVE
        elif leaf["kind"] == "decision":
            seen = {code for _, code in _permitted(leaf)}
            assert seen == (ALWAYS | ON_CONSENT if agreed else ALWAYS), leaf["index"]


def assert_every_consent_has_its_leaf_and_event(kept: Kept) -> None:
    """What is committed is logged and announced, and the other way round.

    A leaf names what was said first, then what that supersedes: something that was said before.
    """
    written: dict[str, list[str]] = {GIVE: [], WITHDRAW: []}
    for leaf in kept.leaves:
        if (operation := leaf.get("operation")) in written:
            said, *superseded = leaf["records"]
            assert {*superseded} <= {*written[GIVE]}
            written[operation].append(said)
    assert sorted(written[GIVE]) == sorted(kept.consents)
    assert sorted(written[WITHDRAW]) == sorted(one for one, gone in kept.consents.items() if gone)
    assert kept.announced.count("given") == len(written[GIVE])
    assert kept.announced.count("withdrawn") == len(written[WITHDRAW])


def cut_after_commit(readers: Readers, leaves: Sequence[Json]) -> int:
    """Calls that were decided and logged, and whose answer never arrived."""
    decided = {leaf["operation"] for leaf in _decisions(leaves)}
    return len(decided - readers.released.keys())


def _decisions(leaves: Sequence[Json]) -> Iterator[Json]:
    return (leaf for leaf in leaves if leaf["kind"] == "decision")


def _pairs(answer: Json) -> list[tuple[str, str]]:
    return [(person, code) for person in answer["people"] for code in answer["categories"]]


def _permitted(leaf: Json) -> set[tuple[str, str]]:
    return {pair for one in leaf["answers"] if one["permitted"] for pair in _pairs(one)}
