"""What anybody may ask is answered to everybody alike, and leaves no trace."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import text

from services.directory.actions import saving
from shared.crypto import FieldCipher
from tests.directory.served import EDITOR
from tests.directory.town import Town, a_town
from tests.hub_fixture import Hub
from tests.rules.authorization.anybody import OPERATIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(hub: Hub) -> AsyncIterator[Town]:
    """A town in the hub's directory."""
    made = a_town(10)
    cipher = FieldCipher(hub.site.keys / "directory.fields.json")
    await saving.save(hub.directory, cipher, made.entries(), EDITOR)
    for _ in range(100):  # a look of the search's index at what was announced, and again
        if (await hub.http.get("/api/v1/directory/search")).json()["total"]:
            break
        await asyncio.sleep(0.1)
    yield made


def _id(town: Town, path: str) -> str:
    """Of an object of the list that the path names."""
    at = [at for s in town.services for at in s.get("service_at_locations", ())]
    lists = {"services": town.services, "service_at_locations": at, "taxonomies": town.taxonomies}
    lists |= {"organizations": town.organizations, "taxonomy_terms": town.terms}
    named = lists[path.partition("/{id}")[0].rpartition("/")[2]]
    return str(next(one["id"] for one in named if one.get("status", "active") == "active"))


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
async def test_anybody_is_answered_alike(hub: Hub, town: Town, operation: str) -> None:
    method, path = operation.split(" ")
    path = path.replace("{id}", _id(town, path)) if "{id}" in path else path
    school = await hub.join("school")
    stranger = {"Authorization": "Bearer nonsense", "X-Internal-Token": "nonsense"}

    nobody = await hub.http.request(method, path)
    wrong = await hub.http.request(method, path, headers=stranger)
    known = await school.ask(method, path)

    assert nobody.status_code == 200, nobody.text
    assert nobody.content == wrong.content == known.content
    assert nobody.headers["access-control-allow-origin"] == "*"


async def test_reading_leaves_no_trace_in_the_directory(hub: Hub, town: Town) -> None:
    async def kept() -> str:
        tables = text("select tablename from pg_tables where schemaname = 'public'")
        async with hub.directory.reading() as connection:
            names = sorted((await connection.execute(tables)).scalars())
            found = []
            for name in names:
                rows = text(f"select count(*), sum(hashtext(t::text)) from {name} t")  # noqa: S608 -- our own tables
                found.append((name, *(await connection.execute(rows)).one()))
        return str(found)

    before = await kept()
    for path in ("/directory/v3/services?search=needle", "/directory/v3/organizations"):
        assert (await hub.http.get(path)).status_code == 200

    assert await kept() == before


async def test_what_the_directory_does_not_have_is_the_same_for_everybody(
    hub: Hub, town: Town
) -> None:
    answers = [
        await hub.http.get(f"/directory/v3/{one}")
        for one in (f"services/{uuid4()}", f"services/{_id(town, '/d/v/organizations')}", "nothing")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {"*"}
