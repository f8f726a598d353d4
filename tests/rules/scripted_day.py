"""A day at the hub with a family of canaries: what goes well, and every mistake one can make."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import text

from tests.hub_fixture import REFERRALS, Hub, System
from tests.rules import canaries
from tests.rules.canaries import CANARIES, CHILD, FAMILY, NEED, ON_THE_WAY

EVENTS, WORKERS, DRAFTS = "/api/v1/events", "/api/v1/workers", "/api/v1/drafts"


@dataclass
class Day:
    """Who took part, and every answer that was given."""

    hub: Hub
    school: System
    front_door: System
    partners: dict[str, System] = field(default_factory=dict)
    """All of them by name; those beside these two join for the whole way."""
    answers: list[httpx2.Response] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    """All that each partner saw of the family that went the whole way."""
    shared: dict[str, str] = field(default_factory=dict)
    """All that each partner saw of what was said about sharing."""
    directory: dict[str, str] = field(default_factory=dict)
    """All that everybody saw of an offer in the directory."""
    lists: list[httpx2.Response] = field(default_factory=list)
    """Every page, count and export of a worklist."""
    asked: list[httpx2.Response] = field(default_factory=list)
    """Every page that a family was shown which asked for itself."""
    said: str = ""
    """What the log, standard output and standard error have said by the evening."""

    async def ask(self, system: System, method: str, path: str, **told: Any) -> httpx2.Response:
        """A request whose answer is remembered."""
        answer = await system.ask(method, path, worker=told.pop("worker", "w"), **told)
        self.answers.append(answer)
        return answer

    async def refer(self, body: Any, **told: Any) -> httpx2.Response:
        """A referral by the school, under a new key."""
        headers = {"Idempotency-Key": str(uuid4())} | told.pop("headers", {})
        told = {"json": body} | told if "content" not in told else told
        return await self.ask(self.school, "POST", REFERRALS, headers=headers, **told)

    async def draft(self, body: Any) -> httpx2.Response:
        """A draft by the school, under a new key."""
        headers = {"Idempotency-Key": str(uuid4())}
        return await self.ask(self.school, "POST", DRAFTS, json=body, headers=headers)

    async def step(self, system: System, receipt: Any, step: str, version: int, body: Any) -> int:
        """A step on a referral's way."""
        path, seen = f"{REFERRALS}/{receipt['id']}/{step}", {"If-Match": f'"{version}"'}
        return (await self.ask(system, "POST", path, json=body, headers=seen)).status_code


async def begin(hub: Hub) -> Day:
    """A school and the front door, whose workers have canaries' names too."""
    school, front_door = await hub.join("school"), await hub.join("front_door")
    day = Day(hub, school, front_door, {"school": school, "front door": front_door})
    await school.worker("w", "referrer")
    await front_door.worker("w", "front_door_worker", "front_door_manager", "referrer")
    registered = await day.ask(school, "PUT", f"{WORKERS}/w-2", json=canaries.WORKER)
    assert registered.status_code == 201
    return day


async def what_goes_well(day: Day) -> None:
    """Referred, refused as a duplicate, sent all the same, decided, withdrawn, told."""
    school, front_door = day.school, day.front_door
    first = (await day.refer(FAMILY)).json()
    assert (await day.refer(FAMILY)).status_code == 409
    despite = {"despite_open_referral": canaries.DESPITE, "basis": canaries.ANOTHER_BASIS}
    second = (await day.refer(FAMILY | despite)).json()
    decision = {"outcome": "no_further_action", "rationale": canaries.RATIONALE}
    decision["where_to_go_instead"] = canaries.INSTEAD
    steps = [
        await day.step(front_door, first, "acknowledgement", 1, None),
        await day.step(front_door, first, "triage", 2, None),
        await day.step(front_door, first, "decision", 3, decision),
        await day.step(school, second, "withdrawal", 1, {"reason": "other", "note": canaries.NOTE}),
    ]
    assert steps == [200] * 4
    await _put_right(day, first)
    await _written_and_not_sent(day)
    for system in (front_door, school):
        for receipt in (first, second):
            for path in ("", "/history", "/actions", "/amendments"):
                await day.ask(system, "GET", f"{REFERRALS}/{receipt['id']}{path}")
        await day.ask(system, "GET", REFERRALS)
        await day.ask(system, "GET", EVENTS)
    await day.ask(school, "GET", f"{WORKERS}/w-2")


async def _put_right(day: Day, receipt: Any) -> None:
    """A part said anew, a person corrected, somebody added."""
    seen = await day.ask(day.front_door, "GET", f"{REFERRALS}/{receipt['id']}")
    child = seen.json()["children"][0]["person_id"]
    why = {"reason": canaries.BECAUSE}
    amended = {"part": "need", "value": canaries.AMENDED} | why
    corrected = {"changes": canaries.CORRECTED} | why
    forgotten = {"part": "household", "person": canaries.FORGOTTEN} | why
    steps = [
        await day.step(day.school, receipt, "amendments", 4, amended),
        await day.step(day.front_door, receipt, f"people/{child}/corrections", 5, corrected),
        await day.step(day.school, receipt, "people", 6, forgotten),
    ]
    assert steps == [200, 200, 201]


async def _written_and_not_sent(day: Day) -> None:
    """A draft that its agency alone reads, though others try."""
    draft = (await day.draft(canaries.DRAFT)).json()
    path, seen = f"{DRAFTS}/{draft['id']}", {"If-Match": '"1"'}
    rewritten = await day.ask(day.school, "PUT", path, json=canaries.DRAFT, headers=seen)
    assert rewritten.status_code == 200
    for system, status in ((day.school, 200), (day.front_door, 404)):
        for look in (path, f"{DRAFTS}/by-code/{draft['code']}"):
            assert (await day.ask(system, "GET", look)).status_code == status
        await day.ask(system, "GET", DRAFTS)


def _wrong_bodies() -> list[Any]:
    """The family's words in every wrong field and in wrong types."""
    word, other = CHILD["family_name"], CHILD["given_name"]
    wrong: list[Any] = [word, [word], {word: other}, FAMILY | {word: other}, FAMILY | {other: 1}]
    wrong += [
        FAMILY | {"children": [CHILD | {name: value}]}
        for name in [*CHILD, "sex", "ethnicity", "first_language", "disabilities", "expected_date"]
        for value in (word, [word], {word: other}, CHILD["nhs_number"] + "1")
        if name not in ("given_name", "family_name", "also_known_as", "school", "gp")
        or not isinstance(value, str)
    ]
    wrong += [FAMILY | {"need": NEED | {name: [word]}} for name in NEED]
    wrong += [FAMILY | {"need": NEED | {"factors": [word]}}]
    wrong += [FAMILY | {"need": NEED | {"level": word}}]
    wrong += [FAMILY | {"need": NEED | {"indicators": [word]}}]
    wrong += [FAMILY | {"basis": {"kind": word}}, FAMILY | {"basis": {"kind": [other]}}]
    wrong += [FAMILY | {"basis": canaries.ANOTHER_BASIS | {"code": word}}]
    wrong += [FAMILY | {"basis": FAMILY["basis"] | {"on": word}}]
    wrong += [FAMILY | {"safeguarding": {"immediate_danger": word}}]
    wrong += [FAMILY | {"referrer": {"source": word}}, FAMILY | {"referrer": word}]
    return wrong


async def mistakes(day: Day) -> None:
    """Canaries where they do not belong: bodies, paths, query strings, headers, methods."""
    for body in _wrong_bodies():
        assert (await day.refer(body)).status_code == 422
        await day.draft(body)
    json_type = {"Content-Type": "application/json"}
    await day.refer(None, content=b'{"children": "Quillfeatherby', headers=json_type)
    await day.refer(None, content="Quillfeatherby=1", headers={"Content-Type": "text/plain"})
    for word in sorted({*CANARIES} - {*ON_THE_WAY.values(), *canaries.IN_A_REQUEST}):
        await _misplaced(day, word)
    await day.ask(day.school, "PUT", f"{WORKERS}/w-3", json=canaries.WORKER | {"Zazzlepip": 1})
    seen = {"If-Match": '"1"'}
    await day.ask(
        day.school, "PUT", f"{WORKERS}/w-2/roles", json={"roles": ["Zazzlepip"]}, headers=seen
    )
    for form in ({"client_id": "Zazzlepip"}, {"scope": "Zazzlepip"}, {"grant_type": "Zazzlepip"}):
        given = day.school.client.form() | form
        for path in ("token", "revoke", "introspect"):
            day.answers.append(await day.hub.http.post(f"/oauth/{path}", data=given))


async def _misplaced(day: Day, word: str) -> None:
    """One canary in every place that is not a body."""
    school, one = day.school, httpx2.URL(f"{REFERRALS}/x").copy_with(path=f"{REFERRALS}/{word}")
    for path in (str(one), f"{one}/history", f"/{word}", f"/problems/{word}"):
        await day.ask(school, "GET", path)
    await day.ask(school, "POST", f"{one}/withdrawal", json={"reason": word})
    by_code = one.copy_with(path=f"{DRAFTS}/by-code/{word}")
    await day.ask(school, "GET", str(by_code))
    await day.draft({word: word})
    await day.ask(school, "PUT", f"{WORKERS}/{word}", json={"name": word})
    for parameter in ("cursor", "status", "limit", "timeout", "family_name", word):
        await day.ask(school, "GET", REFERRALS, params={parameter: word})
        await day.ask(school, "GET", EVENTS, params={parameter: word})
    for header in ("If-Match", "Idempotency-Key", "Acting-Worker", "traceparent", "Cookie"):
        headers = {"Idempotency-Key": str(uuid4()), header: word}
        worker = None if header == "Acting-Worker" else "w"
        body = FAMILY | {"basis": None}
        await day.ask(school, "POST", REFERRALS, worker=worker, json=body, headers=headers)
        await day.ask(school, "GET", REFERRALS, worker=worker, headers={header: word})
    # Two of the same key: the second is refused, and the first one's key is kept.
    for _ in range(2):
        await day.refer(
            FAMILY | {"despite_open_referral": canaries.DESPITE}, headers={"Idempotency-Key": word}
        )
    for authorization in (f"Bearer {word}", f"Basic {word}", word):
        await day.ask(school, "GET", REFERRALS, headers={"Authorization": authorization})
    if word.isalpha():
        await day.ask(school, word.upper(), REFERRALS)


async def faults(day: Day) -> None:
    """What must not happen happens: rows refused by PostgreSQL, fields moved, two at once."""
    twins = FAMILY | {"children": [CHILD | {"given_name": "Zazzlepip", "nhs_number": None}]}
    await asyncio.gather(*(day.refer(twins) for _ in range(5)))
    for table in ("person", "referral", "idempotency", "history", "access", "outbox"):
        await _run(day, f"alter table {table} add constraint never check (false) not valid")
        another = FAMILY | {"despite_open_referral": canaries.DESPITE}
        failed = await day.refer(another)
        await _run(day, f"alter table {table} drop constraint never")
        assert failed.status_code == 500
    await _run(day, "alter table draft add constraint never check (false) not valid")
    assert (await day.draft(canaries.DRAFT)).status_code == 500
    await _run(day, "alter table draft drop constraint never")
    await _run(day, "update referral set need = basis")
    page = await day.ask(day.front_door, "GET", REFERRALS)
    broken = page.json()["referrals"][0]["id"]
    assert (await day.ask(day.front_door, "GET", f"{REFERRALS}/{broken}")).status_code == 500


async def _run(day: Day, statement: str) -> None:
    async with day.hub.referral.transaction() as connection:
        await connection.execute(text(statement))
