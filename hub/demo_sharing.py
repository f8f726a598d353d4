"""What `hub demo` tells of sharing: codes, then the family's yes, then who has looked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.partners import new_key
from hub.storyteller import Teller
from shared.authority import Authority
from shared.purposes import Purpose

SHARED = ["identity", "contact", "household", "needs", "narrative", "plan"]
"""What the family of the story agrees to."""


def share(school: Teller, desk: Teller, lead: Teller, path: str, council: Authority) -> None:
    """The agency that helps sees codes, the family says yes, and it sees whom it helps."""
    story, name = school.story, council.words.lead_professional
    story.tell(f"11. Cleo, its {name}, reads it: levels and groups, and no name.")
    seen = lead.get(path)
    if "children" not in seen:
        story.note("Its agreement rests on the family's consent, and nobody has asked yet.")
    story.tell("12. Fay says who speaks for the children; the family says yes, and Tess notes it.")
    sent = school.get(path, quietly=True)
    children = [one["person_id"] for one in sent["children"]]
    parent = next(one for one in sent["household"] if one["parental_responsibility"])["person_id"]
    family: list[dict[str, Any]] = [{"person_id": parent, "kind": "parent"}]
    family += [{"person_id": one, "kind": "child", "parents": [parent]} for one in children]
    told = {"people": family, "until": _in(days=90)}
    desk.post("/api/v1/involvements", told, idempotency_key=new_key())
    for people, capacity in ((children, "parental_responsibility"), ([parent], "self")):
        said = _yes(people, parent, capacity, seen["holding_agency_id"])
        school.post("/api/v1/consents", said, idempotency_key=new_key())
    story.tell("13. Cleo reads it again, and knows whom she helps.")
    lead.get(path)
    story.tell("14. The family asks who has looked: what for, at what, and on which basis.")
    desk.get(f"/api/v1/looks?person_id={children[0]}&limit=3")
    story.note("As a page to print: GET /api/v1/looks/page. What the family has said it takes back")
    story.note("in one step, and Cleo's next look rests on it no more.")


def _yes(people: list[str], giver: str, capacity: str, agency: str) -> dict[str, Any]:
    """One giver's consent, for one agency and one purpose."""
    return {
        "people": people,
        "given_by": giver,
        "capacity": capacity,
        "explicit": True,
        "categories": SHARED,
        "agencies": [agency],
        "purposes": [str(Purpose.EARLY_HELP)],
        "notice": {"version": "2026-01", "language": "en"},
        "channel": "in_writing",
        "evidence": "Signed form 12, in the invented cabinet.",
        "until": _in(days=200),
    }


def _in(*, days: int) -> str:
    return (datetime.now(UTC) + timedelta(days)).isoformat(timespec="seconds")
