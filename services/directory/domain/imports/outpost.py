"""What Outpost's two forms have in common: how a council's own words become Open Referral's."""

from typing import Any
from uuid import UUID

from services.directory.domain.imports.records import filled, tag
from services.directory.domain.shapes import Json

SEND_NEEDS, SUITABILITIES = "SEND needs", "Suitabilities"
NEEDS_REFERRAL: dict[object, str] = {
    True: "A referral is needed",
    False: "No referral is needed: families can ask for themselves",
}

FREE: dict[object, str] = {True: "Free", False: "There is a charge"}


def tags(within: UUID, service: str, named: dict[str, list[str]]) -> list[Json]:
    """The attributes of a service: by taxonomy the names of the terms."""
    return [
        tag(within, service, taxonomy, name)
        for taxonomy, names in named.items()
        for name in dict.fromkeys(names)
    ]


def masked(place: Json, *, exact: bool, shown: bool) -> Json:
    """A place as it may be shown: a masked one without its street, a hidden one not at all."""
    if not shown:
        return place | {"confidential": True}
    if exact:
        return place
    coarse = dict(place)
    for name in ("latitude", "longitude"):
        if coarse.get(name) not in (None, ""):
            coarse[name] = round(float(coarse[name]), 2)
    exact_addresses = [dict(one) | {"confidential": True} for one in place.get("addresses", ())]
    coarse["addresses"] = exact_addresses + [
        filled(one | {"id": f"{one['id']} area", "address_1": "", "postal_code": _area(one)})
        for one in place.get("addresses", ())
    ]
    return coarse


def _area(address: Json) -> Any:
    """The first part of a postcode."""
    return str(address.get("postal_code") or "").strip().split(" ")[0]
