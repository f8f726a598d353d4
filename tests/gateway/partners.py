"""A partner's system, as the tests play it: its keys, its assertions, its requests for tokens."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx2
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact

from gateway import actions
from gateway.actions import Credentials
from gateway.domain.clients import Algorithm
from shared.auth import AgencyKind, Scope
from shared.db import Database

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SCOPES = frozenset(
    {Scope.REFERRALS_READ, Scope.REFERRALS_WRITE, Scope.WORKERS_READ, Scope.WORKERS_WRITE}
)


class _Anything(JWSRegistry):
    """Signs with whatever a test asks for, warnings and wisdom aside."""

    max_header_length = 10_000

    def check_header(self, header: Any) -> None:
        """Whatever stands there."""

    def get_alg(self, name: str) -> Any:
        return self.algorithms[name]


def signed(header: Mapping[str, Any], claims: Any, key: Key | None) -> str:
    """Any signed token; `claims` that are bytes are signed as they are."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return serialize_compact(dict(header), payload, key, registry=_Anything())


def new_key(alg: Algorithm, kid: str = "first") -> Key:
    """A fresh key pair for signatures of `alg`."""
    if alg is Algorithm.PS256:
        return RSAKey.generate_key(2048, {"kid": kid})
    if alg is Algorithm.EDDSA:
        return OKPKey.generate_key("Ed25519", {"kid": kid})
    return ECKey.generate_key("P-256", {"kid": kid})


@dataclass
class Partner:
    """A registered client with a key of its own."""

    issuer: str
    client_id: str
    agency_id: UUID
    key: Key
    alg: str = "ES256"
    kid: str | None = "first"
    secret: str | None = None
    headers: dict[str, Any] = field(default_factory=dict)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """An assertion's claims; a change to None leaves that claim out."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
        } | changed
        return {name: value for name, value in claims.items() if value is not None}

    def assertion(self, header: Mapping[str, Any] | None = None, **changed: Any) -> str:
        """A signed assertion; `header` and claims can be changed."""
        given = {"alg": self.alg, "kid": self.kid, "typ": "JWT"} | dict(header or {})
        kept = {name: value for name, value in given.items() if value is not None}
        return signed(kept, self.claims(**changed), self.key)

    def form(self, assertion: str | None = None, **changed: str) -> dict[str, str]:
        """The body of a request to an OAuth endpoint."""
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion or self.assertion(),
        } | changed

    async def token(self, http: httpx2.AsyncClient, **changed: str) -> str:
        """An access token, fetched the way every other test may take for granted."""
        answer = await http.post("/oauth/token", data=self.form(**changed))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def bearer(self, http: httpx2.AsyncClient, **changed: str) -> dict[str, str]:
        """The header that carries an access token."""
        return {"Authorization": f"Bearer {await self.token(http, **changed)}"}


async def new_partner(
    db: Database,
    issuer: str,
    *,
    alg: Algorithm = Algorithm.ES256,
    kind: AgencyKind = AgencyKind.SCHOOL,
    scopes: frozenset[Scope] = SCOPES,
    secret: str | None = None,
    events: bool = False,
    agency_id: UUID | None = None,
    authority: str = "sample",
) -> Partner:
    """An agency with one client, registered as the operator does it."""
    now, key = datetime.now(UTC), new_key(alg)
    if agency_id is None:
        agency = await actions.register_agency(
            db, name="Sample", kind=kind, authority=authority, now=now
        )
        agency_id = agency.id
    jwks = {"keys": [key.as_dict(private=False)]}
    client = await actions.register_client(
        db,
        agency_id=agency_id,
        name="Its system",
        credentials=Credentials(secret=secret) if secret else Credentials(alg, jwks),
        scopes=scopes,
        events=events,
        now=now,
    )
    return Partner(issuer, client.id, agency_id, key, alg.value, secret=secret)
