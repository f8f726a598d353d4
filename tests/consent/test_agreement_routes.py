"""Agreements over HTTP: what is refused and why, who signs, leaves, is suspended and taken up."""

from shared.auth import Role
from tests.consent.builders import a_clause, an_agreement, on_consent, principles
from tests.consent.served import Json, Partner, Service, Town, in_date

NEEDS = {"needs.level"}


async def _drafted(council: Partner, *clauses: object, **changed: object) -> Json:
    said = in_date(an_agreement(*clauses, **changed)).model_dump(mode="json")  # type: ignore[arg-type]
    return await council.created("/agreements", said)


async def test_a_draft_that_offends_a_rule_is_refused_with_the_clause_and_the_rule(
    town: Town,
) -> None:
    """R1, R7, R16, R31: and with everything that must be put right, at once."""
    wrong = [
        a_clause(id="no-basis", basis=None),
        a_clause(id="no-condition", categories=["health.mental"]),
        a_clause(id="charity-in-public-task", kinds=["voluntary"]),
        a_clause(id="not-in-the-tree", categories=["favourite_colour"]),
        a_clause(id="no-dpia", dpia=None),
    ]
    good = await _drafted(town.council, a_clause(), id="good")
    published = await town.council.changed(f"/agreements/{good['id']}/publication", 1)
    assert published["published"]["key"] == "good@1"
    await _drafted(town.council, a_clause(id="right"), *wrong, id="bad")
    before = await town.service.events()

    refused = await town.council.change("/agreements/bad/publication", 1)

    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (422, "/problems/agreement-not-publishable")
    rules = {(one["clause"], one["rule"]) for one in problem["faults"]}
    assert rules == {
        ("no-basis", "R1"),
        ("no-condition", "R1"),
        ("charity-in-public-task", "R7"),
        ("not-in-the-tree", "R16"),
        ("no-dpia", "R31"),
    }
    assert [one["pointer"] for one in problem["errors"]] == [f"/clauses/{n}" for n in range(1, 6)]
    seen = (await town.council.get("/agreements/bad")).json()
    assert seen["version"] == 1
    assert "published" not in seen
    assert await town.service.events() == before


async def test_before_publishing_the_draft_is_read_beside_the_version_in_use(town: Town) -> None:
    """What changes for whom: a difference of the decision table, and what stands in the way."""
    said = in_date(an_agreement(on_consent(), a_clause(id="more", kinds=["gp"], dpia=None)))
    document = said.model_dump(mode="json")
    rewritten = await town.council.change("/agreements/early-help", 2, document, method="PUT")
    assert rewritten.status_code == 200

    compared = (await town.council.get("/agreements/early-help/review")).json()

    more = [
        {name: one[name] for name in ("recipient", "categories")} for one in compared["changes"]
    ]
    assert more == [{"recipient": "gp", "categories": ["needs.level"]}]
    assert [(one["clause"], one["rule"]) for one in compared["faults"]] == [("more", "R31")]
    in_use = (await town.council.get("/agreements/early-help")).json()["published"]
    assert len(in_use["agreement"]["clauses"]) == 1


async def test_a_name_is_taken_once_and_a_draft_sent_again_is_the_first_one(
    town: Town,
) -> None:
    said = in_date(principles(id="another")).model_dump(mode="json")
    first = await town.council.send("/agreements", said, key="once")
    again = await town.council.send("/agreements", said, key="once")
    other = await town.council.send("/agreements", said | {"title": "Else"}, key="once")
    taken = await town.council.send("/agreements", said)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/agreement-exists")


async def test_nothing_is_suspended_that_is_not_in_use_and_nothing_taken_up_that_is_not_suspended(
    town: Town,
) -> None:
    await _drafted(town.council, id="only-drafted")
    path = "/agreements/early-help"
    assert (await town.council.changed(f"{path}/suspension", 2))["suspended_at"]

    twice = await town.council.change(f"{path}/suspension", 3)
    await town.council.changed(f"{path}/reinstatement", 3)
    needless = await town.council.change(f"{path}/reinstatement", 4)
    drafted = await town.council.change("/agreements/only-drafted/suspension", 1)

    told = [(one.status_code, one.json()["type"]) for one in (twice, needless, drafted)]
    assert told == [
        (409, "/problems/agreement-suspended"),
        (409, "/problems/agreement-not-suspended"),
        (409, "/problems/not-this-version"),
    ]


async def test_while_an_agreement_is_suspended_nothing_is_shared_and_nobody_need_sign_again(
    service: Service,
) -> None:
    """R29."""
    town = await Town.founded(service, a_clause())
    seen = [await town.school.sees(town.child)]
    await town.council.changed("/agreements/early-help/suspension", 2)
    seen.append(await town.school.sees(town.child))
    await town.council.changed("/agreements/early-help/reinstatement", 3)
    seen.append(await town.school.sees(town.child))

    assert seen == [NEEDS, set(), NEEDS]


async def test_who_has_left_is_not_taken_in_again_by_others(service: Service) -> None:
    """R29: until it signs."""
    town = await Town.founded(service, a_clause())
    whom = {"agency_id": str(town.school.agency_id)}
    path = "/agreements/early-help"
    await town.council.changed(f"{path}/suspension", 2, whom)
    await town.council.changed(f"{path}/reinstatement", 3, whom)
    assert await town.school.sees(town.child) == NEEDS

    await town.school.as_(Role.AGENCY_ADMINISTRATOR).created(f"{path}/leaving")
    await town.council.changed(f"{path}/reinstatement", 4, whom)
    seen = await town.school.sees(town.child)
    await town.sign(town.school, "early-help")

    assert seen == set()
    assert await town.school.sees(town.child) == NEEDS


async def test_a_suspended_agency_does_not_sign_itself_in(service: Service) -> None:
    """R29."""
    town = await Town.founded(service, a_clause())
    whom = {"agency_id": str(town.school.agency_id)}
    await town.council.changed("/agreements/early-help/suspension", 2, whom)
    administrator = town.school.as_(Role.AGENCY_ADMINISTRATOR)

    refused = await administrator.send("/agreements/early-help/signatures", {"number": 1})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/agreement-suspended")
    assert await town.school.sees(town.child) == set()


async def test_an_agency_signs_the_version_that_it_has_read(town: Town) -> None:
    """R27: another version is another promise."""
    await town.publish(in_date(an_agreement(on_consent(), a_clause(id="more"))))
    administrator = town.school.as_(Role.AGENCY_ADMINISTRATOR)
    path = "/agreements/early-help/signatures"

    old = await administrator.send(path, {"number": 1})
    new = await administrator.send(path, {"number": 2})

    assert (old.status_code, old.json()["version"]) == (409, 2)
    assert (new.status_code, new.json()["signed"]) == (201, "early-help@2")
    assert str(town.school.agency_id) in (await town.council.get("/agreements/early-help")).text
