"""Per-field encryption and blind indexes (AES-256-GCM, HMAC-SHA-256)."""

import base64
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.keys import KeyFile

_NONCE = 12
_KID = 4
"""Bytes of the nonce and of the key id that stand before each sealed field."""


@dataclass(frozen=True)
class _DataKeys:
    current: bytes
    ciphers: dict[bytes, AESGCM]
    index: bytes

    @classmethod
    def read(cls, content: dict[str, Any]) -> "_DataKeys":
        ciphers = {
            bytes.fromhex(kid): AESGCM(base64.b64decode(key))
            for kid, key in content["keys"].items()
        }
        return cls(bytes.fromhex(content["current"]), ciphers, base64.b64decode(content["index"]))


class FieldCipher:
    """Seals one field of one row: what is copied to another row, column or table does not open."""

    def __init__(self, path: Path) -> None:
        self._keys = KeyFile(path, _DataKeys.read)

    def seal(self, value: Any, where: str, row: UUID) -> bytes:
        """`value` as JSON, sealed; `where` is `table.column`. Layout: key id, nonce, ciphertext."""
        keys = self._keys()
        nonce = os.urandom(_NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = keys.ciphers[keys.current].encrypt(nonce, plain, _bound(where, row))
        return keys.current + nonce + sealed

    def open(self, sealed: bytes, where: str, row: UUID) -> Any:
        """The value again. Raises `cryptography.exceptions.InvalidTag` when moved or changed."""
        kid, nonce, rest = sealed[:_KID], sealed[_KID : _KID + _NONCE], sealed[_KID + _NONCE :]
        return json.loads(self._keys().ciphers[kid].decrypt(nonce, rest, _bound(where, row)))

    def blind_index(self, *parts: str) -> bytes:
        """Equal parts give equal 16 bytes; without the key nobody can tell which parts."""
        return hmac.digest(self._keys().index, "\x1f".join(parts).encode(), "sha256")[:16]


def _bound(where: str, row: UUID) -> bytes:
    return f"{where}:".encode() + row.bytes
