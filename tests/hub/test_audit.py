"""`hub audit verify` says in plain words whether the log is sound, and what is wrong with it."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.audit import SAID
from hub.postgres import PostgresServer
from services.consent.actions.audit import Log, append, sign_checkpoint
from services.consent.domain.examining import Wrong
from services.consent.domain.leaves import By, Record, Written
from shared.crypto import FieldCipher
from shared.db import Database
from shared.keys import note_keys
from tests.hub.conftest import Hub

TRUNCATED = "audit_leaf, audit_node, audit_detail, audit_checkpoint"


def database(hub: Hub) -> PostgresServer:
    """The server of a running hub, for whoever comes behind it."""
    return PostgresServer(hub.var / "postgres")


async def _grow(hub: Hub) -> str:
    keys = hub.var / "keys"
    db = Database.open(database(hub).url("consent", "consent"))
    log = Log.of(
        db, FieldCipher(keys / "consent.fields.json"), note_keys(keys / "checkpoints.json")()
    )
    leaf = Written(at=datetime.now(UTC), by=By(client_id="made-up"), operation="consent.record")
    async with db.transaction() as connection:
        await append(connection, log, [Record(leaf) for _ in range(5)])
    signed = await sign_checkpoint(log, datetime.now(UTC))
    await db.close()
    return signed


@pytest.fixture
def checkpoint(running: Hub, folder: Path) -> Path:
    """Five more leaves in a running hub's log, and the checkpoint of them that a witness keeps."""
    file = folder / "checkpoint.txt"
    file.write_bytes(asyncio.run(_grow(running)).encode())
    return file


def behind(hub: Hub, statement: str) -> None:
    """What a superuser does who switches the barriers off first."""
    database(hub).sql(f"set session_replication_role = replica; {_off()} {statement}", "consent")


def _off() -> str:
    tables = ("audit_leaf", "audit_node", "audit_detail", "audit_checkpoint")
    return " ".join(f"alter table {table} disable trigger all;" for table in tables)


def test_a_log_that_nobody_has_touched_is_sound_also_for_a_witness(
    running: Hub, checkpoint: Path
) -> None:
    assert "is sound: " in running("audit", "verify")

    said = running("audit", "verify", "--witness", str(checkpoint))

    assert "1 of them kept by witnesses" in said


def test_a_witness_of_another_log_is_told(running: Hub, checkpoint: Path) -> None:
    checkpoint.write_text(checkpoint.read_text().replace("/audit", "/other"))

    said = running("audit", "verify", "--witness", str(checkpoint), check=False)

    assert said.startswith("1 ")
    assert "holds no checkpoint of early-help-hub/" in said
    assert "Traceback" not in said


def test_checkpoints_of_a_renewed_key_stay_good(running: Hub, checkpoint: Path) -> None:
    running("keys", "rotate", "checkpoints")

    assert "is sound: " in running("audit", "verify", "--witness", str(checkpoint))


def test_a_changed_leaf_is_named_and_a_cut_log_is_found_by_a_witness_alone(
    running: Hub, checkpoint: Path
) -> None:
    assert "is sound: " in running("audit", "verify")

    behind(running, "update audit_leaf set entry = entry || '{\"planted\": 1}' where index = 3")
    changed = running("audit", "verify", check=False)
    behind(running, "update audit_leaf set entry = entry - 'planted' where index = 3")
    assert "is sound: " in running("audit", "verify")
    behind(running, f"truncate {TRUNCATED}")
    alone = running("audit", "verify")
    witnessed = running("audit", "verify", "--witness", str(checkpoint), check=False)

    assert changed.startswith("1 ")
    assert "Leaf 3 is not what was appended. It contradicts the checkpoint of " in changed
    assert "is sound: 0 leaves" in alone
    assert witnessed.startswith("1 ")
    assert "Leaf 0 is missing. It contradicts the checkpoint of " in witnessed


def test_there_are_words_for_everything_that_can_be_wrong() -> None:
    assert set(SAID) == set(Wrong)
    assert all(said.format(index=7) for said in SAID.values())
