"""Worklists: what they can be narrowed to, in which order they stand, and which filter is whose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.referral.domain.steps import Code
from shared.auth import Caller, Role
from shared.authority import Authority
from shared.contracts.lifecycle import Decision, Status, Urgency
from shared.errors import BadRequest

Me = Literal["me"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NEVER = 10**20 - 1


class Sort(StrEnum):
    """In which order; within it, the older referral comes first where nothing else decides."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    """What is due first; where no clock runs, last."""
    URGENCY = "urgency"
    """The urgent ones first, then as `due`."""


class Due(StrEnum):
    """How a referral stands with its clocks, by the one that is due first."""

    OVERDUE = "overdue"
    NEAR = "near"
    DUE = "due"


class Of(StrEnum):
    """Whose worklist: the worker's own, or that of the whole agency."""

    MINE = "mine"
    AGENCY = "agency"


class By(StrEnum):
    """What a worklist is counted by."""

    STATUS = "status"
    DUE = "due"
    URGENCY = "urgency"
    AREA = "area"
    HUB = "hub"
    NEED = "need"
    WORKER = "worker"


class Filters(BaseModel):
    """What a worklist shows: referrals that fit all of these. One not listed here is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    status: Annotated[list[Status], Field(max_length=len(Status))] = []
    """Those in one of these statuses"""
    due: Due | None = None
    """Those whose first clock has run out, is near its end, or has time left"""
    urgency: Urgency | None = None
    """Those of this urgency"""
    area: Code | None = None
    """Those of this area of the authority"""
    hub: Code | None = None
    """Those that this hub serves"""
    need: Code | None = None
    """Those with a need of this group"""
    agency: UUID | None = None
    """Those that this agency has referred; a referrer may name its own alone"""
    holder: UUID | None = None
    """Those whose family this agency holds"""
    offered_to: UUID | None = None
    """Those that wait for this agency's answer"""
    worker: UUID | Me | None = None
    """Those that this worker deals with; `me` is the acting worker"""
    lead_professional: UUID | Me | None = None
    """Those whose team this worker coordinates; `me` is the acting worker"""
    escalated: bool | None = None
    """Those that went the emergency way because nobody had seen them, or those that did not"""
    decision: Decision | None = None
    """Those that the front door has decided so"""
    of: Of | None = None
    """`mine`: what the worker deals with, leads or has sent; `agency`: what waits for the agency"""

    def used(self) -> frozenset[str]:
        """The filters that narrow anything."""
        values = {name: getattr(self, name) for name in Filters.model_fields}
        return frozenset(name for name, value in values.items() if value not in (None, []))

    def resolved(self, caller: Caller) -> Self:
        """With the acting worker's id for `me`."""
        mine = {
            name: caller.worker_id
            for name in ("worker", "lead_professional")
            if getattr(self, name) == "me"
        }
        return self.model_copy(update=mine)


class Worklist(Filters):
    """Filters and an order: what a worker can keep as a view."""

    sort: Sort = Sort.NEWEST
    """`newest` or `oldest` first; by what is `due` first; by `urgency`, and then by what is due"""


@dataclass(frozen=True)
class Place:
    """Where a page ends: what of its last referral decides the order."""

    is_routine: bool
    due: datetime | None
    id: UUID

    def written(self) -> str:
        """As text that always has the same length, so that a sealed place tells nothing by it."""
        micros = (self.due - _EPOCH) // _MICROSECOND if self.due else _NEVER
        return f"{self.is_routine:d}{micros:020d}{self.id.hex}"

    @classmethod
    def read(cls, written: str) -> Self:
        """The place again. Raises ValueError."""
        micros = int(written[1:21])
        due = None if micros == _NEVER else _EPOCH + micros * _MICROSECOND
        return cls(written[0] == "1", due, UUID(written[21:]))


_ALL = frozenset(Filters.model_fields)
_RECEIVER = _ALL - {"escalated"}
_REFERRER = _RECEIVER - {"agency"}

FILTERS_FOR: dict[Role, frozenset[str]] = {
    Role.REFERRER: _REFERRER,
    Role.RECEIVING_WORKER: _RECEIVER,
    Role.LEAD_PROFESSIONAL: _RECEIVER,
    Role.PANEL_CHAIR: _RECEIVER,
    Role.FRONT_DOOR_WORKER: _ALL,
    Role.FRONT_DOOR_MANAGER: _ALL,
}
"""Which filters a role may use, towards the referrals that it sees in that role.

What is not shown (`routes/answers.py`) is not asked for: else the length of a list would tell it.
"""


class FilterNotPermitted(BadRequest):
    slug, title = "filter-not-permitted", "This filter is not for this caller"


class FilterUnknown(BadRequest):
    slug, title = "filter-unknown-code", "The authority has no such code"


_REFERRAL, _INVOLVEMENT = "referral", "involvement"
CATEGORY_OF: dict[str, str] = {
    **dict.fromkeys(("status", "due", "urgency", "area", "hub", "escalated"), _REFERRAL),
    **dict.fromkeys(("decision", "reference", Sort.DUE, Sort.URGENCY), _REFERRAL),
    **dict.fromkeys(("agency", "holder", "offered_to", "worker", "of"), _INVOLVEMENT),
    "lead_professional": _INVOLVEMENT,
    "need": "needs.groups",
}
"""What each filter, order and count tells. `newest` and `oldest` tell what the ids tell."""


def roles_for(used: frozenset[str], caller: Caller) -> frozenset[Role]:
    """The caller's roles in which it may use all of these filters together.

    Only what it sees in those roles may be shown: somebody who refers and receives, and narrows to
    another agency, is shown what it receives. Raises FilterNotPermitted, which names the filters.
    """
    roles = caller.roles & FILTERS_FOR.keys()
    usable = frozenset(role for role in roles if used <= FILTERS_FOR[role])
    if not usable:
        refused = [name for name in sorted(used) if not _anybody(name, roles)] or sorted(used)
        raise FilterNotPermitted(
            f"Leave out {' and '.join(refused)}: none of the worker's roles may filter by it",
            filters=refused,
        )
    return usable


def _anybody(name: str, roles: frozenset[Role]) -> bool:
    return any(name in FILTERS_FOR[role] for role in roles)


def permitted(filters: Filters, caller: Caller, *also: str) -> frozenset[Role]:
    """As `roles_for`, of the filters in use and `also`; the own agency may always be named."""
    own = {"agency"} if filters.agency and filters.agency == caller.agency_id else set()
    return roles_for((filters.used() - own) | set(also), caller)


def told_by(worklist: Worklist, *also: str) -> dict[str, str]:
    """What a question tells of the referrals that it finds: by filter, order and `also`."""
    used = {*worklist.used(), worklist.sort, *also}
    return {name: CATEGORY_OF[name] for name in sorted(used) if name in CATEGORY_OF}


def where_it_may_be_told(
    roles: frozenset[Role], told: Mapping[str, str], uniform: frozenset[str]
) -> frozenset[Role]:
    """Those of `roles` in which the question may be asked, where `uniform` may leave of everybody.

    What depends on the family may be asked of what the agency has sent itself alone: else who is
    missing from the list would tell it. Raises FilterNotPermitted.
    """
    hidden = [name for name, category in told.items() if category not in uniform]
    if hidden and Role.REFERRER not in roles:
        raise FilterNotPermitted(
            f"Leave out {' and '.join(hidden)}: not of every family may your agency see it for "
            "this purpose",
            filters=hidden,
        )
    return roles & {Role.REFERRER} if hidden else roles


def refuse_unknown_codes(filters: Filters, council: Authority) -> None:
    """A code that nobody uses would show an empty list, as if nothing waited. Raises."""
    known = {"area": council.areas, "hub": council.hubs, "need": council.need_groups}
    for name, codes in known.items():
        asked = getattr(filters, name)
        if asked is not None and asked not in codes:
            some = f"Use one of these as {name}: {', '.join(sorted(codes))}"
            raise FilterUnknown(some if codes else f"Leave out {name}", filters=[name])
