"""What agencies of every kind hear for every purpose, of families that differ in one category."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2

from tests.hub_fixture import REFERRALS, Hub, System
from tests.rules import sharing_table as sharing
from tests.rules.decided import decided
from tests.rules.varied import Family, a_family

LOOKS = ("", "/history", "/actions", "/amendments")
"""Every way to look at one referral."""
_DERIVED = ("possible_duplicates", "earlier_referrals")
"""The front door alone is told them, and they follow from who the children are."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_LEFT = re.compile(r'"left": ?-?[0-9.e-]+')
_CHANGING = {"date", "ratelimit", "ratelimit-policy", "content-length"}


@dataclass
class Crawl:
    """The families, and an agency of every kind that works with all of them."""

    hub: Hub
    school: System
    """Which has referred them all, and is asked nothing."""
    base: Family
    apart: dict[str, Family]
    """By the category in which each differs from the base family."""
    other: Family
    """It differs in every category."""
    readers: dict[str, System] = field(default_factory=dict)
    paths: dict[str, list[str]] = field(default_factory=dict)
    """Every path of the hub that can be read, and what must be asked with it."""

    @property
    def families(self) -> list[Family]:
        return [self.base, *self.apart.values(), self.other]

    async def ask(self, kind: str, purpose: str, path: str, **told: Any) -> httpx2.Response:
        """A GET by the agency of this kind, for this purpose."""
        headers, by = {"Purpose": purpose} | told.pop("headers", {}), self.readers[kind]
        return await decided(lambda: by.ask("GET", path, worker="w", headers=headers, **told))

    async def everything(self, kind: str, purpose: str, family: Family) -> str:
        """All that any GET tells, headers too, where it can be about the family."""
        heard = []
        values = {"person_id": family.people["child"], "by": "status"}
        for path, asked in self.paths.items():
            params = {name: values.get(name, "1") for name in asked}
            answer = await self.ask(kind, purpose, path.format_map(_Ids(family)), params=params)
            heard.append(f"{answer.headers}\n{answer.text}")
        return "\n".join(heard)

    async def look(self, kind: str, purpose: str, family: Family, path: str = "") -> str:
        """All that a look tells, but what differs between any two referrals: ids and hours."""
        answer = await self.ask(kind, purpose, f"{REFERRALS}/{family.receipt['id']}{path}")
        return told(answer, family)


class _Ids(dict[str, str]):
    """What a path names: the family's ids, and of everything else something that is not there."""

    def __init__(self, family: Family) -> None:
        super().__init__(referral_id=family.receipt["id"], person_id=family.people["child"])

    def __missing__(self, _: str) -> str:
        return str(uuid4())


async def _readable(hub: Hub) -> dict[str, list[str]]:
    """Every path that can be read, and what must be asked with it."""
    document = (await hub.http.get("/openapi.json")).json()
    return {
        path: [
            one["name"]
            for one in methods["get"].get("parameters", [])
            if one["in"] == "query" and one.get("required")
        ]
        for path, methods in document["paths"].items()
        if "get" in methods
    }


def told(answer: httpx2.Response, family: Family) -> str:
    """Status, headers and body, without ids, the reference, and the hours."""
    kept = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    body = answer.text
    if answer.headers["content-type"] == "application/json":
        parts = answer.json()
        body = json.dumps({name: parts[name] for name in parts if name not in _DERIVED})
    whole = f"{answer.status_code}\n{kept}\n{body}".replace(family.receipt["reference"], "REF")
    for pattern in (_ID, _INSTANT, _LEFT):
        whole = pattern.sub("…", whole)
    return whole


async def begin(hub: Hub) -> Crawl:
    """Everybody has joined, every family is referred, and the front door has said who works."""
    school, front_door = await hub.join("school"), await hub.join("front_door")
    await school.worker("w", "referrer")
    await front_door.worker("w", "front_door_worker", "front_door_manager", "safeguarding_lead")
    apart = {
        category: a_family(number, category)
        for number, category in enumerate(sorted(sharing.CATEGORIES), start=1)
    }
    other = a_family(len(apart) + 1, *sharing.CATEGORIES)
    crawl = Crawl(hub, school, a_family(0), apart, other, {"front_door": front_door})
    crawl.paths = await _readable(hub)
    for kind in sharing.KINDS:
        if kind not in crawl.readers:
            crawl.readers[kind] = await hub.join(kind)
            await crawl.readers[kind].worker("w", "referrer")
    await hub.settled()
    for family in crawl.families:
        family.receipt = await school.refer("w", family.body)
        detail = await crawl.ask("front_door", "front_door", _path(family))
        family.people = {
            "child": detail.json()["children"][0]["person_id"],
            "mother": detail.json()["household"][0]["person_id"],
        }
    for kind in sharing.KINDS:
        if kind != "front_door":
            await _introduce(crawl, crawl.readers[kind])
    return crawl


def _path(family: Family) -> str:
    return f"{REFERRALS}/{family.receipt['id']}"


async def _introduce(crawl: Crawl, reader: System) -> None:
    """The front door says that the agency works with all of them, within its contract."""
    people = [
        one
        for family in crawl.families
        for one in (
            {
                "person_id": family.people["child"],
                "kind": "child",
                "parents": [family.people["mother"]],
            },
            {"person_id": family.people["mother"], "kind": "parent"},
        )
    ]
    body = {
        "people": people,
        "agency_id": str(reader.agency_id),
        "welfare": True,
        "within_contract": True,
        "until": _in(60),
    }
    await created(crawl, "/api/v1/involvements", body)


async def agree(crawl: Crawl, family: Family) -> list[str]:
    """The mother agrees for herself and for her child, in express words; the consents' ids."""
    agencies = [str(reader.agency_id) for reader in crawl.readers.values()]
    said = [
        _consent(family, person, capacity, agencies)
        for person, capacity in (("child", "parental_responsibility"), ("mother", "self"))
    ]
    return [(await created(crawl, "/api/v1/consents", one))["id"] for one in said]


def _consent(family: Family, person: str, capacity: str, agencies: list[str]) -> dict[str, Any]:
    tops = {category.partition(".")[0] for category in sharing.CATEGORIES}
    return {
        "people": [family.people[person]],
        "given_by": family.people["mother"],
        "capacity": capacity,
        "categories": sorted(tops - {"third_parties", "equality"}),
        "agencies": agencies,
        "purposes": ["early_help"],
        "explicit": True,
        "notice": {"version": "2026-01", "language": "en"},
        "channel": "in_writing",
        "evidence": "Signed form 12, in the made-up cabinet.",
        "until": _in(200),
    }


async def withdraw(crawl: Crawl, consents: list[str]) -> None:
    """She agrees no longer."""
    for consent in consents:
        await created(crawl, f"/api/v1/consents/{consent}/withdrawal")


async def created(crawl: Crawl, path: str, body: Any = None) -> dict[str, Any]:
    """What the front door sends and must be taken."""
    headers = {"Idempotency-Key": str(uuid4())}
    front_door = crawl.readers["front_door"]
    answer = await front_door.ask("POST", path, worker="w", json=body, headers=headers)
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json())


def _in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days)).isoformat()
