"""Who is told what about sharing: by the feed, which leads to what it tells of."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.consent.domain.checkpoints import read
from shared.auth import AgencyKind, Role, Scope
from tests.consent.served import HUB, Json, Partner, Town, soon

FEED = "/sharing-events"
CHECKPOINT = "uk.earlyhelp.consent.checkpointed.v1"


async def told(partner: Partner, until: str) -> list[Json]:
    """What the partner's feed holds of sharing, until the last awaited has come."""
    path, events = f"{FEED}?timeout=20", list[Json]()
    while not any(until in event["type"] for event in events):
        answer = await partner.ask("GET", path)
        assert answer.status_code == 200, answer.text
        assert answer.json(), f"nothing of {until} within 20 seconds"
        events += answer.json()
        path = answer.links["next"]["url"].removeprefix("/api/v1")
    return [event for event in events if event["type"] != CHECKPOINT]


def kinds(events: list[Json]) -> list[str]:
    """What happened, in order."""
    return [event["type"].removeprefix("uk.earlyhelp.consent.")[:-3] for event in events]


async def detail(partner: Partner, event: Json, what: str = "") -> Any:
    """What the event leads to."""
    path = event["data"]["detail_url"].removeprefix(f"{HUB}/api/v1")
    return await partner.get(f"{path}{what}")


async def a_charity(town: Town) -> Partner:
    """It has worked with the family, and does no longer."""
    charity = await town.service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    return charity.but(scopes=charity.caller.scopes - {Scope.AUDIT_VERIFY})


async def part(town: Town, charity: Partner) -> None:
    """The charity's work with the family begins, and ends."""
    for involvement in (await town.introduce(charity))["involvements"]:
        await town.front_door.changed(f"/involvements/{involvement}/end", 1)


async def test_whom_a_consent_names_is_told_of_its_withdrawal_and_opens_it_without_the_words(
    town: Town,
) -> None:
    """R11, also when it works with the family no more: what it was shown it still holds."""
    charity = await a_charity(town)
    agencies = [str(charity.agency_id)]
    given = await town.school.created("/consents", town.consent(agencies=agencies))
    await part(town, charity)
    await town.school.created(f"/consents/{given['id']}/withdrawal", {"because": "Enough of it."})

    events = await told(charity, "withdrawn")

    assert kinds(events) == ["given", "withdrawn"]
    assert {event["data"]["record_id"] for event in events} == {given["id"]}
    seen, receipt = await detail(charity, events[1]), await detail(charity, events[1], "/receipt")
    assert (seen.status_code, receipt.status_code) == (200, 200)
    assert (seen.json()["status"], seen.json()["people"]) == ("withdrawn", [str(town.child)])
    assert not {"evidence", "interpreter", "withdrawn_because"} & seen.json().keys()
    assert "Enough" not in seen.text + receipt.text
    assert [one["event_state"] for one in receipt.json()["events"]] == ["given", "withdrawn"]


async def test_who_is_told_of_a_consent_and_works_with_nobody_changes_nothing_of_it(
    town: Town,
) -> None:
    charity = await a_charity(town)
    agencies = [str(charity.agency_id)]
    given = await town.school.created("/consents", town.consent(agencies=agencies))
    path = f"/consents/{given['id']}"
    assert (await charity.get(path)).status_code == 200

    refused = [await charity.send(f"{path}/withdrawal"), await charity.get(f"{path}/withdrawal")]

    assert [answer.status_code for answer in refused] == [404, 404]
    assert (await charity.get("/consents", person_id=town.child)).status_code == 404
    assert (await town.school.get(path)).json()["status"] == "given"


async def test_a_no_is_told_to_whom_it_keeps_out_only_where_that_agency_has_worked_with_them(
    town: Town,
) -> None:
    """That a family wants nothing to do with an agency is no business of an agency it never met."""
    met, stranger = await a_charity(town), await a_charity(town)
    await part(town, met)
    said = town.consent(agencies=[str(met.agency_id), str(stranger.agency_id)])
    no = {name: said[name] for name in "people given_by capacity categories purposes".split()}
    no["agencies"] = said["agencies"]
    refused = await town.school.created("/consents/refusals", no)

    [event] = await told(met, "refused")

    assert event["data"]["record_id"] == refused["id"]
    assert (await detail(met, event)).json()["status"] == "refused"
    assert (await stranger.get(FEED)).json() == []
    unseen, nothing = await detail(stranger, event), await stranger.get(f"/consents/{uuid4()}")
    assert (unseen.status_code, unseen.content) == (404, nothing.content)


async def test_who_answers_for_sharing_is_told_of_overrides_and_claims_and_opens_them(
    town: Town,
) -> None:
    """R17 and R21."""
    lead, stranger = town.school.as_(Role.SAFEGUARDING_LEAD), await a_charity(town)
    override = await lead.created("/overrides", town.override())
    claim = await stranger.created("/involvements", town.introduction())

    events = await told(town.council, "involvement_claimed")

    alarms = [event for event in events if "agreement" not in event["type"]]
    assert kinds(alarms)[0] == "override_declared"
    assert set(kinds(alarms)[1:]) == {"involvement_claimed"}
    assert alarms[0]["data"]["record_id"] == override["id"]
    assert alarms[1]["data"]["record_id"] == claim["involvements"][0]
    for event in alarms:
        assert (await detail(town.council, event)).status_code == 200, event
    assert kinds(await told(lead, "override")) == ["agreement_published"] * 2 + [
        "override_declared"
    ]
    assert (await stranger.get(FEED)).json() == []


async def test_another_authoritys_council_is_told_nothing_of_it(town: Town) -> None:
    theirs = await town.service.partner(
        AgencyKind.COUNCIL, Role.INFORMATION_GOVERNANCE_LEAD, authority="hounslow"
    )
    theirs = theirs.but(scopes=theirs.caller.scopes - {Scope.AUDIT_VERIFY})
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    await lead.created("/overrides", town.override())
    assert "override_declared" in kinds(await told(town.council, "override_declared"))

    assert (await theirs.get(FEED)).json() == []


async def test_a_witness_is_told_each_checkpoint_and_verifies_it_with_the_logs_key(
    town: Town,
) -> None:
    witness = await town.service.partner(AgencyKind.COUNCIL, Role.INFORMATION_GOVERNANCE_LEAD)
    signed = await witness.created("/audit/checkpoints")
    key = (await witness.get("/audit/key")).json()
    keys = [
        Ed25519PublicKey.from_public_bytes(base64.b64decode(one.split("+", 2)[2])[1:])
        for one in key["keys"]
    ]
    notes = list[str]()
    path = f"{FEED}?timeout=20"
    while signed["checkpoint"] not in notes:
        answer = await witness.ask("GET", path)
        assert answer.json(), "no checkpoint within 20 seconds"
        of_log = [one for one in answer.json() if one["type"] == CHECKPOINT]
        notes += [one["data"]["checkpoint"] for one in of_log]
        path = answer.links["next"]["url"].removeprefix("/api/v1")

    checkpoints = [read(note, key["log"], keys) for note in notes]

    assert checkpoints[-1].size == signed["size"] > 0
    keeper = witness.but(scopes=witness.caller.scopes - {Scope.AUDIT_VERIFY})
    assert CHECKPOINT not in json.dumps((await keeper.get(FEED)).json())


async def test_who_answers_for_sharing_lists_the_claims_that_stand_without_knowing_of_whom(
    town: Town,
) -> None:
    """R17."""
    lead = Role.INFORMATION_GOVERNANCE_LEAD
    elsewhere = await town.service.partner(AgencyKind.COUNCIL, lead, authority="hounslow")
    stranger, path = await a_charity(town), "/involvements/claims"
    claimed = (await stranger.created("/involvements", town.introduction()))["involvements"]
    await town.council.changed(f"/involvements/{claimed[0]}/end", 1)
    brief = await stranger.created("/involvements", town.introduction(until=soon(1)))

    first = (await town.council.get(path, limit=3)).json()
    rest = (await town.council.ask("GET", first["next"].removeprefix("/api/v1"))).json()

    listed = [one["id"] for one in first["involvements"] + rest["involvements"]]
    assert listed == [*reversed(brief["involvements"]), *reversed(claimed[1:])]
    assert "next" not in rest
    assert all(one["claimed"] for one in first["involvements"])
    assert (await elsewhere.get(path)).json() == {"involvements": []}
    assert (await stranger.get(path)).status_code == 403
    town.service.at(datetime.now(UTC) + timedelta(2))
    later = (await town.council.get(path)).json()["involvements"]
    assert [one["id"] for one in later] == listed[3:]
