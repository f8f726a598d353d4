"""Every event there is, by its type."""

from shared.contracts import Event, audit, consent, directory, gateway, parked, referral

_ALL: tuple[type[Event], ...] = (
    *referral.ALL,
    *gateway.ALL,
    *consent.ALL,
    *audit.ALL,
    *directory.ALL,
    parked.EventParked,
)

EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in _ALL}
