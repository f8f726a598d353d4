"""Who looked at a record, and why it was shown or was not: R20, R32 and R40."""

import re
from uuid import uuid4

from shared.auth import AgencyKind, Role
from tests.consent.builders import a_clause, on_consent
from tests.consent.served import Json, Partner, Service, Town


async def looks_of(partner: Partner, town: Town, **asked: object) -> list[Json]:
    """Every look at the child's record, page by page."""
    found: list[Json] = []
    path: str | None = f"/looks?person_id={town.child}" + "".join(
        f"&{name}={value}" for name, value in asked.items()
    )
    while path:
        answer = await partner.ask("GET", path.removeprefix("/api/v1"))
        assert answer.status_code == 200, answer.text
        found += answer.json()["looks"]
        path = answer.json().get("next")
    return found


async def test_a_family_learns_who_looked_when_what_for_on_which_basis_and_whether_it_was_let(
    town: Town,
) -> None:
    """R32 and R40."""
    await town.school.sees(town.child, "needs.level")
    given = await town.school.created("/consents", town.consent())
    await town.school.sees(town.child, "needs.level", "contact.address")
    await town.school.ask(
        "POST", "/decisions", json={"purpose": "early_help", "people": [str(town.child)]}
    )

    found = await looks_of(town.school, town)

    disclosures = [one for one in found if one["kind"] == "disclosure"]
    assert [one["operation"] for one in found if one["kind"] == "record"] == ["decision.preview"]
    assert "consent.give" in [one.get("operation") for one in found if one["kind"] == "change"]
    newest, oldest = disclosures
    assert newest["agency_id"] == oldest["agency_id"] == str(town.school.agency_id)
    assert newest["agency"] == "Made-up school"
    assert newest["worker_id"] == str(town.school.caller.worker_id)
    assert (newest["purpose"], newest["consent_ids"]) == ("early_help", [given["id"]])
    let = {code: one for one in newest["answers"] for code in one["categories"]}
    assert (let["needs.level"]["permitted"], let["needs.level"]["bases"]) == (True, ["6(1)(a)"])
    assert let["contact.address"]["permitted"] is False
    assert [one["permitted"] for one in oldest["answers"]] == [False]


async def test_a_list_of_looks_goes_on_page_by_page_and_misses_nothing(town: Town) -> None:
    """R32."""
    for _ in range(5):
        await town.school.sees(town.child, "needs.level")

    whole = await looks_of(town.council, town, limit=100)
    paged = await looks_of(town.council, town, limit=2)

    seen = [one["audit_index"] for one in whole if one["kind"] == "disclosure"]
    assert len(seen) == 5
    assert [one["audit_index"] for one in paged if one["kind"] == "disclosure"] == seen
    instants = [one["at"] for one in whole]
    assert instants == sorted(instants, reverse=True)


async def test_who_has_nothing_to_do_with_a_person_learns_of_no_look(town: Town) -> None:
    """R20."""
    stranger = await town.service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    await town.school.sees(town.child, "needs.level")
    leaf = (await town.service.leaves("decision"))[-1]["index"]
    assert (await town.school.get("/looks", person_id=town.child)).status_code == 200
    assert (await town.school.get(f"/looks/{leaf}/rationale")).status_code == 200

    unseen = await stranger.get("/looks", person_id=town.child)
    nobody = await stranger.get("/looks", person_id=uuid4())
    why = await stranger.get(f"/looks/{leaf}/rationale")
    nothing = await stranger.get(f"/looks/{10**9}/rationale")

    assert (unseen.status_code, unseen.content) == (nobody.status_code, nobody.content)
    assert (why.status_code, why.content) == (nothing.status_code, nothing.content)
    assert {unseen.status_code, why.status_code} == {404}


async def test_a_cursor_of_one_persons_looks_leads_nowhere_else(town: Town) -> None:
    """R20."""
    for _ in range(3):
        await town.school.disclosed(town.child, town.mother, categories=["needs.level"])
    first = (await town.school.get("/looks", person_id=town.child, limit=1)).json()["next"]
    cursor = re.sub(r".*cursor=", "", first)
    assert (await town.school.get("/looks", person_id=town.child, cursor=cursor)).status_code == 200

    other = await town.school.get("/looks", person_id=town.mother, cursor=cursor)
    another = await town.council.get("/looks", person_id=town.child, cursor=cursor)

    assert [other.status_code, another.status_code] == [400, 400]
    assert other.content == another.content


async def test_why_another_agency_was_not_shown_is_told_to_it_and_to_who_leads_alone(
    town: Town,
) -> None:
    """R20: it could tell that a third agency holds something back."""
    nurse = await town.service.partner(AgencyKind.HEALTH, Role.LEAD_PROFESSIONAL)
    await town.introduce(nurse)
    await town.school.sees(town.child, "needs.level")

    async def whys(reader: Partner) -> list[str | None]:
        found = await looks_of(reader, town)
        return [
            answer.get("why")
            for one in found
            if one["kind"] == "disclosure"
            for answer in one["answers"]
        ]

    assert await whys(town.school) == ["no_consent"]
    assert await whys(town.council) == ["no_consent"]
    assert await whys(nurse) == [None]


PRIVATE = {"refusal_to_share", "access_request", "complaint"}


async def _says_what_is_private(school: Partner, town: Town) -> None:
    """The school refuses to share; the family asks for what is held, and complains."""
    refusal: Json = {"people": [str(town.child)], "categories": ["needs"]}
    refusal |= {"because": "The father works there and would learn where they live."}
    await school.created("/refusals-to-share", refusal)
    asking = {"person_id": str(town.child), "asked_by": str(town.mother)}
    capacity = {"capacity": "parental_responsibility"}
    request = await school.created("/access-requests", asking | capacity)
    assert (await school.get(f"/access-requests/{request['id']}")).status_code == 200
    lodged = {"person_id": str(town.child), "lodged_by": str(town.mother)}
    await school.created("/complaints", lodged | {"words": "They told our neighbours about us."})


async def test_that_something_is_refused_or_complained_of_no_other_agency_sees_from_the_looks(
    town: Town,
) -> None:
    """R20: neither by its time, nor by its number, nor by a gap in a page."""
    police = await town.service.partner(AgencyKind.POLICE, Role.LEAD_PROFESSIONAL)
    await town.introduce(police)
    await _says_what_is_private(town.school, town)
    await town.school.sees(town.child, "needs.level")

    async def nouns(reader: Partner) -> set[str]:
        said = [one.get("operation") for one in await looks_of(reader, town, limit=100)]
        return {operation.partition(".")[0] for operation in said if operation} & PRIVATE

    assert await nouns(town.school) == await nouns(town.council) == PRIVATE
    assert await nouns(police) == set()
    path, sizes = f"/looks?person_id={town.child}&limit=1", []
    while path:
        page = (await police.ask("GET", path.removeprefix("/api/v1"))).json()
        sizes.append(len(page["looks"]))
        path = page.get("next")
    assert len(sizes) > 3
    assert set(sizes) == {1}
    leaves = await town.service.leaves("write")
    [index] = [one["index"] for one in leaves if one["operation"] == "refusal_to_share.record"]
    answers = [await one.get(f"/looks/{index}/rationale") for one in (town.school, police)]
    assert [one.status_code for one in answers] == [200, 404]
    nothing = await police.get(f"/looks/{10**9}/rationale")
    assert answers[1].content == nothing.content


async def test_the_rationale_of_a_share_and_of_a_refusal_is_shown_on_request(town: Town) -> None:
    """R40."""
    await town.school.created("/consents", town.consent())
    shared = await town.school.disclosed(town.child, categories=["needs.level"])
    refused = await town.school.disclosed(town.child, categories=["health.mental"])
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    declared = await lead.created("/overrides", town.override())
    forced = await lead.disclosed(town.child, purpose="safeguarding", categories=["needs.level"])

    async def why(index: int) -> Json:
        answer = await town.council.get(f"/looks/{index}/rationale")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    one, other, third = [await why(it["audit_index"]) for it in (shared, refused, forced)]
    assert one["policy_hash"] == shared["policy_hash"]
    [clause] = one["clauses"]
    assert clause["key"] == one["looks"][0]["answers"][0]["clauses"][0]
    assert (clause["basis"], clause["purpose"]) == ("6(1)(a)", "early_help")
    assert other["looks"][0]["answers"][0]["why"] == "no_clause"
    assert other["clauses"] == []
    [override] = third["overrides"]
    assert override["id"] == declared["id"]
    assert (override["danger"], override["reason"]) == (
        "immediate_danger",
        "cannot_reasonably_be_obtained",
    )


async def test_a_family_can_print_the_page_of_who_looked(service: Service) -> None:
    """R32: readable without a script, and nothing on it comes from elsewhere."""
    town = await Town.founded(service, a_clause(categories=["needs.level"]), on_consent(id="other"))
    await town.school.sees(town.child, "needs.level", "police.incidents")

    answer = await town.school.get("/looks/page", person_id=town.child)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert answer.headers["cache-control"] == "no-store"
    page = answer.text
    tags = re.findall(r"<([a-z0-9]+)", page)
    assert not {"script", "img", "iframe", "form"} & set(tags)
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert 'lang="en-GB"' in page
    assert "style=" not in page
    for said in (
        "Made-up school",
        "to assess, plan and give early help to the family",
        "the level of need",
        "a task in the public interest",
        "Could not see",
        str(town.child),
    ):
        assert said in page, said
