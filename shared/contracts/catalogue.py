"""Every event there is, by its type."""

from shared.contracts import Event, gateway, parked, referral

_ALL: tuple[type[Event], ...] = (*referral.ALL, *gateway.ALL, parked.EventParked)

EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in _ALL}
