"""Keys come from mounted files, never from the database or an image.

Losing `*.fields.json` means losing every sealed field of that service for ever: it belongs into the
council's backup, apart from the database's. So does `checkpoints.json`: without it nobody can show
that the audit log is the one whose checkpoints were signed. Losing any other signing key only means
signing in again.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import ECKey, KeySet, OKPKey

_LOOK_AGAIN = 1.0
"""Seconds after which a key file is looked at again, so that a rotation needs no restart."""

Read = TypeVar("Read")


class KeyFile(Generic[Read]):
    """The content of one key file, read again when the file has changed."""

    def __init__(self, path: Path, read: Callable[[dict[str, Any]], Read]) -> None:
        self._path, self._parse = path, read
        self._stamp, self._looked = 0, 0.0
        self._content: list[Read] = []

    def __call__(self) -> Read:
        now = monotonic()
        if not self._content or now - self._looked > _LOOK_AGAIN:
            self._looked = now
            stamp = self._path.stat().st_mtime_ns
            if stamp != self._stamp:
                self._content = [self._parse(json.loads(self._path.read_text()))]
                self._stamp = stamp
        return self._content[0]


def signing_keys(path: Path) -> KeyFile[KeySet]:
    """A JWKS file: the first key signs, every key verifies."""
    return KeyFile(path, KeySet.import_key_set)  # type: ignore[arg-type]


@dataclass(frozen=True)
class NoteKeys:
    """The keys of one log: the first signs its checkpoints, every one verifies them."""

    log: str
    """The name of the log, and of each of its keys, for as long as it lives."""
    keys: tuple[Ed25519PrivateKey, ...]


def note_keys(path: Path) -> KeyFile[NoteKeys]:
    """The file with which the audit log's checkpoints are signed."""
    return KeyFile(path, _note_keys)


def _note_keys(content: dict[str, Any]) -> NoteKeys:
    seeds = (base64.urlsafe_b64decode(f"{key['d']}==") for key in content["keys"])
    return NoteKeys(content["log"], tuple(map(Ed25519PrivateKey.from_private_bytes, seeds)))


def _write(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all, on the disk before anything is sealed with it, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        file.write(json.dumps(content, indent=1))
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # without it a power cut may take the name back
    finally:
        os.close(folder)


def _new_signing_key() -> dict[str, Any]:
    kid = f"{secrets.token_hex(4)}"
    key = ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
    return dict(key.as_dict(private=True))


def rotate_signing(private: Path, public: Path | None = None, *, keep: int = 2) -> None:
    """Put a new signing key first; the last `keep - 1` go on verifying what they have signed.

    Where a `public` file is named it is written before the private one: readers know the new key
    before the first token is signed with it.
    """
    old = json.loads(private.read_text())["keys"] if private.exists() else []
    keys = [_new_signing_key(), *old][:keep]
    if public is not None:
        halves = [{n: v for n, v in key.items() if n != "d"} for key in keys]
        _write(public, {"keys": halves})
    _write(private, {"keys": keys})


def rotate_notes(path: Path) -> None:
    """Sign checkpoints with a new key from now on; those of every earlier key stay good.

    The log keeps the name that its first key was given: another name would be another log.
    """
    content = json.loads(path.read_text()) if path.exists() else {}
    log = content.get("log", f"early-help-hub/{secrets.token_hex(8)}/audit")
    key = OKPKey.generate_key("Ed25519", {"use": "sig"})
    _write(path, {"log": log, "keys": [key.as_dict(private=True), *content.get("keys", ())]})


def rotate_fields(path: Path) -> None:
    """Seal with a new data key from now on; older ones stay readable, the index key stays."""
    content = json.loads(path.read_text()) if path.exists() else {"keys": {}}
    kid = secrets.token_hex(4)
    content["keys"][kid] = base64.b64encode(secrets.token_bytes(32)).decode()
    content["current"] = kid
    content.setdefault("index", base64.b64encode(secrets.token_bytes(32)).decode())
    _write(path, content)


def create_missing(folder: Path, services: tuple[str, ...]) -> None:
    """Every key file a hub needs, made where it does not exist; nothing existing is touched."""
    if not (folder / "tokens.json").exists():
        rotate_signing(folder / "tokens.json")
    if not (folder / "internal.json").exists():
        rotate_signing(folder / "internal.json", folder / "internal.public.json")
    if not (folder / "checkpoints.json").exists():
        rotate_notes(folder / "checkpoints.json")
    for service in services:
        if not (folder / f"{service}.fields.json").exists():
            rotate_fields(folder / f"{service}.fields.json")
