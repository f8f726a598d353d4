"""Whoever changes the log behind its back is found, by its own checkpoints or by a witness."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.consent.actions import audit, verifying
from services.consent.actions.verifying import verify
from services.consent.domain.canonical import canonical
from services.consent.domain.checkpoints import sign
from services.consent.domain.examining import Wrong
from services.consent.domain.merkle import EMPTY, leaf_hash, proves_consistency
from services.consent.store import audit as store
from tests.consent.conftest import Kept, a_decision
from tests.consent.touched import CODE, TOUCHED

LEAVES = 23


@pytest.fixture
async def grown(kept: Kept) -> Kept:
    """A log of 23 leaves with checkpoints at 10 and 20; leaf 4 has a detail."""
    await kept.filled(4)
    await kept.append(a_decision(detail={"reason": "The lead decided so."}))
    await kept.filled(5)
    await kept.checkpoint(hours=1)
    await kept.filled(10)
    await kept.checkpoint(hours=2)
    await kept.filled(3)
    return kept


@pytest.fixture
def a_few(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Verify so many rows at a time."""
    return lambda rows: monkeypatch.setattr(verifying, "PAGE", rows)


async def test_a_log_that_nobody_has_touched_is_sound_however_it_is_paged(
    grown: Kept, a_few: Callable[[int], None]
) -> None:
    checkpoint = await grown.checkpoint(hours=3)

    for rows in (1_000, 5, 4, 1):
        a_few(rows)
        verified = await verify(grown.log)
        assert (verified.size, verified.checkpoints, verified.finding) == (LEAVES, 3, None)
        assert verified.root == checkpoint.root


@pytest.mark.parametrize("what", TOUCHED)
async def test_what_a_superuser_does_behind_the_trigger_is_found(
    grown: Kept, a_few: Callable[[int], None], what: str
) -> None:
    statement, index, wrong, size = TOUCHED[what]
    assert (await verify(grown.log)).finding is None

    grown.behind(statement)

    for rows in (1_000, 4, 1):
        a_few(rows)
        finding = (await verify(grown.log)).finding
        assert finding is not None
        finder = finding.found_by.size if finding.found_by else None
        assert (finding.index, finding.wrong, finder) == (index, wrong, size)


async def test_a_row_rewritten_with_every_hash_above_it_contradicts_the_next_checkpoint(
    grown: Kept,
) -> None:
    await _rewrite(grown, 13)

    finding = (await verify(grown.log)).finding

    assert finding is not None
    assert (finding.index, finding.wrong) == (10, Wrong.LOG_DIFFERS), "all before 10 is proved"
    assert finding.found_by is not None
    assert finding.found_by.size == 20


async def _rewrite(kept: Kept, index: int) -> None:
    """Change a row and every stored hash that depends on it."""
    kept.behind(CODE % index)
    async with kept.log.db.reading() as connection:
        rows = await store.page(connection, kept.log.cipher, after=None, limit=1_000)
    _, made = EMPTY.grown(leaf_hash(canonical(row.entry)) for row in rows)
    kept.behind(
        *(
            rf"update audit_node set hash = '\x{known.hex()}'"  # noqa: S608 -- our own
            f" where (level, number) = ({node.level}, {node.number})"
            for node, known in made.items()
        )
    )


async def test_a_rewritten_tail_is_found_by_the_checkpoint_that_a_witness_holds(
    grown: Kept,
) -> None:
    witnessed = await grown.checkpoint(hours=3)
    grown.behind("delete from audit_checkpoint where size = 23")
    await _rewrite(grown, 21)
    assert (await verify(grown.log)).finding is None, "the database alone cannot show it"

    finding = (await verify(grown.log, [witnessed])).finding

    assert finding is not None
    assert (finding.index, finding.wrong, finding.found_by) == (20, Wrong.LOG_DIFFERS, witnessed)


async def test_a_backup_that_is_put_back_is_found_by_the_checkpoint_that_a_witness_holds(
    grown: Kept,
) -> None:
    """Put back whole, it is sound in itself; and it stays found when it has grown on."""
    backup = f"{grown.name}_backup"
    async with grown.log.db.transaction() as connection:
        await audit.append(connection, grown.log, [a_decision()])
    await grown.log.db.close()
    grown.server.create_database(backup, owner="consent", template=grown.name)
    await grown.filled(8)
    witnessed = await grown.checkpoint(hours=3)
    await grown.log.db.close()
    grown.server.drop_database(grown.name)
    grown.server.create_database(grown.name, owner="consent", template=backup)
    restored = await verify(grown.log)
    assert (restored.size, restored.finding) == (LEAVES + 1, None)

    finding = (await verify(grown.log, [witnessed])).finding
    await grown.filled(20)
    grown_on = (await verify(grown.log, [witnessed])).finding

    assert finding is not None
    assert (finding.index, finding.wrong) == (LEAVES + 1, Wrong.ROW_MISSING)
    assert finding.found_by == witnessed
    assert grown_on is not None
    assert (grown_on.wrong, grown_on.found_by) == (Wrong.LOG_DIFFERS, witnessed)
    hashes = await audit.prove_consistency(grown.log, witnessed.size)
    now = await grown.checkpoint(hours=4)
    assert not proves_consistency(witnessed.size, now.size, witnessed.root, now.root, hashes)


async def test_what_witnesses_hold_is_looked_at_in_its_place_among_what_is_stored(
    grown: Kept, a_few: Callable[[int], None]
) -> None:
    """Younger and older than what is stored, in any order, and the same again."""
    early = grown.ask("select note from audit_checkpoint where size = 10")
    witnessed = [await grown.checkpoint(hours=3), grown.log.read(f"{early}\n")]
    grown.behind("delete from audit_checkpoint where size = 10")

    for rows in (1_000, 4, 1):
        a_few(rows)
        verified = await verify(grown.log, witnessed)
        assert (verified.checkpoints, verified.finding) == (4, None)


async def test_a_checkpoint_signed_with_another_key_is_found_and_one_with_an_earlier_key_is_not(
    grown: Kept,
) -> None:
    newer = replace(
        grown.log,
        signing=Ed25519PrivateKey.generate(),
        earlier=(grown.log.signing.public_key(),),
    )
    sound = await verify(newer)
    assert (sound.checkpoints, sound.finding) == (2, None)

    forged = sign(await grown.checkpoint(), Ed25519PrivateKey.generate())
    grown.behind(f"update audit_checkpoint set note = '{forged}' where size = 23")  # noqa: S608
    finding = (await verify(newer)).finding

    assert finding is not None
    assert (finding.index, finding.wrong) == (23, Wrong.CHECKPOINT_FORGED)


async def test_more_checkpoints_of_one_size_than_a_page_holds_are_all_looked_at(
    grown: Kept, a_few: Callable[[int], None]
) -> None:
    for hours in range(7):
        await grown.checkpoint(hours=3 + hours)
    await grown.filled(6)

    for rows in (1, 3, 7, 100):
        a_few(rows)
        verified = await verify(grown.log)
        assert (verified.size, verified.checkpoints) == (LEAVES + 6, 9)
        assert verified.finding is None
