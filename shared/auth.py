"""Who is calling: the internal token, the caller it names, and what an operation requires.

Services trust no header and no outside token: the gateway's door replaces the caller's token by an
internal one (ES256, at most 60 seconds), and each service verifies that again.
"""

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from time import time
from typing import Any, ClassVar
from uuid import UUID

from fastapi import Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.errors import ActingWorkerMissing, Forbidden, NotAuthenticated
from shared.keys import KeyFile

AUDIENCE = "hub-internal"
TYPE = "internal+jwt"
LIFETIME = 60
"""Seconds an internal token lives at most."""
_LEEWAY = 5
_REMEMBERED = 4096


class AgencyKind(StrEnum):
    """What kind of partner an agency is; it bounds the roles its workers may hold."""

    SCHOOL = "school"
    GP = "gp"
    HEALTH = "health"
    POLICE = "police"
    HOUSING = "housing"
    VOLUNTARY = "voluntary"
    CHILDREN_SERVICES = "children_services"
    COUNCIL = "council"
    FRONT_DOOR = "front_door"


TAKE_OVER = frozenset(AgencyKind) - {AgencyKind.POLICE, AgencyKind.COUNCIL}
"""The kinds of agency that can take a family over: their workers may hold the receivers' roles."""


class Role(StrEnum):
    """What a worker is there for."""

    REFERRER = "referrer"
    FRONT_DOOR_WORKER = "front_door_worker"
    FRONT_DOOR_MANAGER = "front_door_manager"
    RECEIVING_WORKER = "receiving_worker"
    LEAD_PROFESSIONAL = "lead_professional"
    PANEL_CHAIR = "panel_chair"
    INFORMATION_GOVERNANCE_LEAD = "information_governance_lead"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    AGENCY_ADMINISTRATOR = "agency_administrator"
    SYSTEM = "system"


class Scope(StrEnum):
    """What a client may ask a token for."""

    REFERRALS_WRITE = "referrals:write"
    REFERRALS_READ = "referrals:read"
    REFERRALS_DECIDE = "referrals:decide"
    REFERRALS_WORK = "referrals:work"
    EVENTS_READ = "events:read"
    EVENTS_CONSUME = "events:consume"
    WORKERS_READ = "workers:read"
    WORKERS_WRITE = "workers:write"
    AGENCY_ADMIN = "agency:admin"
    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_WRITE = "agreements:write"
    CONSENTS_READ = "consents:read"
    CONSENTS_WRITE = "consents:write"
    AUDIT_VERIFY = "audit:verify"
    DIRECTORY_WRITE = "directory:write"


SCOPES: dict[str, str] = {
    Scope.REFERRALS_WRITE: "Refer a family, and withdraw the referral",
    Scope.REFERRALS_READ: "Follow the referrals this agency may see",
    Scope.REFERRALS_DECIDE: "Triage, decide and allocate at the front door",
    Scope.REFERRALS_WORK: "Take over a family and work with it, until it is closed",
    Scope.EVENTS_READ: "Read the feed of what concerns this agency",
    Scope.EVENTS_CONSUME: "Read the topics (front door; a token of its own audience)",
    Scope.WORKERS_READ: "Look up workers",
    Scope.WORKERS_WRITE: "Register this agency's workers",
    Scope.AGENCY_ADMIN: "Grant roles to this agency's workers",
    Scope.AGREEMENTS_READ: "Read the agreements that this agency is a party to",
    Scope.AGREEMENTS_WRITE: "Draft, publish and sign agreements, and leave them",
    Scope.CONSENTS_READ: "Ask what may be shared, and see what a family has said about it",
    Scope.CONSENTS_WRITE: "Record what a family says about sharing, and what a worker decides",
    Scope.AUDIT_VERIFY: "Hold the audit log to what it has said: its checkpoints and proofs",
    Scope.DIRECTORY_WRITE: "Draft and assure entries of the directory; as the council, decide",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a client of an agency, for one of its workers."""

    client_id: str
    agency_id: UUID | None = None
    agency_kind: AgencyKind | None = None
    worker_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[str] = frozenset()
    authority: str | None = None
    """Whose hub the agency takes part in; what other authorities hold does not exist for it."""

    anonymous: ClassVar["Caller"]

    def acting(self) -> tuple[UUID, UUID]:
        """The agency and its worker. Raises ActingWorkerMissing when no worker is named."""
        if self.agency_id is None or self.worker_id is None:
            raise ActingWorkerMissing("Name the worker you act for in the header Acting-Worker")
        return self.agency_id, self.worker_id

    def is_front_door(self) -> bool:
        """Whether the caller's worker may see and decide what arrives at the front door."""
        return self.agency_kind is AgencyKind.FRONT_DOOR and not self.roles.isdisjoint(
            {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER}
        )


Caller.anonymous = Caller("anonymous")


def mint(caller: Caller, keys: KeySet, now: float) -> str:
    """An internal token that says who `caller` is, good for a minute."""
    claims = {
        "iss": AUDIENCE,
        "aud": AUDIENCE,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
        "client_id": caller.client_id,
        "agency": str(caller.agency_id) if caller.agency_id else None,
        "agency_kind": caller.agency_kind,
        "worker": str(caller.worker_id) if caller.worker_id else None,
        "roles": sorted(caller.roles),
        "scope": " ".join(sorted(caller.scopes)),
        "authority": caller.authority,
    }
    key = keys.keys[0]
    header = {"alg": "ES256", "typ": TYPE, "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


class InternalTokens:
    """Verifies internal tokens, and remembers the verified ones until they expire."""

    def __init__(self, keys: KeyFile[KeySet]) -> None:
        self._keys = keys
        self._known: OrderedDict[str, tuple[Caller, float]] = OrderedDict()
        """In the order in which they were first seen, which is nearly that of their ends."""

    def verify(self, token: str) -> Caller:
        """The caller whom `token` names. Raises NotAuthenticated."""
        now = time()
        if known := self._known.get(token):
            caller, expires = known
            if now < expires + _LEEWAY:
                return caller
        caller, expires = self._read(token, now)
        self._forget(now)
        self._known[token] = caller, expires
        return caller

    def _forget(self, now: float) -> None:
        """The oldest, as long as they have expired or there are too many."""
        while self._known:
            _, expires = next(iter(self._known.values()))
            if now < expires + _LEEWAY and len(self._known) < _REMEMBERED:
                return
            self._known.popitem(last=False)

    def _read(self, token: str, now: float) -> tuple[Caller, float]:
        try:
            decoded = jwt.decode(token, self._keys(), algorithms=["ES256"])
        except (JoseError, ValueError) as error:
            raise NotAuthenticated("This is not a token of the hub's door") from error
        claims, header = decoded.claims, decoded.header
        lifetime = claims.get("exp", 0) - claims.get("iat", 0)
        expected = header.get("typ") == TYPE and claims.get("aud") == AUDIENCE
        if not expected or not 0 < lifetime <= LIFETIME:
            raise NotAuthenticated("This is not a token of the hub's door")
        if not claims["iat"] - _LEEWAY <= now < claims["exp"] + _LEEWAY:
            raise NotAuthenticated("The internal token has expired")
        return _caller(claims), float(claims["exp"])


def _caller(claims: dict[str, object]) -> Caller:
    agency, kind, worker = claims["agency"], claims["agency_kind"], claims["worker"]
    roles, scope, authority = claims["roles"], claims["scope"], claims["authority"]
    assert isinstance(roles, list)  # noqa: S101 -- signed by the door
    return Caller(
        client_id=str(claims["client_id"]),
        agency_id=UUID(str(agency)) if agency else None,
        agency_kind=AgencyKind(str(kind)) if kind else None,
        worker_id=UUID(str(worker)) if worker else None,
        roles=frozenset(Role(role) for role in roles),
        scopes=frozenset(str(scope).split()),
        authority=str(authority) if authority else None,
    )


_FLOWS = OAuthFlows(
    clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes=SCOPES)
)


class Permitted(OAuth2):
    """A dependency: the caller, refused without the scope, a worker, or one of the roles.

    The entry has verified who it is. One object does all, so that the hot path has one call.
    """

    def __init__(self, scope: Scope, roles: frozenset[Role], *, worker: bool) -> None:
        super().__init__(scheme_name="hub", flows=_FLOWS)
        self._scope, self._roles, self._worker = scope, roles, worker

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        caller: Caller = request.scope["caller"]
        if self._scope not in caller.scopes:
            raise Forbidden(f"Ask for a token with the scope {self._scope}", scope=self._scope)
        if self._worker:
            caller.acting()
            if caller.roles.isdisjoint(self._roles):
                asked = sorted(self._roles)
                raise Forbidden(f"The worker needs one of these roles: {', '.join(asked)}")
        return caller


def requires(scope: Scope, roles: frozenset[Role] = frozenset(Role), *, worker: bool = True) -> Any:
    """What `Annotated[Caller, requires(…)]` makes of a route: only such callers come in.

    `worker=False` is for operations that move no personal data: no worker, no role is asked for.
    """
    return Security(Permitted(scope, roles, worker=worker), scopes=[scope])
