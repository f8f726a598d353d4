"""What the routes answer: built up field by field from what the caller may see."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping

from services.referral.actions.looking import Seen
from services.referral.domain.codes import WithdrawalReason
from services.referral.domain.lifecycle import Action, Status
from services.referral.domain.referral import FrontDoorDecision, Referral, Withdrawal
from services.referral.domain.submission import (
    Basis,
    Child,
    HouseholdMember,
    Need,
    Referrer,
    Safeguarding,
)
from shared.authority import Authority
from shared.contracts.referral import Decision, Urgency

EXAMPLE_REFERENCE = "7KQ4-9XWTM-N"


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Links(Answer):
    """Where to go on; paths on this hub."""

    self: str
    history: str
    actions: str
    events: str = "/api/v1/events"

    @classmethod
    def of(cls, referral_id: UUID) -> Self:
        path = f"/api/v1/referrals/{referral_id}"
        return cls(self=path, history=f"{path}/history", actions=f"{path}/actions")


class Telephone(Answer):
    name: str
    number: str


class Emergency(Answer):
    """What to do now when a child is in danger, and who answers the telephone at this hour."""

    advice: str
    telephone: Telephone

    @classmethod
    def of(cls, authority: Authority, now: datetime) -> Self:
        answering = authority.answers_now(now)
        telephone = Telephone(name=answering.name, number=answering.number)
        return cls(advice=authority.emergency.advice, telephone=telephone)


class Receipt(Answer):
    """The referral was taken: quote the reference, and expect a decision by `decision_due`."""

    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    urgency: Urgency
    submitted_at: AwareDatetime
    decision_due: AwareDatetime
    emergency: Emergency | None = None
    links: Links

    @classmethod
    def of(cls, receipt: dict[str, Any], authority: Authority, now: datetime) -> Self:
        urgent = receipt["urgency"] == Urgency.URGENT
        return cls(
            **receipt,
            emergency=Emergency.of(authority, now) if urgent else None,
            links=Links.of(UUID(receipt["id"])),
        )


class Summary(Answer):
    """A referral without the family: ids, codes and clocks."""

    id: UUID
    reference: Annotated[str, Field(examples=[EXAMPLE_REFERENCE])]
    status: Status
    version: int
    urgency: Urgency
    referring_agency_id: UUID
    referring_worker_id: UUID
    holding_agency_id: UUID
    """Who holds the family now."""
    submitted_at: AwareDatetime
    decision_due: AwareDatetime
    overdue_at: AwareDatetime | None = None
    decision: Decision | None = None
    decided_at: AwareDatetime | None = None
    withdrawal_reason: WithdrawalReason | None = None
    links: Links

    @classmethod
    def of(cls, referral: Referral) -> Self:
        return cls(**state_of(referral))


def state_of(referral: Referral) -> dict[str, Any]:
    """The fields of a Summary."""
    state = {name: value for name, value in vars(referral).items() if name != "url"}
    return state | {"links": Links.of(referral.id)}


class Page(Answer):
    """Some referrals, the newest first. `next` leads on; without it, this was the last page."""

    referrals: list[Summary]
    next: str | None = None

    @classmethod
    def of(cls, found: list[Referral], limit: int, filters: dict[str, str]) -> Self:
        shown = found[:limit]
        following = None
        if len(found) > limit:
            query = filters | {"limit": str(limit), "cursor": str(shown[-1].id)}
            following = "/api/v1/referrals?" + "&".join(f"{k}={v}" for k, v in query.items())
        return cls(referrals=[Summary.of(referral) for referral in shown], next=following)


class SeenAddress(Answer):
    """An address. Of a confidential one only the mark is seen, unless the caller may see more."""

    lines: list[str] | None = None
    postcode: str | None = None
    confidential: bool = False


class SeenChild(Child):
    person_id: UUID
    addresses: list[SeenAddress] = []  # type: ignore[assignment]


class SeenHouseholdMember(HouseholdMember):
    person_id: UUID
    addresses: list[SeenAddress] = []  # type: ignore[assignment]


class ReferralOut(Summary):
    """A referral as far as the caller may see it."""

    referring_agency_name: str | None = None
    referrer: Referrer
    children: list[SeenChild]
    household: list[SeenHouseholdMember]
    need: Need
    safeguarding: Safeguarding
    basis: Basis
    despite_open_referral: str | None = None
    decision_words: FrontDoorDecision | None = None
    withdrawal_words: Withdrawal | None = None
    possible_duplicates: list[str] | None = None
    """References of open referrals for the same child; the front door alone sees this."""

    @classmethod
    def of_seen(cls, seen: Seen) -> Self:
        parts = dict(seen.parts)
        closing = parts.pop("closing", None)
        people = [{k: v for k, v in p.items() if k != "is_child"} for p in seen.people]
        child = [p["is_child"] for p in seen.people]
        return cls.model_validate(
            state_of(seen.referral)
            | parts
            | {
                "referring_agency_name": seen.agency_name,
                "children": [p for p, young in zip(people, child, strict=True) if young],
                "household": [p for p, young in zip(people, child, strict=True) if not young],
                "possible_duplicates": seen.possible_duplicates,
                "decision_words": closing if seen.referral.decision else None,
                "withdrawal_words": closing if seen.referral.withdrawal_reason else None,
            }
        )


class Entry(Answer):
    """One thing that happened."""

    version: int
    at: AwareDatetime
    action: str
    status: Status
    code: str | None = None
    agency_id: UUID | None = None
    worker_id: UUID | None = None


class History(Answer):
    entries: list[Entry]

    @classmethod
    def of(cls, rows: Sequence[RowMapping]) -> Self:
        return cls(entries=[Entry.model_validate(dict(row)) for row in rows])


_PATHS = {
    Action.ACKNOWLEDGE: "acknowledgement",
    Action.TRIAGE: "triage",
    Action.DECIDE: "decision",
    Action.WITHDRAW: "withdrawal",
}
_NEEDS: dict[Action, list[str]] = {
    Action.DECIDE: ["outcome", "rationale"],
    Action.WITHDRAW: ["reason"],
}


class Possible(Answer):
    """Something the caller may do now: send `needs` to `href`, with the version as If-Match."""

    action: Action
    method: str = "POST"
    href: str
    if_match: str
    needs: list[str]


class Actions(Answer):
    status: Status
    actions: list[Possible]

    @classmethod
    def of(cls, referral: Referral, possible: list[Action]) -> Self:
        path = Links.of(referral.id).self
        return cls(
            status=referral.status,
            actions=[
                Possible(
                    action=action,
                    href=f"{path}/{_PATHS[action]}",
                    if_match=f'"{referral.version}"',
                    needs=_NEEDS.get(action, []),
                )
                for action in possible
            ],
        )
