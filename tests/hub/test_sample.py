"""The sample's workers are made whole after a kill, and left alone when somebody changed them."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway import actions, store
from gateway.domain.agencies import Worker
from hub import sample
from hub.authorities import served
from hub.site import Ports, Site
from shared.auth import Role
from shared.crypto import FieldCipher
from shared.db import Database

NUMBER = "F-100"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Place:
    """A fresh gateway's database with its keys."""

    def __init__(self, db: Database, var: Path) -> None:
        self.db, self.site = db, Site(var, Ports.model_construct())
        self.site.create_secrets()
        self.cipher = FieldCipher(self.site.keys / "gateway.fields.json")

    async def create(self) -> None:
        councils = served(self.site.authorities)
        await sample.create(self.db, self.cipher, self.site, councils, NOW)

    async def worker(self) -> Worker:
        async with self.db.reading() as connection:
            known = {one.name: one.id for one in await store.agencies(connection)}
            which = store.called(known["Sampleton Front Door"], NUMBER)
            found = await store.worker(connection, self.cipher, which)
        assert found
        return found


@pytest.fixture
async def place(databases: Callable[[str], str], tmp_path: Path) -> AsyncIterator[Place]:
    db = Database.open(databases("gateway"), connections=2)
    yield Place(db, tmp_path / "var")
    await db.close()


@pytest.fixture
async def killed(place: Place) -> Place:
    """A start that ended between a worker's registration and the grant of the roles."""
    grant = actions.grant_roles

    async def dying(*given: Any, **told: Any) -> Worker:
        if told["external_id"] == NUMBER:
            raise TimeoutError
        return await grant(*given, **told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "grant_roles", dying)
        with pytest.raises(TimeoutError):
            await place.create()
    return place


async def test_a_worker_without_the_roles_is_given_them_at_the_next_start(killed: Place) -> None:
    assert (await killed.worker()).roles == {Role.REFERRER}
    await killed.create()
    whole = await killed.worker()
    assert whole.roles == {Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER}


async def test_roles_that_somebody_took_away_stay_away(place: Place) -> None:
    await place.create()
    agency_id = (await place.worker()).agency_id
    demote = partial(actions.grant_roles, place.db, place.cipher, agency_id=agency_id, now=NOW)
    await demote(external_id=NUMBER, roles=frozenset({Role.REFERRER}))
    await place.create()
    assert (await place.worker()).roles == {Role.REFERRER}
