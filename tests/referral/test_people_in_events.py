"""Who is in a referral is told by ids and kinds, to the hub's own services and to no feed."""

import json
from typing import Any

from sqlalchemy import text

from tests.builders import a_child, a_parent, a_submission
from tests.referral.amendments import Json, add, amend, correct, seen
from tests.referral.conftest import Partner, Service

LODGER = a_parent(given_name="Ludo", relationship="lodger", parental_responsibility=False)


async def _told(service: Service, receipt: Json) -> list[list[tuple[str, str]]]:
    """Whom each event about the referral names, in order."""
    async with service.db.reading() as connection:
        rows = await connection.execute(
            text("select data from outbox where key = :key order by number"), {"key": receipt["id"]}
        )
        return [_named(data) for (data,) in rows]


def _named(data: Json) -> list[tuple[str, str]]:
    return [(one["person_id"], one["kind"]) for one in data.get("people", [])]


def _people(referral: Json) -> list[Any]:
    return [one["person_id"] for part in ("children", "household") for one in referral[part]]


async def test_a_submission_names_everybody_and_an_amendment_whom_it_is_about(
    service: Service, school: Partner
) -> None:
    mother = a_parent(parental_responsibility=True)
    receipt = await school.refer(a_submission(a_child(), household=[mother, LODGER]))
    child, parent, lodger = _people(await seen(school, receipt))

    aunt = a_parent(given_name="Augusta", relationship="aunt", parental_responsibility=False)
    assert (await add(school, receipt, "household", aunt)).is_success
    added = _people(await seen(school, receipt))[-1]
    responsible = {"parental_responsibility": True}
    assert (await correct(school, receipt, lodger, responsible, 2)).is_success
    assert (await amend(school, receipt, "referrer", {"telephone": "01632 960099"}, 3)).is_success

    assert await _told(service, receipt) == [
        [(child, "child"), (parent, "parent"), (lodger, "household_member")],
        [(added, "household_member")],
        [(lodger, "parent")],
        [],
    ]


async def test_a_feed_does_not_say_who_is_in_a_referral(service: Service, school: Partner) -> None:
    receipt = await school.refer(a_submission(household=[LODGER]))
    assert (await add(school, receipt, "children", a_child(given_name="Celestine"))).is_success
    people = _people(await seen(school, receipt))

    page = await school.ask("GET", "/api/v1/events?timeout=10")

    events = [one for one in page.json() if one["subject"] == receipt["id"]]
    assert len(people) == 3
    assert {one["type"].split(".")[3] for one in events} == {"submitted", "amended"}
    assert not any(person in json.dumps(events) for person in people)
