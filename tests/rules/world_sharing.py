"""The world's part that is about sharing: agreements, and a family that has something to say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple
from uuid import uuid4

from tests.consent.builders import an_agreement, principles
from tests.consent.served import in_date, soon
from tests.hub_fixture import System
from tests.rules.authorization_table import Cell, standings_of
from tests.rules.world_rights import ABOUT, OF_A_TIME, TEEN, asked_for, said_with
from tests.ways import BECAUSE

Json = dict[str, Any]
_API = "/api/v1"
CHILD, MOTHER, FATHER = (str(uuid4()) for _ in range(3))
PARTIES = ["school", "gp", "voluntary", "health", "front_door", "council"]
OF_THE_CHILD = {
    f"{_API}/{noun}": {"person_id": CHILD}
    for noun in ("consents", "involvements", "refusals-to-share", "looks", "looks/page")
} | OF_A_TIME
"""What must be asked for, by path."""
_numbers = count(1)


class Act(NamedTuple):
    """Who does it, in which role, and the last part of the path."""

    who: str
    role: str
    noun: str


_LEAD = ("council", "information_governance_lead")
_SCHOOL = ("referring", "lead_professional")
_DOOR = ("front door", "front_door_worker")
MADE: dict[str, tuple[Act, ...]] = {
    "name": (Act(*_LEAD, "agreements"), Act(*_LEAD, "publication"), Act(*_LEAD, "suspension")),
    "consent_id": (Act(*_SCHOOL, "consents"), Act(*_SCHOOL, "withdrawal")),
    "involvement_id": (Act(*_DOOR, "involvements"), Act(*_DOOR, "end")),
    "override_id": (
        Act("referring", "safeguarding_lead", "overrides"),
        Act(*_LEAD, "review"),
    ),
    "refusal_id": (Act(*_SCHOOL, "refusals-to-share"), Act(*_SCHOOL, "lifting")),
    "request_id": (
        Act(*_SCHOOL, "access-requests"),
        Act(*_SCHOOL, "wish"),
        Act(*_LEAD, "answer"),
    ),
    "rectification_id": (Act(*_SCHOOL, "rectifications"),),
    "complaint_id": (
        Act(*_SCHOOL, "complaints"),
        Act(*_LEAD, "acknowledgement"),
        Act(*_LEAD, "answer"),
    ),
}
"""By what the path names: who makes it, and what brings it from each standing to the next."""


@dataclass
class Sharing:
    """A family under agreements; the agencies are to it what they are to the referral."""

    systems: Mapping[str, System]
    _kept: dict[tuple[str, str], str] = field(default_factory=dict)
    _fixed: dict[str, str] = field(default_factory=dict)
    """What paths name that is always the same: the child, and a leaf about it."""

    async def begin(self) -> None:
        """Principles that all sign; who works with the family, says that it does, and did."""
        agreed = in_date(principles(id="principles-of-all")).model_dump(mode="json")
        await self._sent(*_LEAD, f"{_API}/agreements", agreed)
        path = f"{_API}/agreements/{agreed['id']}"
        await self._sent(*_LEAD, f"{path}/publication", None)
        for agency in self.systems:
            if not agency.endswith(" elsewhere"):
                signed = self._said("signatures")
                await self._sent(agency, "agency_administrator", f"{path}/signatures", signed)
        for agency in ("referring", "holding"):
            await self._sent(*_DOOR, f"{_API}/involvements", self.introduction(agency))
        await self._sent(
            "leading", "lead_professional", f"{_API}/involvements", self.introduction()
        )
        over = await self._sent(*_DOOR, f"{_API}/involvements", self.introduction("asked"))
        for involvement in over["involvements"]:
            await self._sent(*_DOOR, f"{_API}/involvements/{involvement}/end", None)
        for part in MADE:
            for standing in standings_of(f"{{{part}}}"):
                self._kept[part, standing] = await self._made(part, standing)
        looks = await self.systems["referring"].ask(
            "GET", f"{_API}/looks", worker="lead_professional", params={"person_id": CHILD}
        )
        leaves = [
            one["audit_index"]
            for one in looks.json()["looks"]
            if one["kind"] == "change" and one["operation"].startswith("consent.")
        ]  # of a refusal to share other agencies learn nothing
        self._fixed |= {"index": str(leaves[0]), "person_id": CHILD}

    def is_about(self, operation: str) -> bool:
        """Whether it is an operation of this part."""
        path = operation.partition(" ")[2]
        nouns = ("decisions", *ABOUT, *(acts[0].noun for acts in MADE.values()))
        return any(f"{path}/".startswith(f"{_API}/{noun}/") for noun in nouns)

    async def names(self, operation: str, cell: Cell) -> dict[str, Any]:
        """What the path names: a new one where it will change."""
        changes = not operation.startswith("GET ") and cell.answer < 400
        part = next((part for part in MADE if f"{{{part}}}" in operation), None)
        if part is None:
            return dict(self._fixed)
        if changes:
            return {part: await self._made(part, cell.standing), "number": 1}
        return {part: self._kept[part, cell.standing], "number": 1}

    async def _made(self, part: str, standing: str) -> str:
        """A new one that has come as far as `standing`."""
        first, *later = MADE[part]
        noun = f"{first.noun}/refusals" if standing == "refused" else first.noun
        body = self._new(noun.rpartition("/")[2])
        receipt = await self._sent(first.who, first.role, f"{_API}/{noun}", body)
        named = str(receipt["id"] if "id" in receipt else receipt["involvements"][0])
        steps = standings_of(f"{{{part}}}").index(standing) if standing != "refused" else 0
        for version, act in enumerate(later[:steps], start=1):
            path = f"{_API}/{first.noun}/{named}/{act.noun}"
            said = said_with(first.noun, act.noun) or self._said(act.noun)
            await self._sent(act.who, act.role, path, said, version)
        return named

    async def _sent(
        self, who: str, role: str, path: str, body: Json | None, version: int = 1
    ) -> Json:
        """What must succeed."""
        given = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
        answer = await self.systems[who].ask("POST", path, worker=role, json=body, headers=given)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def version(self, operation: str, cell: Cell) -> str:
        """The If-Match with which it is right: each standing is one version on."""
        return f'"{1 + standings_of(operation).index(cell.standing)}"'

    def body(self, operation: str, cell: Cell, named: Mapping[str, Any]) -> Json | None:
        """What is said with it, if anything."""
        method, path = operation.split(" ")
        if method == "GET":
            return None
        noun = path.rpartition("/")[2]
        if noun == "{name}":
            return self.agreement(named["name"])
        if cell.standing in ("of_itself", "of_another"):
            return self._asked(noun, cell)
        first = path.removeprefix(f"{_API}/").partition("/")[0]
        return said_with(first, noun) or self._said(noun) or self._new(noun)

    def _asked(self, noun: str, cell: Cell) -> Json:
        """For the own agency about a stranger, or for another one about the family."""
        other = None
        if cell.standing == "of_another":
            other = "referring" if cell.agency == "holding" else "holding"
        if noun == "involvements":
            return self.introduction(other, *([] if other else [str(uuid4())]))
        asked = {"purpose": "early_help", "people": [CHILD], "categories": ["needs.level"]}
        return asked | ({"agency_id": self._id(other)} if other else {})

    def _id(self, agency: str) -> str:
        return str(self.systems[agency].agency_id)

    def _said(self, noun: str) -> Json | None:
        """With a step."""
        found = {"justified": True, "words": BECAUSE}
        said: dict[str, Json] = {"signatures": {"number": 1}, "review": found}
        return said.get(noun)

    def _new(self, noun: str) -> Json | None:
        """Something new."""
        match noun:
            case "agreements":
                return self.agreement(f"made-up-{next(_numbers)}")
            case "consents":
                return self.consent()
            case "refusals":
                spoken = ("people given_by capacity categories agencies purposes").split()
                return {name: said for name, said in self.consent().items() if name in spoken}
            case "involvements":
                return self.introduction("referring")
            case "overrides":
                return self.override()
            case "refusals-to-share":
                return {"people": [CHILD], "categories": ["needs"], "because": BECAUSE}
        return asked_for(noun, CHILD, MOTHER)

    def agreement(self, name: str) -> Json:
        """One that can be published."""
        parties = [{"name": f"Every {kind}", "kind": kind} for kind in PARTIES]
        return in_date(an_agreement(id=name, parties=parties)).model_dump(mode="json")

    def introduction(self, agency: str | None = None, *people: str) -> Json:
        """The family, or these children, and the agency that works with them."""
        children = [{"person_id": one, "kind": "child"} for one in people]
        family = [
            {"person_id": CHILD, "kind": "child", "parents": [MOTHER, FATHER]},
            {"person_id": TEEN, "kind": "child", "competent": True, "parents": [MOTHER]},
            {"person_id": MOTHER, "kind": "parent"},
            {"person_id": FATHER, "kind": "parent"},
        ]
        said = {"people": children or family, "until": soon(90)}
        return said | ({"agency_id": self._id(agency)} if agency else {})

    def consent(self) -> Json:
        """The mother's for her child."""
        return {
            "people": [CHILD],
            "given_by": MOTHER,
            "capacity": "parental_responsibility",
            "categories": ["needs"],
            "agencies": [self._id("holding")],
            "purposes": ["early_help"],
            "notice": {"version": "2026-01", "language": "en"},
            "channel": "in_writing",
            "evidence": "Signed form 12, in the made-up cabinet.",
            "until": soon(200),
        }

    def override(self) -> Json:
        """The child is in danger."""
        return {
            "people": [CHILD],
            "categories": ["needs", "contact"],
            "danger": "immediate_danger",
            "words": "The child has not come to school and was threatened.",
            "reason": "cannot_reasonably_be_obtained",
            "protects": "under_18",
            "until": (datetime.now(UTC) + timedelta(hours=20)).isoformat(),
        }
