"""The canaries' family goes the whole way: a word of its own in everything that is said on it."""

from collections import defaultdict
from typing import Any, NamedTuple

from tests.hub_fixture import REFERRALS
from tests.rules.canaries import CHILD, FAMILY, NEED, ON_THE_WAY, Json
from tests.rules.scripted_day import Day

KINDS = {
    "charity": "voluntary",
    "health": "health",
    "children's services": "children_services",
    "practice": "gp",
}
"""Who takes part beside the school and the front door; the practice has nothing to do with it."""
TWIN = FAMILY | {
    "children": [CHILD | {"given_name": "Zanzibarina", "date_of_birth": "2014-01-01"}],
    "despite_open_referral": "Grandfather Bamboozleton asks for another thing.",
}


class Move(NamedTuple):
    """One step: by whom, what, and the key of the word that is said; `to` is who is asked."""

    who: str
    noun: str
    says: str | None = None
    to: str | None = None


FIELDS = {
    "question": "question",
    "answer": "answer",
    "decision": "rationale",
    "step-across": "because",
    "step-up": "because",
    "step-down": "because",
    "closure": "summary",
    "reopening": "because",
    "error": "because",
}
"""Where the words of a step stand; in the others in `note`."""
CODES: dict[str, Json] = {
    "decision": {"outcome": "early_help"},
    "assessment": {"assessment_id": "01890000-0000-7000-8000-000000000001"},
    "panel-listing": {"panel": "early_help_panel"},
    "decline": {"reason": "other"},
    "meeting": {"held_on": "2026-10-01"},
    "hold": {"reason": "other"},
    "closure": {"outcome": "needs_met"},
}
THE_WAY = (
    Move("front door", "acknowledgement"),
    Move("front door", "triage"),
    Move("front door", "question", "question"),
    Move("school", "answer", "answer"),
    Move("front door", "decision", "decision"),
    Move("front door", "assessment-request", "assessment request"),
    Move("school", "assessment"),
    Move("front door", "panel-listing", "panel listing"),
    Move("front door", "allocation", "allocation", "charity"),
    Move("charity", "decline", "decline"),
    Move("front door", "allocation", "second allocation", "charity"),
    Move("front door", "re-routing", "re-routing", "health"),
    Move("health", "acceptance", "acceptance"),
    Move("health", "start"),
    Move("health", "meeting", "meeting"),
    Move("health", "hold", "hold"),
    Move("health", "release"),
    Move("health", "step-across", "step across", "charity"),
    Move("charity", "acceptance", "second acceptance"),
    Move("charity", "step-up", "step up", "children's services"),
    Move("children's services", "acceptance"),
    Move("children's services", "step-down", "step down", "health"),
    Move("health", "acceptance"),
    Move("health", "closure", "closure"),
    Move("front door", "reopening", "reopening"),
    Move("front door", "error", "error"),
)
_HEARD_BY_ALL_RECEIVERS = {"decision", "assessment request", "allocation", "second allocation"}
_FIRST_HALF = {"acceptance", "meeting", "hold", "step across"}
READ_BY: dict[str, set[str]] = {
    "front door": set(ON_THE_WAY),
    "school": {"question", "answer", "decision", "closure"},
    "charity": set(),
    "children's services": _HEARD_BY_ALL_RECEIVERS
    | _FIRST_HALF
    | {"second acceptance", "step up", "step down"},
    "health": {"closure"},
    "practice": set(),
}
"""Whose words each reads at any moment of the way. Nobody but the front door reads why an agency
declined or was passed over; and the school is not told what the receivers say. What was written
needs the family's consent, by the sample agreement, where neither the front door nor children's
services read; of what became of it in the end health may be told."""
UNTIL_IT_IS_HEARD = {"health": {"closure"}}
"""Read or not: the work ends with the closure, as soon as the consent service has heard of it."""
NAMED_TO = {
    "front door": {CHILD["given_name"], NEED["reason"]},
    "school": {CHILD["given_name"], NEED["reason"]},
    "children's services": {CHILD["given_name"], NEED["reason"]},
    "health": {CHILD["given_name"]},
    "charity": set(),
    "practice": set(),
}
"""What of the family's words each sees: without consent the charity is told codes alone."""


async def go(day: Day) -> None:
    """Every step, after each of which everybody looks."""
    for who, kind in KINDS.items():
        day.partners[who] = await day.hub.join(kind)
        await day.partners[who].worker("w", "receiving_worker", "referrer")
    await day.hub.settled()
    day.seen = defaultdict(str)
    receipt = (await day.refer(TWIN)).json()
    for version, move in enumerate(THE_WAY, start=1):
        system, body = day.partners[move.who], _body(day, move)
        assert await day.step(system, receipt, move.noun, version, body) == 200, move
        for who in day.partners:
            await _look(day, who, receipt)
    await _wrong_steps(day, receipt)


async def _look(day: Day, who: str, receipt: Json) -> None:
    for path in ("", "/history", "/actions"):
        where = f"{REFERRALS}/{receipt['id']}{path}"
        day.seen[who] += (await day.ask(day.partners[who], "GET", where)).text
    for path in ("", "/counts?by=status", "/export"):
        day.lists.append(await day.ask(day.partners[who], "GET", REFERRALS + path))


async def _wrong_steps(day: Day, receipt: Json) -> None:
    """The words where they do not belong: in another type, and as names."""
    for move in THE_WAY:
        body, word = _body(day, move), ON_THE_WAY.get(move.says or "")
        if word is None or body is None:
            continue
        for wrong in (body | {FIELDS.get(move.noun, "note"): [word]}, body | {word: 1}):
            assert await day.step(day.partners[move.who], receipt, move.noun, 1, wrong) == 422


def _body(day: Day, move: Move) -> Any:
    body = dict(CODES.get(move.noun, {}))
    if move.to:
        body["agency_id"] = str(day.partners[move.to].agency_id)
    if move.says:
        body[FIELDS.get(move.noun, "note")] = ON_THE_WAY[move.says]
    return body or None
