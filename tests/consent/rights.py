"""What the tests of people's rights share."""

from services.consent.actions.audit import Log
from services.consent.actions.desk import Desk
from tests.consent.served import Service


def desk_of(service: Service) -> Desk:
    """What the service's verbs work with."""
    assert service.app is not None
    desk: Desk = service.app.state.desk
    return desk


def log_of(service: Service) -> Log:
    """The service's audit log."""
    assert service.app is not None
    log: Log = service.app.state.log()
    return log
