"""Putting right what was sent, as a partner's system does."""

from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from services.referral.store.people import ADDRESSES, person
from tests.builders import a_decision, a_withdrawal
from tests.referral.conftest import Partner, Service

WHY = "The mother has told us more."
Json = dict[str, Any]


async def amend(
    partner: Partner, receipt: Json, part: str, value: Json, version: int = 1, reason: str = WHY
) -> httpx2.Response:
    """One part anew."""
    said = {"part": part, "value": value, "reason": reason}
    return await partner.step(receipt, "amendments", version, said)


async def correct(
    partner: Partner, receipt: Json, person_id: str, changes: Json, version: int = 1, **said: Any
) -> httpx2.Response:
    """Some of a person's data put right."""
    body = {"changes": changes, "reason": WHY} | said
    return await partner.step(receipt, f"people/{person_id}/corrections", version, body)


async def add(
    partner: Partner, receipt: Json, part: str, person: Json, version: int = 1, **said: Any
) -> httpx2.Response:
    """Somebody who was forgotten."""
    body = {"part": part, "person": person, "reason": WHY} | said
    return await partner.step(receipt, "people", version, body)


async def seen(partner: Partner, receipt: Json) -> Json:
    """The referral as this partner sees it."""
    answer = await partner.get(f"/{receipt['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def changes(partner: Partner, receipt: Json) -> list[Json]:
    """The change log as this partner sees it."""
    answer = await partner.get(f"/{receipt['id']}/amendments")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["changes"])


async def kept_addresses(service: Service, receipt: Json) -> list[Json]:
    """The first child's addresses as the service keeps them, whoever may see them."""
    desk = service.desk
    async with service.db.reading() as connection:
        wanted = select(person).where(person.c.referral_id == UUID(receipt["id"]))
        first = (await connection.execute(wanted.order_by(person.c.place))).first()
    assert first
    return list(desk.cipher.open(first.addresses, ADDRESSES, first.id))


async def child_of(partner: Partner, receipt: Json) -> str:
    """The id of its first child."""
    return str((await seen(partner, receipt))["children"][0]["person_id"])


def undone(referral: Json, log: list[Json]) -> Json:
    """The parts and people as they were sent: every change taken back, from the last one on."""
    now = {part: referral.get(part) for part in ("referrer", "need", "safeguarding", "basis")}
    people = {
        someone["person_id"]: {k: v for k, v in someone.items() if k != "person_id"}
        for part in ("children", "household")
        for someone in referral[part]
    }
    for line in reversed(log):
        if "person_id" not in line:
            now[line["part"]] = line.get("before")
        elif line["added"]:
            del people[line["person_id"]]
        else:
            was = people[line["person_id"]].items()
            kept = {name: said for name, said in was if name not in line.get("after", {})}
            people[line["person_id"]] = kept | line.get("before", {})
    return now | {"people": list(people.values())}


async def end(way: str, receipt: Json, school: Partner, front_door: Partner) -> int:
    """Bring a referral to an end; the version it has then."""
    if way == "withdrawn":
        steps = [await school.step(receipt, "withdrawal", 1, a_withdrawal())]
    elif way == "entered_in_error":
        steps = [await front_door.step(receipt, "error", 1, {"because": "A test was sent here."})]
    else:
        decision = a_decision("no_further_action")
        closing = {"outcome": "needs_met", "summary": "Nothing more is needed by this family."}
        bodies = {"acknowledgement": None, "triage": None, "decision": decision, "closure": closing}
        steps = [
            await front_door.step(receipt, step, version, body)
            for version, (step, body) in enumerate(bodies.items(), start=1)
        ]
    assert [step.status_code for step in steps] == [200] * len(steps), steps[-1].text
    return int(steps[-1].headers["ETag"].strip('"'))
