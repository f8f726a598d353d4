"""A service as search engines read it: schema.org's words, as JSON-LD."""

from datetime import date
from typing import Any

from services.directory.domain.leaflet import addresses, plain
from services.directory.domain.over import current
from services.directory.domain.shapes import Json

_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}


def described(service: Json, address: str, today: date) -> Json:
    """What is known of a service that stands at this address of the web, and is not over."""
    service = current(service, today)
    at = service.get("service_at_locations", [])
    return _said(
        {
            "@context": "https://schema.org",
            "@type": "Service",
            "@id": address,
            "url": address,
            "name": plain(service["name"]),
            "description": plain(service.get("description", "")),
            "provider": _provider(service.get("organization")),
            "areaServed": [
                plain(a["name"]) for a in service.get("service_areas", ()) if a.get("name")
            ],
            "audience": _audience(service),
            "hoursAvailable": _hours(service.get("schedules", [])),
            "offers": [
                _offer(cost) for cost in service.get("cost_options", ()) if "amount" in cost
            ],
            "availableChannel": [_channel(one) for one in at] or _by_telephone(service),
        }
    )


def _said(told: dict[str, Any]) -> Json:
    """Without what nobody said."""
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def _areas(service: Json) -> list[str]:
    return [plain(one["name"]) for one in service.get("service_areas", ()) if one.get("name")]


def _provider(organization: Json | None) -> Json | None:
    if organization is None:
        return None
    website = organization.get("website")
    return _said({"@type": "Organization", "name": plain(organization["name"]), "url": website})


def _audience(service: Json) -> Json | None:
    ages = {
        "suggestedMinAge": service.get("minimum_age"),
        "suggestedMaxAge": service.get("maximum_age"),
    }
    known = _said(ages)
    return {"@type": "PeopleAudience", **known} if known else None


def _hours(schedules: list[Json]) -> list[Json]:
    found = []
    for one in schedules:
        days = [_DAYS[day] for day in one.get("byday", "").split(",") if day in _DAYS]
        weekly = one.get("freq") == "WEEKLY" and (one.get("interval") or 1) == 1
        if days and weekly:
            found.append(
                _said(
                    {
                        "@type": "OpeningHoursSpecification",
                        "dayOfWeek": [f"https://schema.org/{day}" for day in days],
                        "opens": one.get("opens_at"),
                        "closes": one.get("closes_at"),
                        "validFrom": one.get("valid_from"),
                        "validThrough": one.get("valid_to"),
                    }
                )
            )
    return found


def _offer(cost: Json) -> Json:
    return _said(
        {
            "@type": "Offer",
            "name": cost.get("option"),
            "price": cost["amount"],
            "priceCurrency": cost.get("currency", "GBP").upper(),
        }
    )


def _channel(at: Json) -> Json:
    location = at.get("location", {})
    return _said({"@type": "ServiceChannel", "serviceLocation": _place(location, at)})


def _place(location: Json, at: Json) -> Json:
    visited = (a for a in location.get("addresses", ()) if a.get("address_type") != "postal")
    said: Json = next(visited, {})
    street = ", ".join(p for p in (said.get("address_1"), said.get("address_2")) if p)
    known = {
        "@type": "PostalAddress",
        "streetAddress": street,
        "addressLocality": said.get("city"),
        "postalCode": said.get("postal_code"),
        "addressCountry": said.get("country"),
    }
    latitude, longitude = location.get("latitude"), location.get("longitude")
    point = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return _said(
        {
            "@type": "Place",
            "name": plain(location.get("name", "")),
            "address": _said(known) if next(addresses(location), None) else None,
            "geo": point if latitude is not None and longitude is not None else None,
            "openingHoursSpecification": _hours(at.get("schedules", [])),
        }
    )


def _by_telephone(service: Json) -> list[Json]:
    return [
        {
            "@type": "ServiceChannel",
            "servicePhone": {"@type": "ContactPoint", "telephone": plain(one["number"])},
        }
        for one in service.get("phones", ())
    ]
