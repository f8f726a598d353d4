"""Disclosures over HTTP: before personal data is released, and in its audit log."""

from typing import Self

from fastapi import APIRouter

from services.consent.actions import deciding
from services.consent.actions.deciding import Decision
from services.consent.routes.callers import Now
from services.consent.routes.decisions import Asking, DecisionOut
from services.consent.routes.desk import AtDesk, DisclosedTo
from shared.errors import ActingWorkerMissing, problems

router = APIRouter(prefix="/api/v1/disclosures", tags=["What may be shared"])


class Disclosure(DecisionOut):
    """The decision, committed: release what it permits and nothing else, and name its leaf."""

    audit_index: int
    """The leaf of the audit log that says so."""

    @classmethod
    def disclosed(cls, found: Decision) -> Self:
        assert found.index is not None  # noqa: S101 -- a disclosure is committed with its leaf
        return cls.of(found, audit_index=found.index)


@router.post("", status_code=201, responses=problems(ActingWorkerMissing))
async def ask_for_a_disclosure(
    caller: DisclosedTo, asked: Asking, desk: AtDesk, now: Now
) -> Disclosure:
    """Decide for the caller, everybody and every category at once, and keep it in the audit log.

    There is no Idempotency-Key: an answer that is kept would outlive a withdrawal. Who asks again
    is decided again, and each time stands in the log.
    """
    return Disclosure.disclosed(await deciding.disclose(desk, asked.question(caller, now)))
