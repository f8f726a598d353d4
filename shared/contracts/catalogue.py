"""Every event there is, by its type."""

from shared.contracts import Event, gateway, parked, referral

EVENTS: dict[str, type[Event]] = {
    event.TYPE: event
    for event in (
        *referral.ALL,
        gateway.AgencyRegistered,
        gateway.ClientRegistered,
        gateway.ClientRevoked,
        gateway.WorkerRegistered,
        gateway.WorkerRolesGranted,
        parked.EventParked,
    )
}
