"""What is announced of what everybody may read: which service is shown, changed, or gone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.directory.domain.listing import SERVICES
from shared.contracts.directory import (
    DirectoryEvent,
    ServiceChanged,
    ServicePublished,
    ServiceWithdrawn,
)

Key = tuple[str, UUID]


@dataclass(frozen=True)
class Shown:
    """What of the lists became otherwise: by the name of the list, and the id there."""

    published: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    withdrawn: tuple[Key, ...] = ()

    def __len__(self) -> int:
        return len(self.published) + len(self.changed) + len(self.withdrawn)


def facts(shown: Shown) -> Iterator[DirectoryEvent]:
    """One for each service; what else is listed is read with the services that name it."""
    yield from _each(ServicePublished, shown.published)
    yield from _each(ServiceChanged, shown.changed)
    yield from _each(ServiceWithdrawn, shown.withdrawn)


def where(service_id: UUID) -> str:
    """Where everybody reads a service, below the hub's address."""
    return f"/directory/v3/services/{service_id}"


def _each(event: type[DirectoryEvent], keys: Iterable[Key]) -> Iterator[DirectoryEvent]:
    for collection, id_ in keys:
        if collection == SERVICES:
            yield event(service_id=id_, detail_url=where(id_))
