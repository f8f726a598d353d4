"""What was said of a person is erased for good; that it happened, and every proof, stays."""

import asyncio

import pytest

from services.consent.actions import audit
from services.consent.actions.verifying import verify
from services.consent.domain.canonical import canonical
from services.consent.domain.leaves import By, committed
from services.consent.domain.merkle import leaf_hash, proves_consistency, proves_inclusion
from services.consent.store import audit as store
from shared.ids import new_id
from tests.consent.conftest import NOW, Kept, a_decision

WORDS = "Her aunt said that he came back at night."
RETENTION = By(client_id="consent-retention")
PERSON, SIBLING = new_id(), new_id()


async def _with_details(kept: Kept) -> None:
    """Of somebody else, of the person, of both, of the sibling, and one without words."""
    await kept.append(
        a_decision(detail={"reason": "Of somebody else."}),
        a_decision(PERSON, detail={"reason": WORDS}),
        a_decision(PERSON, SIBLING, detail={"reason": f"Both: {WORDS}"}),
        a_decision(SIBLING, detail={"reason": "The sibling's alone."}),
        a_decision(PERSON),
    )


async def _details(kept: Kept) -> dict[int, str]:
    async with kept.log.db.reading() as connection:
        found = {
            index: await store.detail(connection, index, kept.log.cipher) for index in range(5)
        }
    return {index: said["reason"] for index, said in found.items() if said}


async def test_the_words_are_readable_until_they_are_erased_and_then_no_more(kept: Kept) -> None:
    await _with_details(kept)
    assert (await _details(kept))[1] == WORDS

    gone = await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW)

    assert gone == [1, 2]
    assert list(await _details(kept)) == [0, 3]
    assert kept.ask("select leaf_index from audit_detail order by 1").split() == ["0", "3"]


async def test_every_proof_from_before_and_after_an_erasure_holds(kept: Kept) -> None:
    await _with_details(kept)
    before = await kept.checkpoint()
    proved = await audit.prove_inclusion(kept.log, 1)

    await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW)

    after = await kept.checkpoint(hours=1)
    for size, root in ((before.size, before.root), (after.size, after.root)):
        again = await audit.prove_inclusion(kept.log, 1, size)
        leaf = leaf_hash(canonical(again.entry))
        assert again.entry == proved.entry
        assert proves_inclusion(1, size, leaf, again.hashes, root)
    hashes = await audit.prove_consistency(kept.log, before.size, after.size)
    assert proves_consistency(before.size, after.size, before.root, after.root, hashes)
    verified = await verify(kept.log)
    assert (verified.checkpoints, verified.finding) == (2, None)


async def test_an_erasure_is_a_leaf_that_says_by_whom_and_of_which_leaves(kept: Kept) -> None:
    await _with_details(kept)
    await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW)

    async with kept.log.db.reading() as connection:
        entry = await store.entry(connection, 5)

    assert entry == {
        "v": 1,
        "kind": "erasure",
        "at": "2026-11-18T12:00:00Z",
        "by": {"client_id": "consent-retention"},
        "people": [str(PERSON)],
        "leaves": [1, 2],
    }


async def test_a_second_erasure_finds_nothing_and_leaves_no_leaf(kept: Kept) -> None:
    await _with_details(kept)
    assert await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW) == [1, 2]

    again = await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW)

    assert again == []
    assert kept.ask("select count(*) from audit_leaf") == "6"


async def test_whoever_guesses_the_words_cannot_tell_from_the_log_that_they_were_said(
    kept: Kept,
) -> None:
    """The salt is sealed with the words: a copy of the database does not help to guess either."""
    said = {"reason": WORDS}
    await kept.append(a_decision(PERSON, detail=said), a_decision(PERSON, detail=said))
    entries = kept.ask("select entry ->> 'detail' from audit_leaf order by index").split()

    assert [len(hashed) for hashed in entries] == [64, 64]
    assert entries[0] != entries[1], "the same words twice do not look the same"
    dumped = kept.ask(
        "select t::text from audit_leaf t union all select t::text from audit_detail t"
    )
    assert WORDS not in dumped
    assert WORDS.encode().hex() not in dumped
    for salt in (b"", bytes(32)):
        assert committed(said, salt).hex() not in entries


async def test_what_is_being_said_while_somebody_is_erased_is_erased_too(kept: Kept) -> None:
    """The erasure waits for whoever appends, and then finds what that has appended."""
    await _with_details(kept)

    async with kept.log.db.transaction() as connection:
        given = await audit.append(
            connection, kept.log, [a_decision(PERSON, detail={"reason": WORDS})]
        )
        erasing = asyncio.create_task(audit.erase(kept.log, PERSON, by=RETENTION, now=NOW))
        await asyncio.sleep(0.3)
        assert not erasing.done()

    assert given == [5]
    assert await erasing == [1, 2, 5]
    assert (await verify(kept.log)).finding is None


async def test_an_erasure_that_is_rolled_back_has_erased_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _with_details(kept)

    async def fails(*_: object) -> list[int]:
        raise ZeroDivisionError

    monkeypatch.setattr(store, "append", fails)
    with pytest.raises(ZeroDivisionError):
        await audit.erase(kept.log, PERSON, by=RETENTION, now=NOW)

    assert list(await _details(kept)) == [0, 1, 2, 3]
    assert (await verify(kept.log)).finding is None
