"""A family of canaries asks for help itself: on the page and as JSON, and makes mistakes there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from services.referral.actions import asking
from shared.authority import load
from shared.crypto import FieldCipher
from shared.settings import SHIPPED
from tests.hub_fixture import REFERRALS
from tests.rules.canaries import IN_A_REQUEST, REQUEST, Json
from tests.rules.scripted_day import Day

PAGE, REQUESTS = "/ask-for-help/sample", "/api/v1/requests-for-help"
WHERE = {"address.lines": "5 Cobblenook Steps"}


def typed() -> dict[str, str]:
    """The request as a browser sends it."""
    flat: dict[str, str] = {"website": ""}
    for part in ("asker", "contact", "address"):
        flat |= {f"{part}.{name}": said for name, said in REQUEST[part].items()}
    for noun in ("children", "household"):
        flat |= {f"{noun}.0.{name}": said for name, said in REQUEST[noun][0].items()}
    year, month, day = flat.pop("children.0.born_or_due").split("-")
    born = {"year": year, "month": month, "day": day}
    flat |= {f"children.0.born_or_due.{part}": said for part, said in born.items()}
    return flat | WHERE | {"help": REQUEST["help"]}


class Asking:
    """Somebody at the hub's page, without a token."""

    def __init__(self, day: Day) -> None:
        self.day = day

    def stamp(self) -> str:
        """Of a form that was given out a while ago."""
        return a_stamp(self.day.hub.site.keys)

    async def send(self, path: str = PAGE, **how: Any) -> httpx2.Response:
        """A POST by nobody."""
        return await self.day.hub.http.post(path, **how)


def a_stamp(keys: Path) -> str:
    """Of a form of the sample's that was given out a minute ago, sealed as the service seals it."""
    cipher = FieldCipher(keys / "referral.fields.json")
    council, then = load(SHIPPED / "sample.yaml"), datetime.now(UTC) - timedelta(minutes=1)
    return asking.stamped(cipher, council, then)


async def go(day: Day) -> None:
    """Written with mistakes, asked for another row, sent; and once more as JSON."""
    family, form = Asking(day), await day.hub.http.get(PAGE)
    wrong = typed() | {"asker.kind": "", "stamp": family.stamp()}
    pages = [
        await family.send(data=wrong),
        await family.send(data=wrong | {"more": "household"}),
    ]
    taken = await family.send(data=typed() | {"stamp": family.stamp()})
    body = {"authority": "sample", "stamp": family.stamp(), **REQUEST}
    receipt = await family.send(REQUESTS, json=body)
    day.asked = [form, *pages, taken, receipt]
    day.answers += await _mistakes(family, body)
    listed = await day.ask(day.front_door, "GET", REFERRALS)
    for one in listed.json()["referrals"][:2]:
        await day.ask(day.front_door, "GET", f"{REFERRALS}/{one['id']}")


async def _mistakes(family: Asking, body: Json) -> list[httpx2.Response]:
    """The family's words where they do not belong, as JSON: no refusal repeats them."""
    found = [await family.send(REQUESTS, json=body | {"asker": word}) for word in IN_A_REQUEST]
    for word in IN_A_REQUEST:
        for name in ("stamp", "authority", "groups", word):
            found.append(await family.send(REQUESTS, json=body | {name: word}))
        child = REQUEST["children"][0] | {"born_or_due": word}
        found.append(await family.send(REQUESTS, json=body | {"children": [child]}))
        at = httpx2.URL(f"{REQUESTS}/forms/x").copy_with(path=f"{REQUESTS}/forms/{word}")
        found.append(await family.day.hub.http.get(at))
    assert {answer.status_code for answer in found} == {400, 404, 422}
    return found
