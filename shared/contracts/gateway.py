"""What the gateway announces: agencies, their clients and their workers, by id."""

from typing import ClassVar
from uuid import UUID

from shared.auth import AgencyKind, Role
from shared.contracts import Event
from shared.contracts.topics import GATEWAY


class GatewayEvent(Event):
    """Something changed at a partner agency."""

    TOPIC: ClassVar[str] = GATEWAY.name

    agency_id: UUID


class AgencyRegistered(GatewayEvent):
    """A partner agency takes part, or its name or kind was put right."""

    TYPE: ClassVar[str] = "uk.earlyhelp.gateway.agency_registered.v1"

    name: str
    """The agency's own name, which is public."""
    kind: AgencyKind
    authority: str = ""
    """Whose hub it takes part in; empty in events older than this field."""


class ClientRegistered(GatewayEvent):
    """A system of an agency may ask for tokens."""

    TYPE: ClassVar[str] = "uk.earlyhelp.gateway.client_registered.v1"

    client_id: str
    events: bool
    """Whether it may read topics."""


class ClientRevoked(GatewayEvent):
    """A system of an agency may no longer do anything."""

    TYPE: ClassVar[str] = "uk.earlyhelp.gateway.client_revoked.v1"

    client_id: str


class WorkerRegistered(GatewayEvent):
    """An agency has named one of its workers."""

    TYPE: ClassVar[str] = "uk.earlyhelp.gateway.worker_registered.v1"

    worker_id: UUID


class WorkerRolesGranted(GatewayEvent):
    """An agency's administrator has said what a worker is there for."""

    TYPE: ClassVar[str] = "uk.earlyhelp.gateway.worker_roles_granted.v1"

    worker_id: UUID
    roles: list[Role]


ALL: tuple[type[Event], ...] = tuple(GatewayEvent.__subclasses__())
