"""The private keys of clients made here: var/clients/<client_id>.json, readable by their owner."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import JWKRegistry, KeySet

from hub.trouble import Trouble

RSA_BITS = 3072
ELSEWHERE = "Bring the partner's own public keys (--jwks), or name another folder: HUB_VAR=…"


@dataclass(frozen=True)
class ClientFile:
    """What a client needs to fetch a token, and the worker it acts for unless it says another."""

    client_id: str
    acting_worker: str | None = None
    alg: str | None = None
    jwk: Mapping[str, Any] | None = None
    client_secret: str | None = None

    def public_jwks(self) -> dict[str, Any]:
        """The public half of its key, as the hub keeps it."""
        key = JWKRegistry.import_key(dict(self.jwk or {}))
        return {"keys": [key.as_dict(private=False)]}


def path_of(folder: Path, client_id: str) -> Path:
    """Where a client's file lies."""
    return folder / f"{client_id}.json"


def new_key(kind: str, curve: str | None) -> dict[str, Any]:
    """A private JWK with its own kid: `new_key(*Algorithm.ES256.key)`."""
    key = JWKRegistry.generate_key(kind, curve or RSA_BITS, auto_kid=True)
    return dict(key.as_dict(private=True))


def read(folder: Path, client_id: str) -> ClientFile:
    """A client's file. Raises Trouble that names those there are."""
    try:
        return ClientFile(**json.loads(path_of(folder, client_id).read_text()))
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in folder.glob("*.json")))
        raise Trouble(
            f"{folder} holds no key of a client called {client_id}. "
            + (f"It holds: {known}." if known else "Run `make up` first: it makes sample clients.")
        ) from None


def make_folder(folder: Path) -> None:
    """Raises Trouble where a key could not be kept: better before it is made than after."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"No key can be kept in {folder}: {error.strerror}. {ELSEWHERE}") from error
    if not os.access(folder, os.W_OK):
        raise Trouble(f"No key can be kept in {folder}: it is closed to you. {ELSEWHERE}")


def write(folder: Path, client: ClientFile) -> Path:
    """Keep a client's file, whole or not at all, for its owner's eyes alone."""
    make_folder(folder)
    path = path_of(folder, client.client_id)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    said = {name: value for name, value in asdict(client).items() if value is not None}
    draft.write_text(json.dumps(said, indent=1))
    os.replace(draft, path)
    return path


def signing_key(client: ClientFile) -> Any:
    """The private key that signs its assertions."""
    return KeySet.import_key_set({"keys": [dict(client.jwk or {})]}).keys[0]
