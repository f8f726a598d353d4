"""Whoever follows the directory hears of each service that is read otherwise, and of no other."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from services.directory.actions import saving
from services.directory.actions.showing import show_everything_anew, show_what_is_due
from services.directory.store.entries import By
from shared.contracts.catalogue import EVENTS
from tests.directory.announced import rows, told
from tests.directory.builders import a_location, a_service, an_organization, at, entry, uuid
from tests.directory.imported import bring
from tests.directory.served import EDITOR, Directory

TODAY = datetime.now(UTC).date()


async def test_a_service_is_published_changed_and_withdrawn(directory: Directory) -> None:
    service = a_service()
    id_ = uuid(service)

    await directory.save(entry("service", service))
    await directory.save(entry("service", service | {"name": "Renamed"}))
    await saving.withdraw(directory.db, directory.cipher, [id_], EDITOR)
    await directory.save(entry("service", service))

    words = ["published", "changed", "withdrawn", "published"]
    assert await told(directory) == [(word, id_) for word in words]


async def test_positions_have_no_gap_and_the_link_leads_to_the_service(
    directory: Directory,
) -> None:
    await directory.save(*(entry("service", a_service()) for _ in range(5)))

    found = await rows(directory)

    assert [row.position for row in found] == [1, 2, 3, 4, 5]
    for row in found:
        event = EVENTS[row.type].model_validate(row.data)
        assert set(row.data) == {"service_id", "detail_url"}
        answer = await directory.ask(row.data["detail_url"])
        assert answer.json()["id"] == event.key


async def test_a_change_of_what_services_name_is_news_of_each_of_them(
    directory: Directory,
) -> None:
    organization, location = an_organization(), a_location()
    services = [a_service(organization_id=organization["id"]) for _ in range(3)]
    services[0]["service_at_locations"] = [at(location)]
    beside = a_service()
    first = [entry("organization", organization), entry("location", location)]
    await directory.save(*first, *(entry("service", one) for one in [*services, beside]))
    before = len(await told(directory))

    await directory.save(entry("organization", organization | {"name": "Renamed"}))
    await directory.save(entry("location", location | {"name": "Renamed"}))

    news = (await told(directory))[before:]
    assert {word for word, _ in news} == {"changed"}
    assert sorted(id_ for _, id_ in news[:3]) == sorted(map(uuid, services))
    assert [id_ for _, id_ in news[3:]] == [uuid(services[0])]


@pytest.mark.parametrize(
    "standing",
    [{"stage": "draft"}, {"audience": "internal"}, {"shown_from": TODAY + timedelta(days=2)}],
)
async def test_what_nobody_may_read_is_not_told_of(
    directory: Directory, standing: dict[str, object]
) -> None:
    hidden, shown = a_service(), a_service()

    await directory.save(entry("service", hidden, **standing), entry("service", shown))

    assert await told(directory) == [("published", uuid(shown))]


async def test_a_day_that_comes_is_told_and_what_stays_the_same_is_not(
    directory: Directory,
) -> None:
    service = a_service()
    day = TODAY + timedelta(days=30)
    await directory.save(entry("service", service, shown_from=day, shown_until=day))
    assert await told(directory) == []

    for now in (day, day, day + timedelta(days=1)):
        noon = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
        await show_what_is_due(directory.db, noon, date.min)

    assert [word for word, _ in await told(directory)] == ["published", "withdrawn"]
    await directory.save(entry("service", a_service()))
    await show_everything_anew(directory.db)
    assert len(await told(directory)) == 3


async def test_an_import_tells_what_it_brought_and_a_second_one_nothing(
    directory: Directory,
) -> None:
    said = [a_service() for _ in range(3)]
    for _ in range(2):
        await bring(directory, "oruk3", {"a.json": json.dumps(said)})

    news = await told(directory)

    assert sorted(news) == sorted(("published", uuid(one)) for one in said)


async def test_a_change_that_fails_is_not_told(directory: Directory) -> None:
    await directory.save(entry("service", a_service()))
    async with directory.db.transaction() as connection:
        await connection.execute(
            text("alter table history add constraint refused check (reason <> 'refused')")
        )

    with pytest.raises(Exception, match="refused"):
        await directory.save(entry("service", a_service()), by=By("tests", "refused"))

    assert len(await told(directory)) == 1
