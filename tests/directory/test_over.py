"""Schedules and prices whose last day has passed count no more, and are not shown to families."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.directory.actions.following import Follower
from services.directory.actions.showing import show_what_is_over, today
from services.directory.domain.schema_org import described
from services.directory.domain.search.asked import SearchAsked
from services.directory.domain.search.codes import Facet
from tests.directory.announced import told
from tests.directory.builders import a_location, a_service, an_id, at, entry, uuid
from tests.directory.served import Directory

NOW = datetime.now(UTC)
OLD = "2020-01-01"
Json = dict[str, Any]


def _weekly(day: str, **said: Any) -> Json:
    return {"id": an_id(), "freq": "WEEKLY", "byday": day, "opens_at": "10:00"} | said


def _in(days: int) -> str:
    return (today(NOW) + timedelta(days=days)).isoformat()


async def _facets(directory: Directory) -> dict[str, list[str]]:
    """The values by which the search finds something."""
    follower = Follower(directory.db)
    await follower.fill()
    assert follower.index is not None
    found = follower.index.search(SearchAsked(), None).facets
    return {name: [one["value"] for one in values] for name, values in found.items()}


async def test_what_is_over_is_neither_found_nor_shown_and_stays_in_the_feed(
    directory: Directory,
) -> None:
    hall = a_location()
    service = a_service(
        schedules=[_weekly("MO", valid_to=OLD), _weekly("TU", valid_to=_in(0))],
        cost_options=[
            {"id": an_id(), "option": "Lapsed fee", "amount": 5, "valid_to": OLD},
            {"id": an_id(), "option": "now", "amount": 0},
        ],
        service_at_locations=[at(hall, schedules=[_weekly("WE", valid_to=OLD), _weekly("TH")])],
    )
    await directory.save(entry("location", hall), entry("service", service))

    for collection in ("services", "service_at_locations"):
        days = ("MO", "TU", "WE", "TH")
        found = {day: len(await directory.ids(f"/{collection}", day=day)) for day in days}
        assert found == {"MO": 0, "TU": 1, "WE": 0, "TH": 1}
    facets = await _facets(directory)
    assert set(facets[Facet.DAY]) == {"TH", "TU"}
    assert facets[Facet.COST] == ["free"]
    shown = (await directory.ask(f"/find-help/services/{service['id']}")).text
    assert "now: Free" in shown
    assert "Lapsed fee" not in shown
    feed = (await directory.ask(f"/services/{service['id']}")).json()
    assert [one.get("valid_to") for one in feed["schedules"]] == [OLD, _in(0)]
    assert len(feed["cost_options"]) == 2
    data = described(feed, "https://a.example", today(NOW))
    assert [one["name"] for one in data["offers"]] == ["now"]
    assert len(data["hoursAvailable"]) == 1
    assert len(data["availableChannel"][0]["serviceLocation"]["openingHoursSpecification"]) == 1


async def test_what_has_its_last_day_ends_without_anybodys_change(directory: Directory) -> None:
    ends = a_service(schedules=[_weekly("MO", valid_to=_in(0))])
    price = {"id": an_id(), "amount": 5, "valid_to": _in(1)}
    costs, stays = a_service(cost_options=[price]), a_service(schedules=[_weekly("MO")])
    await directory.save(*(entry("service", one) for one in (ends, costs, stays)))
    before = len(await told(directory))

    assert await show_what_is_over(directory.db, NOW) == 0
    assert set(await directory.ids("/services", day="MO")) == {ends["id"], stays["id"]}
    await show_what_is_over(directory.db, NOW + timedelta(days=1))
    assert await directory.ids("/services", day="MO") == [stays["id"]]
    await show_what_is_over(directory.db, NOW + timedelta(days=2))

    assert (await told(directory))[before:] == [("changed", uuid(ends)), ("changed", uuid(costs))]
