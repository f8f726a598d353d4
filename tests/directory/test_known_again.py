"""Who says since when it has an answer is never told that all is so still where it is not."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import text

from tests.directory.builders import Json, a_service, an_organization, entry
from tests.directory.served import Directory

NOW = {"If-Modified-Since": format_datetime(datetime(2199, 1, 1, tzinfo=UTC), usegmt=True)}
LISTS = ["/services", "/services?format=ndjson", "/directory/v1/services", "/organizations"]


async def _given(directory: Directory) -> tuple[Json, Json]:
    """An organization, and its service."""
    trust = an_organization()
    service = a_service(organization_id=trust["id"])
    await directory.save(entry("organization", trust), entry("service", service))
    return trust, service


async def _kept(directory: Directory, path: str) -> dict[str, str]:
    """What a reader says who has this answer and knows no tags."""
    answer = await directory.ask(path)
    assert answer.status_code == 200
    tagged = await directory.ask(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert tagged.status_code == 304, "who knows the tag has it already"
    since = answer.headers.get("Last-Modified")
    return {"If-Modified-Since": since} if since else NOW


@pytest.mark.parametrize("stage", ["published", "withdrawn"])
@pytest.mark.parametrize("path", ["/organizations/{id}?full_service=true", "/organizations/{id}"])
async def test_an_organization_is_told_anew_when_what_is_nested_changed(
    directory: Directory, path: str, stage: str
) -> None:
    trust, service = await _given(directory)
    path = path.format(id=trust["id"])
    before, known = await directory.ask(path), await _kept(directory, path)

    await directory.save(entry("service", service | {"name": "Renamed"}, stage=stage))

    after = await directory.ask(path, headers=known)
    assert after.status_code == 200
    assert after.text != before.text


async def test_so_is_the_list_of_organizations_with_their_services(directory: Directory) -> None:
    _, service = await _given(directory)
    path = "/organizations?full_service=true"
    known = await _kept(directory, path)

    await directory.save(entry("service", service | {"name": "Renamed"}))

    assert "Renamed" in (await directory.ask(path, headers=known)).text


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_that_became_shorter_as_a_day_passed_is_told_anew(
    directory: Directory, path: str
) -> None:
    trust, service = await _given(directory)
    await directory.save(
        entry("service", service, stage="withdrawn"),
        entry("organization", trust, stage="withdrawn"),
    )
    before, known = await directory.ask(path), await _kept(directory, path)
    async with directory.db.transaction() as connection:
        earlier = {"at": datetime.now(UTC) - timedelta(hours=25)}
        await connection.execute(text("update listing set withdrawn_at = :at"), earlier)

    after = await directory.ask(path, headers=known)

    assert after.status_code == 200
    assert after.text != before.text


async def test_what_is_one_object_is_known_by_its_moment(directory: Directory) -> None:
    _, service = await _given(directory)
    path = f"/services/{service['id']}"
    known = await _kept(directory, path)
    assert known != NOW
    assert (await directory.ask(path, headers=known)).status_code == 304
