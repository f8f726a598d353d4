"""`hub demo`: one family's whole way through the running hub, each call printed as curl.

It plays in any authority: what comes next is asked of `GET …/actions`, never known beforehand.
"""

import time
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

from rich.console import Console

from hub import demo_sharing, events, families, sample
from hub.authorities import running
from hub.partners import Headers, new_key
from hub.site import Site
from hub.storyteller import Storyteller, Teller
from hub.trouble import Trouble
from shared.auth import AgencyKind
from shared.authority import Authority

Possible = dict[str, Any]
"""A step as `…/actions` offers it."""
ANNOUNCED = 60.0
"""Seconds within which a new hub has heard of its agencies."""
DRAFTS, REFERRALS = "/api/v1/drafts", "/api/v1/referrals"


class Way:
    """One referral on its way: each step is posted to where `…/actions` says."""

    def __init__(self, referral_id: str) -> None:
        self.path = f"{REFERRALS}/{referral_id}"

    def may(self, who: Teller) -> dict[str, Possible]:
        """What `who` may do now; what stands in the way of the rest is told."""
        said = who.get(f"{self.path}/actions", quietly=True)
        may = {one["action"]: one for one in said["actions"]}
        who.story.note(f"{who.worker.name} may: {', '.join(map(_plain, may))}")
        for one in said["not_yet"]:
            who.story.note(f"not now: {_plain(one['action'])}. {one['missing']}.")
        return may

    def take(self, who: Teller, action: str, said: dict[str, Any] | None = None) -> None:
        """Take one step, if the hub lets `who` take it now."""
        if (possible := self.may(who).get(action)) is None:
            raise Trouble(f"The hub does not let {who.worker.name} {_plain(action)} now.")
        self.step(who, possible, said)

    def step(self, who: Teller, possible: Possible, said: dict[str, Any] | None = None) -> None:
        """Take one of the possible steps, and tell which clocks run from here on."""
        moved = who.post(possible["href"], said, if_match=possible["if_match"]).json()
        clocks = [clock for clock in moved["clocks"] if "stopped_at" not in clock]
        told = "; ".join(f"{_plain(one['clock'])} {_due(one)}" for one in clocks)
        who.story.note(f"{_plain(moved['status'])}. Clocks: {told or 'none'}.")


def _plain(code: str) -> str:
    return code.replace("_", " ")


def _due(clock: dict[str, Any]) -> str:
    due = clock.get("due")
    return f"by {datetime.fromisoformat(due):%d %B %H:%M} UTC" if due else "stands still"


class Cast:
    """Who plays, in the authority's words."""

    def __init__(self, site: Site, story: Storyteller, council: Authority) -> None:
        partners = {one.kind: one for one in sample.partners_of(council)}
        self.school = story.acting(partners[AgencyKind.SCHOOL])
        self.front_door = story.acting(partners[AgencyKind.FRONT_DOOR])
        self.chair = story.acting(
            partners[AgencyKind.FRONT_DOOR], partners[AgencyKind.FRONT_DOOR].workers[1]
        )
        self.health = story.acting(partners[AgencyKind.HEALTH])
        charity = partners[AgencyKind.VOLUNTARY]
        self.charity, self.lead = story.acting(charity), story.acting(charity, charity.leads)
        self.feed = events.end(site.public_url, Headers(site, self.school.partner.client_id))


def play(site: Site, console: Console, authority: str | None) -> None:
    """The school refers, the front door decides, the authority's order is gone, help is given."""
    councils = running(site)
    if authority is not None and authority not in councils:
        raise Trouble(f"This hub serves {', '.join(councils)}. Name one of them: --authority …")
    council = councils[authority or next(iter(councils))]
    story = Storyteller(site, console)
    story.tell(f"{council.name}: a family's way. Everybody here is invented.")
    cast = Cast(site, story, council)
    way, reference = refer(story, cast, council)
    decide(story, cast, way, council)
    follow_the_order(story, cast, way, council)
    decline_and_accept(story, cast, way, council)
    demo_sharing.share(cast.school, cast.front_door, cast.lead, way.path, council)
    help_and_close(story, cast, way, council)
    tell_the_referrer(story, cast, way)
    console.print(f"\n[green]✓[/] The family's reference is {reference}.")


def refer(story: Storyteller, cast: Cast, council: Authority) -> tuple[Way, str]:
    """A draft, finished and sent."""
    story.tell("1. Tess at the school begins a draft, and learns what is missing.")
    today = datetime.now(UTC).date()
    family = families.referral(Random(), today, council)  # noqa: S311 -- not a secret
    family["safeguarding"] = {"immediate_danger": False}
    begun = {"children": family["children"]}
    draft = cast.school.post(DRAFTS, begun, idempotency_key=new_key()).json()
    story.tell("2. Next day she completes it and sends it; the family agrees.")
    path = draft["links"]["self"]
    version = cast.school.put(path, family, if_match='"1"').headers["ETag"]
    sent = cast.school.post(
        f"{path}/submission", idempotency_key=new_key(), if_match=version
    ).json()
    return Way(sent["id"]), sent["reference"]


def decide(story: Storyteller, cast: Cast, way: Way, council: Authority) -> None:
    """The front door looks, asks and decides."""
    desk = cast.front_door
    story.tell(f"3. Fay at the {council.words.front_door} reads it; her look is recorded.")
    seen = desk.get(way.path)
    story.tell("4. She acknowledges, weighs and asks; each step names the version she saw.")
    way.take(desk, "acknowledge")
    way.take(desk, "triage")
    way.take(desk, "ask", {"question": "Who else helps the family already?"})
    story.tell("5. The school answers; until now the clocks stood still.")
    way.take(cast.school, "answer", {"answer": "Nobody yet beside the school."})
    story.tell("6. Fay decides for early help, at the level that the answers suggest.")
    decision = {"outcome": "early_help", "rationale": "A family worker can help soon."}
    level = seen.get("level_suggested") or seen["level_referrer"]
    why = {"why_this_level": "The answers suggest it, and a visit found nothing else."}
    way.take(desk, "decide", decision | why | {"level": level})


def follow_the_order(story: Storyteller, cast: Cast, way: Way, council: Authority) -> None:
    """The steps that this authority puts before the allocation, as the hub names them."""
    story.tell("7. Flo chairs the panel. What comes before the allocation is this authority's own.")
    while "allocate" not in (may := way.may(cast.chair)):
        if "list_for_panel" in may:
            code, panel = next(iter(council.panels.items()))
            story.tell(f"   Flo lists it for the {panel.name}.")
            way.step(cast.chair, may["list_for_panel"], {"panel": code})
        else:
            story.tell(f"   Flo asks for the {council.words.assessment}; the school completes it.")
            way.step(cast.chair, may["request_assessment"], {})
            way.take(cast.school, "complete_assessment", assessed())


def assessed() -> dict[str, str]:
    """The assessment itself is kept elsewhere: the referral knows its id."""
    return {"assessment_id": str(uuid4())}


def partners_known(cast: Cast) -> dict[str, Any]:
    """The agencies by name, once the hub has heard of those it needs: just after its first start
    their announcements may still be on the way."""
    asked, led = cast.health.partner.agency, cast.charity.partner.agency
    until = time.monotonic() + ANNOUNCED
    while True:
        found = {one["name"]: one for one in cast.chair.get("/api/v1/agencies")["items"]}
        if asked in found and found.get(led, {}).get("lead_professionals"):
            return found
        if time.monotonic() > until:
            raise Trouble("The hub has not heard of its agencies yet: try again in a minute.")
        cast.chair.story.note("The hub has not heard of all of them yet.")
        time.sleep(1)


def decline_and_accept(story: Storyteller, cast: Cast, way: Way, council: Authority) -> None:
    """One agency has no room; the family is not told, and another is asked."""
    story.tell("8. She finds the agencies that take families over, and allocates to one of them.")
    agencies = partners_known(cast)

    def allocate_to(who: Teller) -> None:
        agency = agencies[who.partner.agency]
        hub = next(iter(council.hubs), None)
        said = {"agency_id": agency["id"]} | ({"hub": hub} if hub else {})
        way.take(cast.chair, "allocate", said)

    allocate_to(cast.health)
    story.tell("9. It sees codes and no names until it accepts, and has no room: it declines.")
    way.take(cast.health, "decline", {"reason": "no_capacity"})
    story.tell("10. The front door holds the family and asks the next; that one accepts.")
    allocate_to(cast.charity)
    worker = cast.charity.get(f"/api/v1/workers/{cast.lead.worker.number}")
    way.take(cast.charity, "accept", {"lead_professional_id": worker["id"]})


def help_and_close(story: Storyteller, cast: Cast, way: Way, council: Authority) -> None:
    """The lead professional works with the family until it needs no more help."""
    words = council.words
    story.tell(f"15. She begins, and meets with the others: {words.team_around_the_family}.")
    seen = cast.lead.get(way.path)
    way.take(cast.lead, "start")
    if "assessed_at" not in seen:
        story.tell(f"    The {words.assessment} is made now.")
        way.take(cast.lead, "complete_assessment", assessed())
    way.take(cast.lead, "record_meeting", {"held_on": datetime.now(UTC).date().isoformat()})
    story.tell("16. The family has what it wanted: closed, with its outcome.")
    summary = "The family has a routine again and knows whom to ask."
    way.take(cast.lead, "close", {"outcome": "needs_met", "summary": summary})


def tell_the_referrer(story: Storyteller, cast: Cast, way: Way) -> None:
    """What the school sees, and what it heard."""
    story.tell("17. The school sees what became of it, step by step.")
    cast.school.get(way.path)
    cast.school.get(f"{way.path}/history")
    story.tell("18. A system without Kafka heard it all from the feed, since where it had read.")
    cast.school.get(cast.feed)
