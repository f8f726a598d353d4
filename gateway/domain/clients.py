"""Clients: the systems through which agencies reach the hub, and what their tokens may say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from shared.auth import AgencyKind, Scope
from shared.errors import Conflict, Unprocessable

CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,63}")
_KEY_MEMBERS = {"EC": ("crv", "x", "y"), "RSA": ("n", "e"), "OKP": ("crv", "x")}
_SMALLEST_RSA = 2048
_MOST_KEYS = 8


class AuthMethod(StrEnum):
    """How a client proves who it is (the names are RFC 8414's)."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 -- a method's name


class Algorithm(StrEnum):
    """The signatures of FAPI 2.0; each client is pinned to one of them."""

    ES256 = "ES256"
    PS256 = "PS256"
    EDDSA = "EdDSA"

    @property
    def names(self) -> tuple[str, ...]:
        """RFC 9864 renamed EdDSA to Ed25519; libraries send the one or the other."""
        return ("EdDSA", "Ed25519") if self is Algorithm.EDDSA else (self.value,)

    @property
    def key(self) -> tuple[str, str | None]:
        """The key type and curve that belong to this signature."""
        return {
            Algorithm.ES256: ("EC", "P-256"),
            Algorithm.PS256: ("RSA", None),
            Algorithm.EDDSA: ("OKP", "Ed25519"),
        }[self]


class ClientTaken(Conflict):
    slug, title = "client-registered-already", "This client_id is taken"


@dataclass(frozen=True, slots=True)
class Client:
    """An agency's system: its credentials and the most that its tokens may ask for."""

    id: str
    agency_id: UUID
    name: str
    auth_method: AuthMethod
    alg: Algorithm | None
    jwks: Mapping[str, Any] | None
    secret_sha256: bytes | None
    scopes: frozenset[Scope]
    events: bool
    created_at: datetime
    revoked_at: datetime | None = None

    def scope_for(self, requested: str | None) -> str | None:
        """The scope a token gets: what was asked for, or everything but the topics. None: refused.

        The topics have an audience of their own, which the broker checks instead of a scope, so
        that scope is asked for alone, and only by clients marked for events.
        """
        topics = frozenset({Scope.EVENTS_CONSUME})
        if requested is None:
            return " ".join(sorted(self.scopes - topics)) or None
        wanted = frozenset(requested.split(" "))
        if wanted == topics:
            return Scope.EVENTS_CONSUME.value if self.events else None
        return " ".join(sorted(wanted)) if wanted <= self.scopes - topics else None


def scopes_for(scopes: frozenset[Scope], *, events: bool, kind: AgencyKind) -> frozenset[Scope]:
    """The scopes a new client is given. Raises Unprocessable for what its agency may not have."""
    front_door_only = {Scope.REFERRALS_DECIDE, Scope.EVENTS_CONSUME}
    wanted = scopes | ({Scope.EVENTS_CONSUME} if events else set())
    if kind is not AgencyKind.FRONT_DOOR and (beyond := sorted(wanted & front_door_only)):
        raise Unprocessable(f"Only the front door's clients may have: {', '.join(beyond)}")
    if Scope.EVENTS_CONSUME in scopes and not events:
        raise Unprocessable("Mark the client for events instead of giving it events:consume")
    return frozenset(wanted)


def public_keys(jwks: Mapping[str, Any], alg: Algorithm) -> dict[str, Any]:
    """The client's keys as they are kept: public members only, each with its own kid.

    Raises Unprocessable for what cannot verify a signature of `alg`.
    """
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS:
        raise Unprocessable(f"Send a JWK set with 1 to {_MOST_KEYS} keys", pointer="/jwks")
    kept = [_public_key(key, alg) for key in keys]
    if len({key["kid"] for key in kept}) < len(kept):
        raise Unprocessable("Each key needs its own kid", pointer="/jwks")
    return {"keys": kept}


def _public_key(key: Any, alg: Algorithm) -> dict[str, str]:
    """`alg` and `use` are left out: a JWK marked EdDSA would refuse the same key as Ed25519."""
    kty, curve = alg.key
    if not isinstance(key, dict) or key.get("kty") != kty or key.get("crv") != curve:
        raise Unprocessable(f"{alg} needs a key of type {kty} {curve or ''}".rstrip())
    if not isinstance(key.get("kid"), str) or not 0 < len(key["kid"]) <= 100:
        raise Unprocessable("Each key needs a kid of at most 100 characters", pointer="/jwks")
    public = {name: str(key.get(name)) for name in ("kty", "kid", *_KEY_MEMBERS[kty])}
    try:
        imported = JWKRegistry.import_key({**public})
        size = getattr(imported.public_key, "key_size", _SMALLEST_RSA)
    except (JoseError, ValueError, TypeError) as error:
        raise Unprocessable("A key cannot be read", pointer="/jwks") from error
    if kty == "RSA" and size < _SMALLEST_RSA:
        raise Unprocessable(f"An RSA key needs {_SMALLEST_RSA} bits", pointer="/jwks")
    return public
