"""What is said about sharing: every word a canary, read by those who may and by nobody else."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import text

from tests.consent.builders import a_clause, an_agreement, principles
from tests.consent.served import in_date, soon
from tests.hub_fixture import System
from tests.rules import canary_rights
from tests.rules.canaries import IN_AN_AGREEMENT, SAID_OF_RIGHTS, SAID_OF_SHARING, Json
from tests.rules.scripted_day import Day

API = "/api/v1"
ROLES = {
    "school": ("school", ("referrer", "safeguarding_lead", "agency_administrator")),
    "charity": ("voluntary", ("receiving_worker", "safeguarding_lead")),
    "front door": ("front_door", ("front_door_worker", "front_door_manager")),
    "council": ("council", ("information_governance_lead",)),
    "practice": ("gp", ("lead_professional", "safeguarding_lead")),
}
"""The school records and declares, the charity works with the family too, the practice does not."""
_OF_CONSENT = {"evidence", "interpreter", "withdrawal"}
_OF_OVERRIDE = {"override", "untold", "review"}
SAID = SAID_OF_SHARING | SAID_OF_RIGHTS
READ_BY: dict[str, set[str]] = {
    "school": {*SAID_OF_SHARING, *canary_rights.READ_BY["school"]},
    "charity": set(),
    "front door": set(),
    "council": {*_OF_OVERRIDE, "refusal", *canary_rights.READ_BY["council"]},
    "practice": set(),
}
"""The words of a consent are its agency's alone; who answers for sharing reads why it was not
shared, and why it was all the same."""
PARTIES = {"school", "charity", "front door", "council"}
"""Who reads the agreement."""
CHILD, MOTHER = str(uuid4()), str(uuid4())


class Town:
    """The partners of this part of the day."""

    def __init__(self, day: Day) -> None:
        self.day, self.systems = day, dict[str, System]()
        self.kept: dict[str, str] = {}

    async def join(self) -> None:
        for who, (kind, roles) in ROLES.items():
            self.systems[who] = await self.day.hub.join(kind)
            await self.systems[who].worker("w", *roles)
        await self.day.hub.settled()

    async def say(self, who: str, path: str, body: Any = None, version: int = 1) -> httpx2.Response:
        """A create or a change, remembered with its answer."""
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
        asked: dict[str, Any] = {"json": body, "headers": headers}
        return await self.day.ask(self.systems[who], "POST", f"{API}{path}", **asked)

    async def said(self, who: str, path: str, body: Any = None, version: int = 1) -> Json:
        """What must be taken."""
        answer = await self.say(who, path, body, version)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def look(self) -> None:
        """Everybody reads everything there is."""
        nouns = ("consents", "involvements", "refusals-to-share")
        paths = [f"/{noun}?person_id={CHILD}" for noun in nouns]
        paths += [f"/consents/{self.kept['consent']}{what}" for what in ("", "/receipt")]
        paths += ["/overrides?unreviewed=false", f"/overrides/{self.kept['override']}"]
        paths += [f"/refusals-to-share/{self.kept['refusal']}", "/agreements"]
        of_agreement = ("", "/versions/1", "/export", "/processing-records", "/review")
        paths += [f"/agreements/canaries{what}" for what in of_agreement]
        paths += ["/sharing-events?limit=500", "/involvements/claims?limit=100"]
        paths += canary_rights.looks(self.kept, CHILD)
        for who, system in self.systems.items():
            for path in paths:
                answer = await self.day.ask(system, "GET", f"{API}{path}")
                self.day.shared[who] += f"{answer.headers}\n{answer.text}"
            asked = {"purpose": "early_help", "people": [CHILD]}
            self.day.shared[who] += (await self.say(who, "/decisions", asked)).text


def consent() -> Json:
    """The mother's for her child."""
    return {
        "people": [CHILD],
        "given_by": MOTHER,
        "capacity": "parental_responsibility",
        "categories": ["needs"],
        "agencies": [],
        "purposes": ["early_help"],
        "notice": {"version": "2026-01", "language": "en"},
        "channel": "in_writing",
        "evidence": SAID_OF_SHARING["evidence"],
        "interpreter": SAID_OF_SHARING["interpreter"],
        "until": soon(200),
    }


def override() -> Json:
    """Of the school's safeguarding lead, about its own child."""
    return {
        "people": [CHILD],
        "categories": ["needs"],
        "danger": "immediate_danger",
        "words": SAID_OF_SHARING["override"],
        "reason": "cannot_reasonably_be_obtained",
        "protects": "under_18",
        "until": (datetime.now(UTC) + timedelta(hours=20)).isoformat(),
        "family_told": False,
        "untold_because": SAID_OF_SHARING["untold"],
    }


def refusal() -> Json:
    """The school's."""
    because = SAID_OF_SHARING["refusal"]
    return {"people": [CHILD], "categories": ["health"], "because": because}


def agreement(name: str) -> Json:
    """Between all but GP practices."""
    kinds = [ROLES[who][0] for who in sorted(PARTIES)]
    parties = [{"name": f"{IN_AN_AGREEMENT['party']} {kind}", "kind": kind} for kind in kinds]
    clause = a_clause(dpia=IN_AN_AGREEMENT["dpia"], kinds=["school"])
    words = {name: IN_AN_AGREEMENT[name] for name in ("title", "rights", "security")}
    said = an_agreement(clause, id=name, parties=parties, **words)
    return in_date(said).model_dump(mode="json")


async def go(day: Day) -> None:
    """Agreed, consented, withdrawn, overridden, reviewed, refused; and what is said wrong."""
    day.shared = defaultdict(str)
    town = Town(day)
    await town.join()
    await _agree(town)
    await _speak(town)
    await town.look()
    because = {"because": SAID_OF_SHARING["withdrawal"]}
    await town.said("school", f"/consents/{town.kept['consent']}/withdrawal", because)
    found = {"justified": True, "words": SAID_OF_SHARING["review"]}
    await town.said("council", f"/overrides/{town.kept['override']}/review", found)
    await town.look()
    await _mistakes(town)
    await _faults(town)


async def _agree(town: Town) -> None:
    first = in_date(principles(id="canary-principles")).model_dump(mode="json")
    for document in (first, agreement("canaries")):
        await town.said("council", "/agreements", document)
        await town.said("council", f"/agreements/{document['id']}/publication")
        await town.said("school", f"/agreements/{document['id']}/signatures", {"number": 1})


async def _speak(town: Town) -> None:
    people = [
        {"person_id": CHILD, "kind": "child", "parents": [MOTHER]},
        {"person_id": MOTHER, "kind": "parent"},
    ]
    for who in ("school", "charity"):
        agency = str(town.systems[who].agency_id)
        said = {"people": people, "agency_id": agency, "until": soon(90)}
        await town.said("front door", "/involvements", said)
    agencies = {"agencies": [str(town.systems["charity"].agency_id)]}
    town.kept["consent"] = (await town.said("school", "/consents", consent() | agencies))["id"]
    town.kept["override"] = (await town.said("school", "/overrides", override()))["id"]
    town.kept["refusal"] = (await town.said("school", "/refusals-to-share", refusal()))["id"]
    for noun, body in canary_rights.asked(CHILD, MOTHER).items():
        town.kept[noun] = (await town.said("school", f"/{noun}", body))["id"]
    for path, body in canary_rights.decided(town.kept).items():
        await town.said("council", path, body)


async def _mistakes(town: Town) -> None:
    """The words where they do not belong: in other fields, as codes, in paths and in queries."""
    bodies = {"consents": consent(), "overrides": override(), "refusals-to-share": refusal()}
    bodies |= canary_rights.asked(CHILD, MOTHER)
    asked = {"purpose": "early_help", "people": [CHILD]}
    for word in SAID.values():
        for noun, body in (bodies | {"decisions": asked}).items():
            for name in body:
                answer = await town.say("school", f"/{noun}", body | {name: {word: [word]}})
                assert answer.status_code == 422
            assert (await town.say("school", f"/{noun}", body | {word: 1})).status_code == 422
        for noun in (*bodies, "involvements", "agreements"):
            one = httpx2.URL(f"{API}/x").copy_with(path=f"{API}/{noun}/{word}")
            await town.day.ask(town.systems["school"], "GET", str(one))
            for parameter in ("person_id", "cursor", "limit", word):
                given = {"person_id": CHILD} | {parameter: word}
                await town.day.ask(town.systems["school"], "GET", f"{API}/{noun}", params=given)
    for noun, body in bodies.items():
        coded = body | {"categories": ["zazzlepip"]}
        assert (await town.say("school", f"/{noun}", coded)).status_code == 422


async def _faults(town: Town) -> None:
    """Rows that PostgreSQL refuses."""
    bodies = {"consent": consent(), "override": override(), "refusal_to_share": refusal()}
    agencies = {"agencies": [str(town.systems["charity"].agency_id)]}
    paths = {
        "consent": "consents",
        "override": "overrides",
        "refusal_to_share": "refusals-to-share",
    }
    for table, body in bodies.items():
        await _run(town, f"alter table {table} add constraint never check (false) not valid")
        said = body | (agencies if table == "consent" else {})
        assert (await town.say("school", f"/{paths[table]}", said)).status_code == 500
        await _run(town, f"alter table {table} drop constraint never")


async def _run(town: Town, statement: str) -> None:
    async with town.day.hub.consent.transaction() as connection:
        await connection.execute(text(statement))
