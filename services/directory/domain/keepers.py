"""Who looks after an entry: the agency of its organization, and the council's editors."""

from uuid import UUID

from services.directory.domain.entries import Kind
from services.directory.domain.shapes import Json
from shared.auth import AgencyKind, Caller, Role
from shared.errors import Forbidden


def is_editor(caller: Caller) -> bool:
    """Whether a council's administrator acts: it decides what everybody reads."""
    return caller.agency_kind is AgencyKind.COUNCIL and Role.AGENCY_ADMINISTRATOR in caller.roles


def refuse_who_is_no_editor(caller: Caller) -> None:
    """Raises Forbidden."""
    if not is_editor(caller):
        raise Forbidden("Only an administrator of the council decides what the directory says")


def owner_of(kind: Kind, content: Json) -> UUID | None:
    """The organization whose entry it is; None: nobody's but the council's."""
    if kind is Kind.ORGANIZATION:
        return UUID(content["id"])
    named = content.get("organization_id") if kind in (Kind.SERVICE, Kind.LOCATION) else None
    return UUID(named) if named else None
