"""What a service believes: only what the hub's own door has signed for services, just now."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared import auth, keys
from shared.auth import AgencyKind, Caller, InternalTokens, Role, mint
from shared.errors import NotAuthenticated

SCHOOL = Caller(
    "school",
    uuid4(),
    AgencyKind.SCHOOL,
    uuid4(),
    frozenset({Role.REFERRER}),
    frozenset({"referrals:read"}),
)


@pytest.fixture
def door(tmp_path: Path) -> KeySet:
    """The door's signing keys."""
    keys.create_missing(tmp_path, ("referral",))
    return keys.signing_keys(tmp_path / "internal.json")()


@pytest.fixture
def service(door: KeySet, tmp_path: Path) -> InternalTokens:
    """A service that holds their public halves."""
    return InternalTokens(keys.signing_keys(tmp_path / "internal.public.json"))


Forge = Callable[[dict[str, Any], dict[str, Any]], None]


def _forged(door: KeySet, forge: Forge, key: ECKey | None = None) -> str:
    """A token of the door, but for what `forge` does to its header and claims."""
    now = int(time.time())
    signed = jwt.decode(mint(SCHOOL, door, now), door, algorithms=["ES256"])
    header, claims = dict(signed.header), dict(signed.claims)
    forge(header, claims)
    return jwt.encode(header, claims, key or door.keys[0], algorithms=["ES256"])


def _claim(**changed: Any) -> Forge:
    return lambda _, claims: claims.update(changed)


def _head(**changed: Any) -> Forge:
    return lambda header, _: header.update(changed)


NOW = int(time.time())
WRONG: dict[str, Forge] = {
    "an access token's type": _head(typ="at+jwt"),
    "no type": lambda header, _: header.pop("typ"),
    "a key nobody knows": _head(kid="nobody"),
    "for partners": _claim(aud="https://hub.example"),
    "for everybody": _claim(aud=["hub-internal", "https://hub.example"]),
    "lives for an hour": _claim(exp=NOW + 3600),
    "has no end": lambda _, claims: claims.pop("exp"),
    "has no beginning": lambda _, claims: claims.pop("iat"),
    "of yesterday": _claim(iat=NOW - 86_400, exp=NOW - 86_400 + auth.LIFETIME),
    "of tomorrow": _claim(iat=NOW + 86_400, exp=NOW + 86_400 + auth.LIFETIME),
    "ends before it begins": _claim(exp=NOW - 1),
}


def test_what_the_door_has_signed_names_the_caller(door: KeySet, service: InternalTokens) -> None:
    assert service.verify(mint(SCHOOL, door, time.time())) == SCHOOL
    assert service.verify(_forged(door, lambda *_: None)) == SCHOOL


@pytest.mark.parametrize("forge", WRONG.values(), ids=WRONG)
def test_anything_else_names_nobody(door: KeySet, service: InternalTokens, forge: Forge) -> None:
    assert service.verify(_forged(door, lambda *_: None)) == SCHOOL
    with pytest.raises(NotAuthenticated):
        service.verify(_forged(door, forge))


def test_a_stranger_who_takes_the_doors_key_id_is_nobody(
    door: KeySet, service: InternalTokens
) -> None:
    stranger = ECKey.generate_key("P-256", {"kid": str(door.keys[0].kid)})
    with pytest.raises(NotAuthenticated):
        service.verify(_forged(door, lambda *_: None, stranger))


def test_a_token_that_was_believed_is_not_believed_for_ever(
    door: KeySet, service: InternalTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = mint(SCHOOL, door, time.time())
    assert service.verify(token) == SCHOOL
    later = time.time() + auth.LIFETIME + 30
    monkeypatch.setattr(auth, "time", lambda: later)
    with pytest.raises(NotAuthenticated):
        service.verify(token)


def test_what_has_expired_is_remembered_no_longer(
    door: KeySet, service: InternalTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    for minute in range(5):
        at = now + 60 * minute
        monkeypatch.setattr(auth, "time", lambda at=at: at)
        for _ in range(10):
            assert service.verify(mint(SCHOOL, door, at)) == SCHOOL

    assert len(service._known) <= 20
