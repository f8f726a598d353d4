"""Agencies and the workers they register: who may hold which role."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from shared.auth import AgencyKind, Role
from shared.errors import Conflict, Unprocessable

EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A worker's number in the agency's own system. No `@`: it stands in URLs, and an e-mail address
there would be personal data in every proxy's log."""

_EVERYWHERE = frozenset({Role.REFERRER, Role.AGENCY_ADMINISTRATOR, Role.SAFEGUARDING_LEAD})
_PRACTICE = _EVERYWHERE | {Role.RECEIVING_WORKER, Role.LEAD_PROFESSIONAL}
_FRONT_DOOR = _PRACTICE | {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER, Role.PANEL_CHAIR}

MAY_HOLD: dict[AgencyKind, frozenset[Role]] = {
    AgencyKind.SCHOOL: _PRACTICE,
    AgencyKind.GP: _PRACTICE,
    AgencyKind.HEALTH: _PRACTICE,
    AgencyKind.POLICE: _EVERYWHERE,
    AgencyKind.HOUSING: _PRACTICE,
    AgencyKind.VOLUNTARY: _PRACTICE,
    AgencyKind.CHILDREN_SERVICES: _PRACTICE | {Role.PANEL_CHAIR},
    AgencyKind.COUNCIL: _EVERYWHERE | {Role.INFORMATION_GOVERNANCE_LEAD},
    AgencyKind.FRONT_DOOR: _FRONT_DOOR,
}
"""The roles that a worker may hold by the kind of agency. Nobody is given the system's own role."""


class AgencyTaken(Conflict):
    slug, title = "agency-registered-already", "This agency is registered already"


@dataclass(frozen=True, slots=True)
class Agency:
    """A partner of the hub."""

    id: UUID
    name: str
    kind: AgencyKind
    authority: str


@dataclass(frozen=True, slots=True)
class Worker:
    """A person who acts through an agency's system, as that agency asserts."""

    id: UUID
    agency_id: UUID
    external_id: str
    name: str
    job_title: str
    roles: frozenset[Role]
    version: int = 1


def granted(worker: Worker, roles: Iterable[Role], *, kind: AgencyKind) -> Worker:
    """The worker with exactly these roles. Raises Unprocessable for one its agency may not give."""
    wanted = frozenset(roles)
    if beyond := sorted(wanted - MAY_HOLD[kind]):
        raise Unprocessable(
            f"Workers of this kind of agency cannot hold: {', '.join(beyond)}", pointer="/roles"
        )
    return replace(worker, roles=wanted, version=worker.version + 1)
