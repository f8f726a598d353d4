"""What the directory announces: which service's entry families read otherwise from now on."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts import Event
from shared.contracts.topics import DIRECTORY


class DirectoryEvent(Event):
    """Something changed in what everybody may read of a service; what, is read at its place."""

    TOPIC: ClassVar[str] = DIRECTORY.name

    service_id: UUID
    detail_url: str
    """Where everybody reads it, below the hub's address: an import writes events too, and it does
    not know under which name partners reach the hub."""


class ServicePublished(DirectoryEvent):
    """A service can be read from now on; or again, after it was withdrawn."""

    TYPE: ClassVar[str] = "uk.earlyhelp.directory.service.published.v1"


class ServiceChanged(DirectoryEvent):
    """What can be read of a service is otherwise, in its own entry or in what it names."""

    TYPE: ClassVar[str] = "uk.earlyhelp.directory.service.changed.v1"


class ServiceWithdrawn(DirectoryEvent):
    """A service can be read no more: only its id stays."""

    TYPE: ClassVar[str] = "uk.earlyhelp.directory.service.withdrawn.v1"


class AssuranceLapsed(DirectoryEvent):
    """Nobody has said in time that a service's entry is still right: its provider is reminded."""

    TYPE: ClassVar[str] = "uk.earlyhelp.directory.service.assurance_lapsed.v1"

    assured_date: date | None = None
    """When somebody said it last; None: nobody ever did."""


ALL: tuple[type[Event], ...] = tuple(DirectoryEvent.__subclasses__())
