"""What is erased when its time is over: R36."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.consent.actions.erasing import erase_when_due
from services.consent.actions.verifying import verify
from services.consent.domain.retention import Standing, is_due, kept_until
from services.consent.store import audit
from shared.auth import AgencyKind, Role
from shared.authority.hours import SharingRecords
from shared.authority.sources import Source
from shared.people import PersonKind
from tests.consent.rights import desk_of, log_of
from tests.consent.served import Json, Partner, Town, soon

CHILD, PARENT = PersonKind.CHILD, PersonKind.PARENT
RULE = SharingRecords(until_birthday=25, months=84, source=Source(sample="made up"))
LOCAL = SharingRecords(months=84, source=Source(sample="made up"))
KNOWN = datetime(2016, 5, 20, 9, tzinfo=UTC)
ENDED = datetime(2017, 2, 28, 9, tzinfo=UTC)
ALWAYS = datetime(2080, 1, 1, tzinfo=UTC)


def standing(**said: object) -> Standing:
    """A child born in April 2010 with whom nobody works since February 2017."""
    usual: Json = {"person": uuid4(), "kind": CHILD, "born_in": date(2010, 4, 1)}
    return Standing(**usual | {"known_since": KNOWN, "last_work": ENDED} | said)


@pytest.mark.parametrize(
    ("said", "rule", "until"),
    [
        ({}, RULE, "2035-05-01"),
        ({"born_in": date(2010, 12, 1)}, RULE, "2036-01-01"),
        ({"born_in": None}, RULE, "2042-06-01"),
        ({"last_work": datetime(2040, 3, 1, 9, tzinfo=UTC)}, RULE, "2040-03-01"),
        ({"kind": PARENT}, RULE, "2024-02-28"),
        ({"kind": PARENT, "last_work": None}, RULE, "2023-05-20"),
        ({}, LOCAL, "2024-02-28"),
    ],
)
def test_records_are_kept_to_the_birthday_or_for_the_authoritys_months_after_the_last_work(
    said: Json, rule: SharingRecords, until: str
) -> None:
    """R36."""
    one, day = standing(**said), date.fromisoformat(until)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    assert kept_until(one, rule) == day
    assert is_due(one, rule, noon)
    assert not is_due(one, rule, noon - timedelta(days=1))


def test_nobody_is_erased_while_an_agency_works_with_it_or_something_is_open() -> None:
    """R36."""
    assert is_due(standing(), RULE, ALWAYS)
    assert not is_due(standing(last_work=ALWAYS + timedelta(days=1)), RULE, ALWAYS)
    assert not is_due(standing(last_work=ALWAYS), RULE, ALWAYS)
    assert not is_due(standing(has_open=True), RULE, ALWAYS)
    assert not is_due(standing(held_back=True), RULE, ALWAYS)


_HELD = ("consent", "override", "refusal_to_share", "rectification", "complaint", "involvement")


async def _filled(town: Town) -> None:
    """A family of whom everything is held that can be."""
    child = str(town.child)
    lead = town.school.as_(Role.SAFEGUARDING_LEAD)
    await town.school.created("/consents", town.consent())
    await town.school.sees(town.child, "needs.level")
    await lead.created("/overrides", town.override(people=[child, str(town.mother)]))
    why = "The family would be in danger if this were known."
    refusal = {"people": [child], "categories": ["health"], "because": why, "until": soon(300)}
    await town.school.created("/refusals-to-share", refusal)
    wrong = {"person_id": child, "categories": ["needs"], "since": "2026-01-01T00:00:00Z"}
    await town.school.created("/rectifications", wrong | {"because": why})
    said = {"person_id": child, "lodged_by": str(town.mother), "words": why}
    complaint = await town.school.created("/complaints", said)
    answer = {"answer": "It was as it should be."}
    await town.council.changed(f"/complaints/{complaint['id']}/answer", 1, answer)
    born = await town.school.ask("PUT", f"/retentions/{child}", json={"month": "2012-07"})
    assert born.status_code == 200, born.text


async def _held(town: Town) -> dict[str, int]:
    return {
        table: (await town.service.rows(f"select count(*) from {table}"))[0]  # noqa: S608
        for table in _HELD
    }


async def _end_all(town: Town) -> None:
    ended = "update involvement set ended_at = '2027-01-01', until = '2027-01-01'"
    await town.service.run(ended)


async def test_an_erase_run_removes_what_was_said_and_leaves_the_skeletons_of_the_log(
    town: Town,
) -> None:
    """R36: and the log still verifies."""
    await _filled(town)
    before, leaves = await _held(town), await town.service.leaves()
    words = await town.service.rows("select count(*) from audit_detail")
    assert all(before.values())
    assert words[0] > 3
    await _end_all(town)
    desk = desk_of(town.service)

    early = await erase_when_due(desk, datetime(2033, 12, 1, tzinfo=UTC))
    parents = await erase_when_due(desk, datetime(2034, 1, 2, tzinfo=UTC))
    kept = await _held(town)
    child = await erase_when_due(desk, datetime(2037, 8, 1, 12, tzinfo=UTC))
    again = await erase_when_due(desk, ALWAYS)

    assert (early, parents, child, again) == (0, 2, 1, 0)
    assert {name for name in _HELD if kept[name] == before[name]} == {*_HELD} - {"involvement"}
    assert await _held(town) == dict.fromkeys(_HELD, 0)
    assert await town.service.rows("select count(*) from audit_detail") == [0]
    after = await town.service.leaves()
    assert after[: len(leaves)] == leaves
    assert [one["people"] for one in after if one["kind"] == "erasure"][-1] == [str(town.child)]
    assert (await verify(log_of(town.service))).finding is None
    found = await town.council.get("/looks", person_id=town.child, limit=100)
    assert "disclosure" in [one["kind"] for one in found.json()["looks"]]


async def test_who_answers_for_sharing_sees_who_is_due_and_lets_it_be_erased_at_once(
    town: Town,
) -> None:
    """R36."""
    await _filled(town)
    await _end_all(town)
    town.service.at(datetime(2037, 7, 31, 12, tzinfo=UTC))
    kept = (await town.council.get(f"/retentions/{town.child}")).json()
    early = (await town.council.get("/retentions")).json()["retentions"]
    town.service.at(datetime(2037, 8, 1, 12, tzinfo=UTC))

    due = (await town.council.get("/retentions")).json()["retentions"]
    refused = await town.school.send("/retentions/erasures")
    erased = await town.council.created("/retentions/erasures")

    everybody = sorted(map(str, (town.child, town.mother, town.father)))
    assert (kept["until"], kept["due"], kept["month"]) == ("2037-08-01", False, "2012-07")
    assert kept["rule"]["until_birthday"] == 25
    assert kept["rule"]["source"].startswith("sample")
    assert str(town.child) not in [one["person_id"] for one in early]
    assert [one["person_id"] for one in due] == everybody
    assert refused.status_code == 403
    assert erased["people"] == everybody
    assert (await town.council.get("/retentions")).json() == {"retentions": []}


async def test_nothing_of_a_person_is_erased_while_its_access_request_is_open(
    town: Town,
) -> None:
    """R36."""
    await _filled(town)
    asked = {"person_id": str(town.child), "asked_by": str(town.mother)}
    request = await town.school.created(
        "/access-requests", asked | {"capacity": "parental_responsibility"}
    )
    await _end_all(town)
    late = datetime(2050, 1, 1, tzinfo=UTC)

    first = await erase_when_due(desk_of(town.service), late)
    await town.council.changed(f"/access-requests/{request['id']}/answer", 1)
    second = await erase_when_due(desk_of(town.service), late)

    assert (first, second) == (2, 1)


async def test_nobody_is_erased_while_its_referral_is_open_until_nobody_knows_when(
    town: Town,
) -> None:
    """R36: an involvement that a referral began has no end yet."""
    await _filled(town)
    await _end_all(town)
    late = datetime(2050, 1, 1, tzinfo=UTC)
    begun = "update involvement set until = null, ended_at = null where person_id = :child"
    await town.service.rows(f"{begun} returning id", child=town.child)

    first = await erase_when_due(desk_of(town.service), late)
    await _end_all(town)
    second = await erase_when_due(desk_of(town.service), late)

    assert (first, second) == (2, 1)


async def test_until_when_it_is_kept_is_no_business_of_who_does_not_work_with_a_person(
    town: Town,
) -> None:
    """R20."""
    stranger = await town.service.partner(AgencyKind.SCHOOL, Role.LEAD_PROFESSIONAL)
    assert (await town.school.get(f"/retentions/{town.child}")).status_code == 200

    unseen = await stranger.get(f"/retentions/{town.child}")
    nothing = await stranger.get(f"/retentions/{uuid4()}")

    assert (unseen.status_code, unseen.content) == (404, nothing.content)


async def test_nothing_of_a_person_is_erased_while_a_refusal_to_share_about_it_is_live(
    town: Town,
) -> None:
    """R4, R36: what protects a child is not erased before it protects nobody any more."""
    why = "The father looks for the address of the child."
    both = {"people": [str(town.child), str(town.mother)], "categories": ["contact"]}
    refusal = await town.school.created("/refusals-to-share", both | {"because": why})
    await _end_all(town)
    desk = desk_of(town.service)

    first = await erase_when_due(desk, ALWAYS)
    kept = await town.council.get(f"/retentions/{town.child}")
    of_others = await town.front_door.get(f"/retentions/{town.child}")
    await town.school.changed(f"/refusals-to-share/{refusal['id']}/lifting", 1)
    second = await erase_when_due(desk, ALWAYS)

    assert (first, second) == (1, 2)
    assert kept.json()["held_back"] is True
    assert "held_back" not in of_others.json(), "whoever is refused learns nothing of it"


async def _says(partner: Partner, town: Town, month: str) -> int:
    said = await partner.ask("PUT", f"/retentions/{town.child}", json={"month": month})
    return said.status_code


async def test_only_who_answers_for_sharing_makes_a_month_of_birth_earlier(town: Town) -> None:
    """R36: whoever makes it earlier has the records erased earlier."""
    claiming = await town.service.partner(AgencyKind.VOLUNTARY, Role.LEAD_PROFESSIONAL)
    people = [{"person_id": str(town.child), "kind": "child"}]
    await claiming.created("/involvements", {"people": people, "until": soon(9)})

    unknown = [await _says(one, town, "2013-05") for one in (claiming, town.school)]
    known = [await _says(town.school, town, month) for month in ("2015-03", "2015-02")]
    door = [await _says(town.front_door, town, month) for month in ("2015-03", "2015-02")]
    claimed = [await _says(claiming, town, month) for month in ("2015-04", "2015-02")]
    leads = await _says(town.council, town, "2015-02")

    assert unknown == [403, 200]
    assert known == door == [200, 403]
    assert (claimed, leads) == ([403, 403], 200)
    kept = await town.council.get(f"/retentions/{town.child}")
    assert kept.json()["month"] == "2015-02"


async def test_a_child_that_is_known_was_born_in_the_eighteen_years_before(town: Town) -> None:
    """R36: a first month that nobody can have is no way to have a child's records erased."""
    first = datetime.now(UTC).year

    assert await _says(town.school, town, f"{first - 19}-01") == 403
    assert await _says(town.school, town, f"{first - 17}-01") == 200


async def test_the_month_that_was_known_before_is_kept_beside_the_leaf(town: Town) -> None:
    """R40."""
    for month in ("2013-05", "2015-03", "2015-03"):
        assert await _says(town.school, town, month) == 200

    leaves = [
        one
        for one in await town.service.leaves("write")
        if one["operation"] == "retention.say_born"
    ]
    assert [one["fields"] for one in leaves] == [["born_in"], ["born_in"], []]
    desk = desk_of(town.service)
    async with desk.db.reading() as connection:
        kept = [await audit.detail(connection, one["index"], desk.cipher) for one in leaves]
    assert kept == [None, {"before": "2013-05"}, None]
