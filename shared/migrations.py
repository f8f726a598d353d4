"""Migrations of one service: `upgrade(...)` from code, or alembic's own command line."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

INI = Path(__file__).parent.parent / "alembic.ini"


async def upgrade(service: str, url: str) -> None:
    """Bring the database at `url` to the newest revision of `service`."""
    await _on(url, lambda connection: command.upgrade(_config(service, connection), "head"))


async def downgrade(service: str, url: str) -> None:
    """Take every table of `service` away again."""
    await _on(url, lambda connection: command.downgrade(_config(service, connection), "base"))


async def check(service: str, url: str) -> None:
    """Raises when the tables in code differ from those that the migrations made."""
    await _on(url, lambda connection: command.check(_config(service, connection)))


def _config(service: str, connection: Connection) -> Config:
    config = Config(INI, ini_section=service, attributes={"connection": connection})
    config.set_main_option(
        "script_location", str(INI.parent / config.get_main_option("script_location", ""))
    )
    return config


async def _on(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def run(metadata: MetaData) -> None:
    """What each service's `env.py` calls."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection, metadata)
        return
    url = os.environ[f"{context.config.config_ini_section.upper()}_DATABASE_URL"]
    asyncio.run(_on(url, lambda connection: _migrate(connection, metadata)))


def _migrate(connection: Connection, metadata: MetaData) -> None:
    """A migration that cannot get its lock within 4 s gives way to the service at work."""
    connection.exec_driver_sql("set lock_timeout = '4s'")
    context.configure(connection=connection, target_metadata=metadata, compare_type=False)
    with context.begin_transaction():
        context.run_migrations()
