"""Every event there is, by its type."""

from shared.contracts import Event, audit, gateway, parked, referral

_ALL: tuple[type[Event], ...] = (*referral.ALL, *gateway.ALL, *audit.ALL, parked.EventParked)

EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in _ALL}
