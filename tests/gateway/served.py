"""What uvicorn starts for the door's tests; settings come from the environment."""

from starlette.types import ASGIApp

from gateway import app
from gateway.door.dispatcher import Dispatcher
from gateway.door.table import ROUTES, Route
from gateway.settings import Settings
from tests.gateway import echo

TABLE = (*(route for route in ROUTES if route.service == "gateway"), Route("/echo", "echo"))


def read() -> Settings:
    """The settings."""
    return Settings()


def dispatcher() -> ASGIApp:
    """The whole hub in one process."""
    settings = read()
    service = echo.create(settings)
    gateway = app.create(settings)
    return Dispatcher(TABLE, {"gateway": gateway, "echo": service}, gateway.door)


def gateway() -> ASGIApp:
    """The gateway behind nginx."""
    return app.behind_nginx(read())


def echo_service() -> ASGIApp:
    """The echo service behind nginx."""
    return echo.create(read())
