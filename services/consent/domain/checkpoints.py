"""Checkpoints: what the log says of itself, signed, so that it can never say otherwise.

A checkpoint is a signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint): text that a person
can read, and that the tools of the public transparency logs can check. Partner agencies and the
data protection officer keep them as witnesses: a log that was rewritten, cut short or put back from
a backup contradicts what they hold.
"""

import base64
import hashlib
import re
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.consent.domain.merkle import HASH_BYTES

WITNESSES = UUID("019ac7a4-5d1e-7c1f-9b3a-6f2c8e4d7a10")
"""As whom every witness hears of the checkpoints, whichever agency it is."""
_ED25519 = b"\x01"
"""The note format's own number of the algorithm."""
_KEY_ID_BYTES = 4
_SIGNATURE = "\N{EM DASH} "
_NAME = re.compile(r"[^\s+\x00-\x1f]+")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class NotSigned(Exception):
    """What claims to be a checkpoint of this log was not signed with one of its keys."""


@dataclass(frozen=True)
class Checkpoint:
    """At `at`, to the second, the log called `log` had `size` leaves under the hash `root`."""

    log: str
    """A URL without scheme, by the rule of the format: which log it is, of all there are."""
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """What is signed: three lines as the format wants them, and the time."""
        root = base64.b64encode(self.root).decode()
        return f"{self.log}\n{self.size}\n{root}\ntime {self.at.astimezone(UTC):{_TIME}}\n"


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note. Raises ValueError where the log's name cannot be a key's."""
    return signed_note(checkpoint.text(), checkpoint.log, key)


def read(note: str, log: str, keys: Sequence[Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint in a note that one of `keys` has signed for `log`. Raises NotSigned."""
    text = opened_note(note, log, keys)
    try:
        name, size, root, time = text.removesuffix("\n").split("\n")
        at = datetime.strptime(time.removeprefix("time "), _TIME).replace(tzinfo=UTC)
        found = Checkpoint(name, int(size), base64.b64decode(root, validate=True), at)
    except ValueError as error:
        raise NotSigned("What is signed is no checkpoint") from error
    is_one = found.log == log and found.size >= 0 and len(found.root) == HASH_BYTES
    if not is_one or found.text() != text:
        raise NotSigned("What is signed is no checkpoint of this log")
    return found


def signed_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """`text`, which ends its last line, with the signature of the key called `name`."""
    if not _NAME.fullmatch(name):
        raise ValueError("The name of a key has no spaces and no plus sign")
    signature = _key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n{_SIGNATURE}{name} {base64.b64encode(signature).decode()}\n"


def opened_note(note: str, name: str, keys: Sequence[Ed25519PublicKey]) -> str:
    """The text of a note that one of `keys`, all called `name`, has signed. Raises NotSigned.

    Signatures of others, for instance of witnesses, are let stand.
    """
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    known = {_key_id(name, key): key for key in keys}
    found = False
    for line in signatures.removesuffix("\n").split("\n"):
        if not line.startswith(_SIGNATURE):
            raise NotSigned("A line among the signatures is none")
        signer, _, written = line.removeprefix(_SIGNATURE).partition(" ")
        try:
            raw = base64.b64decode(written, validate=True)
        except (NotBase64, ValueError) as error:
            raise NotSigned("A signature cannot be read") from error
        key = known.get(raw[:_KEY_ID_BYTES]) if signer == name else None
        if key is not None:
            _check(key, raw[_KEY_ID_BYTES:], text)
            found = True
    if not found:
        raise NotSigned("None of the log's keys has signed it")
    return text


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """The public key as the format writes it, for whoever checks with other tools."""
    whole = base64.b64encode(_ED25519 + key.public_bytes_raw()).decode()
    return f"{name}+{_key_id(name, key).hex()}+{whole}"


def _check(key: Ed25519PublicKey, signature: bytes, text: str) -> None:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature as error:
        raise NotSigned("The signature is not of this text") from error


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    whole = name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()
    return hashlib.sha256(whole).digest()[:_KEY_ID_BYTES]
