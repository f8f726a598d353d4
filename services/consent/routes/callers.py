"""Who may call what: the permission of an operation is the type of its `caller`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.consent.actions.audit import Log
from shared.auth import Caller, Role, Scope, requires

GoverningWorker = Annotated[
    Caller, requires(Scope.AUDIT_VERIFY, frozenset({Role.INFORMATION_GOVERNANCE_LEAD}))
]
"""The council's worker who answers for what is shared."""


async def _insider(request: Request) -> Caller:
    """Raises ActingWorkerMissing."""
    caller: Caller = request.scope["caller"]
    caller.acting()
    return caller


Insider = Annotated[Caller, Depends(_insider)]
"""For whom one of the hub's own services asks, where the door does not lead: no scope is needed,
because nobody else has an internal token there."""


async def _log(request: Request) -> Log:
    log: Log = request.app.state.log()
    return log


AtLog = Annotated[Log, Depends(_log)]


async def _now() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(_now)]
