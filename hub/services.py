"""Puts services together: each as a process of its own, or all behind one door in one process."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import httpx2
import uvicorn
from pydantic import ValidationError
from starlette.types import ASGIApp

from gateway import app as gateway
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import ROUTES
from gateway.settings import Settings as GatewaySettings
from hub import authorities
from hub.trouble import Trouble
from services.consent import app as consent
from services.consent.settings import Settings as ConsentSettings
from services.directory import app as directory
from services.directory.settings import Settings as DirectorySettings
from services.referral import app as referral
from services.referral.settings import Settings as ReferralSettings
from shared import logging, tuning
from shared.bus import Bus, bus_of
from shared.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)
Create = Callable[[Mapping[str, str], Bus | None, Mapping[str, ASGIApp]], ASGIApp]
"""Makes a service of what it is told; without a bus it asks for one of its own.

What runs already in the same process is asked there, without a socket."""
STOPPING = 5
"""Seconds that answers under way are given; a long poll is cut and asked again."""


def one_service(name: str) -> ASGIApp:
    """A service as a process of its own, told by its environment; nginx stands before it."""
    if name == "gateway":
        settings = _settings(GatewaySettings, {})
        return gateway.behind_nginx(settings, bus_of(settings.kafka))
    return BEHIND[name]({}, None, {})


def all_in_one(told: Mapping[str, Mapping[str, str]], kafka: str | None) -> ASGIApp:
    """Every service in this process; events go through Kafka where one is named."""
    bus = bus_of(kafka)
    behind: dict[str, ASGIApp] = {}
    for name, create in BEHIND.items():
        behind[name] = create(told[name], bus, behind)
    door = gateway.create(_settings(GatewaySettings, told["gateway"]), bus, mounted=behind)
    return Dispatcher(ROUTES, {**behind, "gateway": door}, door.door)


def serve(name: str, host: str, port: int) -> None:
    """Run one service until SIGTERM, with its log on standard output."""
    logging.configure(name)
    app = one_service(name)
    tuning.settle()
    server(app, host, port).run()


def server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """What serves an application: no access log of its own, no version in its answers."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on",
        loop="uvloop",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=STOPPING,
    )
    return uvicorn.Server(config)


def _settings(settings: type[S], told: Mapping[str, str]) -> S:
    """What a service is told, by `told` or else by the environment."""
    prefix = settings.model_config["env_prefix"]
    try:
        found = settings.model_validate(
            {name.removeprefix(prefix).lower(): value for name, value in told.items()}
        )
    except ValidationError as error:
        wrong = ", ".join(f"{prefix}{fault['loc'][0]}".upper() for fault in error.errors())
        raise Trouble(
            f"The environment must name {wrong}: docker-compose.yml shows how. "
            "To try the hub without any of that, run: make up"
        ) from None
    authorities.served(found.authority_files)
    return found


def _consent(told: Mapping[str, str], bus: Bus | None, _: Mapping[str, ASGIApp]) -> ASGIApp:
    return consent.create(_settings(ConsentSettings, told), bus)


def _referral(told: Mapping[str, str], bus: Bus | None, beside: Mapping[str, ASGIApp]) -> ASGIApp:
    asked = [_inside(beside.get(name)) for name in ("consent", "directory")]
    return referral.create(_settings(ReferralSettings, told), bus, *asked)


def _inside(there: ASGIApp | None) -> httpx2.ASGITransport | None:
    """The way to a service that runs in this process."""
    return httpx2.ASGITransport(there, raise_app_exceptions=False) if there else None


def _directory(told: Mapping[str, str], bus: Bus | None, _: Mapping[str, ASGIApp]) -> ASGIApp:
    return directory.create(_settings(DirectorySettings, told), bus)


BEHIND: dict[str, Create] = {"consent": _consent, "directory": _directory, "referral": _referral}
"""Every service behind the gateway; whoever is asked by others stands before them."""
