"""Entries with everything defaulted, for tests that are about one thing."""

from typing import Any
from uuid import UUID, uuid4

from services.directory.domain.entries import Audience, Entry, Kind, Stage

Json = dict[str, Any]


def an_id() -> str:
    """A new one."""
    return str(uuid4())


def an_organization(**said: Any) -> Json:
    """An organization that nobody ever heard of."""
    return {"id": an_id(), "name": "Madeup Trust", "description": "Invented"} | said


def a_location(**said: Any) -> Json:
    """A hall in no street."""
    address = {"id": an_id(), "address_1": "1 Nowhere Street", "city": "Sampleton"}
    address |= {"postal_code": "ZZ1 1AA", "country": "GB"}
    return {
        "id": an_id(),
        "location_type": "physical",
        "name": "Invented Hall",
        "addresses": [address],
    } | said


def a_service(**said: Any) -> Json:
    """A service that nobody gives."""
    return {"id": an_id(), "name": "Invented Playgroup", "status": "active"} | said


def at(location: Json, **said: Any) -> Json:
    """A service at a location."""
    return {"id": an_id(), "location_id": location["id"]} | said


def entry(kind: str, content: Json, **standing: Any) -> Entry:
    """A published, public entry, unless it is said otherwise."""
    if "stage" in standing:
        standing["stage"] = Stage(standing["stage"])
    if "audience" in standing:
        standing["audience"] = Audience(standing["audience"])
    return Entry(Kind(kind), content, **standing)


def uuid(content: Json) -> UUID:
    """The id of an entry with this content."""
    return UUID(content["id"])
