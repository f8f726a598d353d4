"""Access requests as they are answered."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import AwareDatetime

from services.consent.domain.access_requests import (
    AccessRequest,
    Exemption,
    ExemptionGround,
    Wish,
)
from services.consent.domain.consents import Capacity
from services.consent.routes.desk import Answer
from shared.auth import Caller, Role
from shared.calendar import ENGLAND


class AccessRequestReceipt(Answer):
    """It is recorded, and is answered by `due`."""

    id: UUID
    version: int
    due: date
    wish_needed: bool
    """The child itself is asked before a parent is told anything."""


class ExemptionOut(Answer):
    """What is kept out of the answer, by whom, and why."""

    id: UUID
    ground: ExemptionGround
    categories: list[str]
    agencies: list[UUID]
    told: bool
    because: str
    decided_by: UUID
    decided_at: AwareDatetime

    @classmethod
    def of(cls, one: Exemption) -> Self:
        same = {name: getattr(one, name) for name in cls.model_fields}
        sets = {name: sorted(same[name]) for name in ("categories", "agencies")}
        return cls(**same | sets)


class AccessRequestOut(Answer):
    """An access request. Its exemptions are shown to who answers for sharing alone."""

    id: UUID
    version: int
    person_id: UUID
    asked_by: UUID
    capacity: Capacity
    received_on: date
    due: date
    overdue: bool
    wish: Wish | None = None
    wish_at: AwareDatetime | None = None
    recorded_by: UUID
    recorded_by_agency: UUID
    recorded_at: AwareDatetime
    answered_at: AwareDatetime | None = None
    answered_by: UUID | None = None
    exemptions: list[ExemptionOut] | None = None

    @classmethod
    def of(cls, kept: AccessRequest, now: datetime, **more: Any) -> Self:
        same = {name: getattr(kept, name) for name in cls.model_fields if hasattr(kept, name)}
        return cls(
            **same
            | {
                "person_id": kept.person,
                "recorded_by_agency": kept.by_agency,
                "overdue": kept.is_overdue(now.astimezone(ENGLAND).date()),
                "exemptions": None,
            }
            | more
        )

    @classmethod
    def whole(cls, kept: AccessRequest, caller: Caller, now: datetime) -> Self:
        leads = Role.INFORMATION_GOVERNANCE_LEAD in caller.roles
        exemptions = [ExemptionOut.of(one) for one in kept.exemptions] if leads else None
        return cls.of(kept, now, exemptions=exemptions)
