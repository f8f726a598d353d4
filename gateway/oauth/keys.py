"""JOSE as the hub uses it: algorithms are pinned by the reader, never chosen by the token."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

LEEWAY = 10
"""Seconds that two clocks may differ."""


_BROKEN = (JoseError, ValueError, TypeError, RecursionError)


class Pinned(JWSRegistry):
    """Only the algorithms it was made with, without joserfc's warning about the name EdDSA."""

    max_header_length = 2048

    def get_alg(self, name: str) -> Any:
        if not self.allowed or name not in self.allowed:
            raise UnsupportedAlgorithmError(f"Algorithm {name} is not allowed here")
        return self.algorithms[name]


class Unreadable(Exception):
    """This is no signed JSON object, or it is signed by nobody we know."""


def read(
    token: str, keys: KeySet, algorithms: tuple[str, ...]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of a signed token whose key is named. Raises Unreadable."""
    try:
        pinned = Pinned(algorithms=algorithms)
        kid = jws.extract_compact(token.encode(), registry=pinned).headers().get("kid")
        if not isinstance(kid, str):
            raise Unreadable("the header names no key (kid)")
        signed = jws.deserialize_compact(token, keys.get_by_kid(kid), registry=pinned)
        return signed.headers(), _claims(signed.payload)
    except _BROKEN as error:
        raise Unreadable(_reason(error)) from error


def unverified(token: str) -> Mapping[str, Any]:
    """The claims of a token before anybody has checked them. Raises Unreadable."""
    try:
        return _claims(jws.extract_compact(token.encode(), registry=Pinned()).payload)
    except _BROKEN as error:
        raise Unreadable(_reason(error)) from error


def _claims(payload: bytes | None) -> Mapping[str, Any]:
    claims = json.loads(payload or b"")
    if not isinstance(claims, dict):
        raise Unreadable("its payload is not an object")
    return claims


def _reason(error: Exception) -> str:
    """What may be told of it: the kind of error, never the library's text about the content."""
    kind = getattr(error, "error", None)
    return kind.replace("_", " ") if isinstance(kind, str) and kind else "not a signed token"


def number(value: Any) -> float | None:
    """A NumericDate of RFC 7519; None for what only looks like one (true, "1", 1e400)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


@lru_cache(maxsize=1024)
def _imported(jwks: str) -> KeySet:
    return KeySet.import_key_set(json.loads(jwks))


def key_set(jwks: Mapping[str, Any]) -> KeySet:
    """A client's keys; importing three costs 93 µs, so the last thousand sets are kept."""
    return _imported(json.dumps(jwks, sort_keys=True))
