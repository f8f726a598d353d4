"""What is refused at the door itself, before any service has seen the request."""

from shared.errors import Forbidden, Refusal, Unavailable


class WorkerUnknown(Forbidden):
    """The agency has not registered the worker it acts for."""

    slug, title = "acting-worker-unknown", "The acting worker is not registered"


class HeaderTooLarge(Refusal):
    status, slug, title = 431, "header-too-large", "A header is too large"


class TooSlow(Refusal):
    status, slug, title = 408, "too-slow", "The request did not arrive in time"


class ServiceUnreachable(Unavailable):
    """nginx cannot reach the service behind it."""

    status, slug, title = 502, "service-unreachable", "A part of the hub cannot be reached"


class ServiceTooSlow(Unavailable):
    """The service behind nginx did not answer in time."""

    status, slug, title = 504, "service-too-slow", "A part of the hub did not answer in time"
