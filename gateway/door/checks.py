"""The door: an access token comes in, an internal token for one service call goes out.

A verdict is kept for a second: revocation bites when it ends, and the hot path is one look into a
dictionary and one into a token bucket. A verdict in use is renewed in its second half, beside the
requests, so that nobody waits for the next one.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from time import monotonic, time

import structlog
from joserfc.jwk import KeySet
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gateway import store
from gateway.domain.agencies import EXTERNAL_ID
from gateway.door.refusals import WorkerUnknown
from gateway.limits import Headers, Limit
from gateway.oauth.keys import Unreadable
from gateway.oauth.tokens import AccessToken, AccessTokens
from gateway.store import Standing
from shared.auth import LIFETIME, Caller, mint
from shared.db import Database
from shared.errors import NotAuthenticated, TooManyRequests, Unavailable
from shared.keys import KeyFile

log = structlog.get_logger()

KEPT = 1.0
"""Seconds a verdict is kept."""
_MOST_KEPT = 10_000

Key = tuple[bytes, bytes]
"""Authorization and Acting-Worker, as they were sent."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who comes in, and the Authorization value that says so to a service."""

    client_id: str
    authorization: bytes
    until: float


class Door:
    """Checks token, revocation and acting worker, counts, and mints internal tokens."""

    def __init__(
        self,
        db: Database,
        tokens: AccessTokens,
        internal_keys: KeyFile[KeySet],
        limit: Limit,
        forms: Limit,
        seldom: Limit,
    ) -> None:
        self._db, self._tokens, self._keys, self._limit = db, tokens, internal_keys, limit
        self._forms, self._seldom = forms, seldom
        self._verdicts: dict[Key, Verdict] = {}
        self._decisions: dict[Key, asyncio.Task[Verdict]] = {}
        self._anonymous = Verdict("", b"", 0.0)

    async def admit(self, authorization: bytes, worker: bytes) -> tuple[bytes, Headers]:
        """The Authorization for the service, and what to tell the client about its limit.

        Raises NotAuthenticated, Forbidden, TooManyRequests or Unavailable.
        """
        key, now = (authorization, worker), monotonic()
        verdict = self._verdicts.get(key)
        if verdict is None or verdict.until <= now:
            verdict = await asyncio.shield(self._decision(key))
        elif verdict.until - now < KEPT / 2:
            self._decision(key)
        return self._count(verdict)

    async def admit_afresh(self, authorization: bytes, worker: bytes) -> tuple[bytes, Headers]:
        """The same without keeping the verdict: nginx keeps it, and two seconds are too long."""
        return self._count(await self._decide(authorization, worker))

    def anonymous(self) -> bytes:
        """The Authorization for a public route."""
        now = monotonic()
        if self._anonymous.until <= now:
            token = mint(Caller.anonymous, self._keys(), time())
            self._anonymous = Verdict("", b"Bearer " + token.encode(), now + LIFETIME / 2)
        return self._anonymous.authorization

    def count_form(self, address: str, *, seldom: bool) -> None:
        """A public form is sent from here: only so often. Raises TooManyRequests."""
        limit = self._seldom if seldom else self._forms
        left = limit.take(address, monotonic())
        if left < 0:
            headers = limit.headers(left)
            raise TooManyRequests("Wait as long as Retry-After says", headers=headers)

    def _decision(self, key: Key) -> asyncio.Task[Verdict]:
        """One decision for all who ask meanwhile; whoever hangs up ends only their own wait."""
        if key not in self._decisions:
            task = asyncio.create_task(self._decide(*key))
            self._decisions[key] = task
            task.add_done_callback(partial(self._decided, key))
        return self._decisions[key]

    def _decided(self, key: Key, task: asyncio.Task[Verdict]) -> None:
        del self._decisions[key]
        if task.cancelled() or task.exception():
            self._verdicts.pop(key, None)
            return
        if len(self._verdicts) >= _MOST_KEPT:
            self._verdicts.clear()
        self._verdicts[key] = task.result()

    def _count(self, verdict: Verdict) -> tuple[bytes, Headers]:
        left = self._limit.take(verdict.client_id, monotonic())
        told = self._limit.headers(left)
        if left < 0:
            raise TooManyRequests("Wait as long as Retry-After says", headers=told)
        return verdict.authorization, told

    async def _decide(self, authorization: bytes, worker: bytes) -> Verdict:
        token = self._verified(authorization)
        external_id = worker.decode("latin-1") or None
        if external_id and not EXTERNAL_ID.fullmatch(external_id):
            raise _unknown()
        standing = await self._standing(token, external_id)
        if standing is None or standing.revoked:
            raise _not_accepted("it has been revoked")
        if external_id and standing.worker_id is None:
            raise _unknown()
        caller = Caller(
            client_id=token.client_id,
            agency_id=standing.agency_id,
            agency_kind=standing.agency_kind,
            worker_id=standing.worker_id,
            roles=standing.roles,
            scopes=frozenset(token.scope.split()),
            authority=standing.authority,
        )
        internal = mint(caller, self._keys(), time())
        kept = min(KEPT, token.expires - time())
        return Verdict(token.client_id, b"Bearer " + internal.encode(), monotonic() + kept)

    def _verified(self, authorization: bytes) -> AccessToken:
        scheme, _, given = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise NotAuthenticated(
                "Fetch an access token from /oauth/token and send it: Authorization: Bearer …",
                headers={"WWW-Authenticate": "Bearer"},
            )
        try:
            token = self._tokens.verify(given.strip())
        except Unreadable as error:
            raise _not_accepted(str(error)) from error
        if token.audience != self._tokens.issuer:
            raise _not_accepted("it is meant for the topics, not for the API")
        return token

    async def _standing(self, token: AccessToken, external_id: str | None) -> Standing | None:
        try:
            async with self._db.reading() as connection:
                return await store.standing(connection, token.client_id, token.jti, external_id)
        except (DBAPIError, PoolTimeout, OSError) as error:
            log.warning("door without database", fault=type(error).__name__)
            raise Unavailable(
                "Nothing was changed. Try again in a moment", headers={"Retry-After": "2"}
            ) from error


def _not_accepted(reason: str) -> NotAuthenticated:
    challenge = f'Bearer error="invalid_token", error_description="{reason}"'
    return NotAuthenticated(
        f"Fetch a new access token: this one is not accepted, {reason}",
        headers={"WWW-Authenticate": challenge},
    )


def _unknown() -> WorkerUnknown:
    """Without the number that was sent: somebody may have sent a name."""
    where = "/api/v1/workers/{their number in your system}"
    return WorkerUnknown(f"Register the worker first: PUT {where} with name and job title")
