"""Checkpoints are signed as the public transparency logs sign theirs, and forged by nobody."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.consent.domain.checkpoints import (
    Checkpoint,
    NotSigned,
    opened_note,
    read,
    sign,
    signed_note,
    verifier_key,
)
from services.consent.domain.merkle import EMPTY_ROOT, leaf_hash
from tests.consent.conftest import LOG, NOW

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KEYS = [KEY.public_key()]
CHECKPOINT = Checkpoint(LOG, 1_234, leaf_hash(b"a root"), NOW)

NEUMANN = "PeterNeumann"
NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANN_TEXT = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
NEUMANN_NOTE = (
    f"{NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
    "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of golang.org/x/mod/sumdb/note, whose key is published for that purpose."""


def test_a_note_is_signed_and_checked_as_the_public_logs_do_it() -> None:
    secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(NEUMANN_SECRET)[1:])
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(NEUMANN_KEY.split("+")[2])[1:])

    assert verifier_key(NEUMANN, public) == NEUMANN_KEY
    assert signed_note(NEUMANN_TEXT, NEUMANN, secret) == NEUMANN_NOTE
    assert opened_note(NEUMANN_NOTE, NEUMANN, [public]) == NEUMANN_TEXT
    with pytest.raises(NotSigned):
        opened_note(NEUMANN_NOTE.replace("problem is", "solution is"), NEUMANN, [public])


def test_a_checkpoint_says_which_log_had_how_many_leaves_under_which_hash_and_when() -> None:
    note = sign(CHECKPOINT, KEY)

    assert read(note, LOG, KEYS) == CHECKPOINT
    root = base64.b64encode(CHECKPOINT.root).decode()
    assert note.splitlines()[:4] == [LOG, "1234", root, "time 2026-11-18T12:00:00Z"]


def test_a_checkpoint_that_was_changed_or_signed_by_somebody_else_is_refused() -> None:
    note = sign(CHECKPOINT, KEY)
    assert read(note, LOG, [OTHER_KEY.public_key(), *KEYS]) == CHECKPOINT

    signature = note.splitlines()[-1]
    forged = [
        note.replace("1234", "1235"),
        note.replace("12:00:00", "13:00:00"),
        note.replace(LOG, "other.example/audit"),
        sign(CHECKPOINT, OTHER_KEY),
        sign(replace(CHECKPOINT, root=EMPTY_ROOT), OTHER_KEY).rsplit("\n\n")[0]
        + f"\n\n{signature}",
        note.rsplit("\n\n")[0] + "\n",
        note.replace("— ", "- "),
        note.replace(f"— {LOG}", "— other.example/audit"),
        note + "and so on\n",
        "\n" + note,
        "",
    ]

    for one in forged:
        with pytest.raises(NotSigned):
            read(one, LOG, KEYS)


def test_a_checkpoint_of_another_log_is_none_of_this_one() -> None:
    other = replace(CHECKPOINT, log="other.example/audit")
    assert read(sign(other, KEY), other.log, KEYS) == other

    with pytest.raises(NotSigned):
        read(sign(other, KEY), LOG, KEYS)
    with pytest.raises(NotSigned):
        read(signed_note(other.text(), LOG, KEY), LOG, KEYS)


@pytest.mark.parametrize(
    "text",
    [
        "hello\n",
        f"{LOG}\n12\n",
        CHECKPOINT.text().replace("1234", "01234"),
        CHECKPOINT.text().replace("1234", "-1"),
        CHECKPOINT.text().replace("time ", ""),
        CHECKPOINT.text() + "more\n",
        CHECKPOINT.text().replace("time", "AAAA\ntime"),
        replace(CHECKPOINT, root=b"short").text(),
    ],
)
def test_what_is_signed_and_is_no_checkpoint_is_refused(text: str) -> None:
    assert opened_note(signed_note(text, LOG, KEY), LOG, KEYS) == text

    with pytest.raises(NotSigned):
        read(signed_note(text, LOG, KEY), LOG, KEYS)


def test_what_an_earlier_key_has_signed_is_read_on_and_a_witness_may_sign_too() -> None:
    old = sign(CHECKPOINT, OTHER_KEY)
    witness = signed_note(CHECKPOINT.text(), "dpo.example", OTHER_KEY).splitlines()[-1]

    assert read(old, LOG, [*KEYS, OTHER_KEY.public_key()]) == CHECKPOINT
    assert read(f"{sign(CHECKPOINT, KEY)}{witness}\n", LOG, KEYS) == CHECKPOINT


def test_the_name_of_a_log_has_no_spaces() -> None:
    with pytest.raises(ValueError, match="spaces"):
        sign(replace(CHECKPOINT, log="the audit log"), KEY)
