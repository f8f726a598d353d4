"""A referral that is written over days: kept, told what it lacks, resumed, and sent once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.referral.actions.drafting import forget_expired
from shared.ids import is_reference
from tests.builders import a_child, a_parent, a_submission, an_nhs_number
from tests.referral.conftest import Partner, Service
from tests.referral.drafts import DRAFTS, Json, begin, begun, send, write

MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
DAYS = timedelta(days=28)
"""What the sample authority gives a draft."""


async def test_a_draft_may_be_empty_and_is_told_what_it_lacks(school: Partner) -> None:
    contents: list[Json | None] = [None, {}]
    for content in contents:
        draft = await begun(school, content)

        assert is_reference(draft["code"])
        assert not draft["complete"]
        assert draft["missing"] == ["/children", "/need", "/safeguarding", "/basis"]
        assert draft["wrong"] == []


async def test_it_grows_over_two_days_and_a_colleague_sends_it(
    school: Partner, front_door: Partner, service: Service
) -> None:
    whole = a_submission()
    service.at(MONDAY)
    draft = await begun(school, {"children": [{"given_name": "Zebedee"}]})
    colleague = school.colleague()
    service.at(MONDAY + timedelta(days=1))
    resumed = await colleague.ask("GET", f"{DRAFTS}/by-code/{draft['code'].lower()}")
    assert resumed.json()["content"] == {"children": [{"given_name": "Zebedee"}]}
    assert "/children/0/family_name" in resumed.json()["missing"]

    grown = await write(colleague, draft, 1, whole)
    sent = await send(colleague, draft, 2)

    assert (grown.json()["complete"], grown.headers["ETag"]) == (True, '"2"')
    assert sent.status_code == 201, sent.text
    seen = (await front_door.get(f"/{sent.json()['id']}")).json()
    assert seen["children"][0]["given_name"] == whole["children"][0]["given_name"]
    assert seen["referring_worker_id"] == str(colleague.caller.worker_id)


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"children": [a_child(nhs_number="9990000043")]}, "/children/0/nhs_number"),
        ({"children": [a_child(date_of_birth="2999-01-01")]}, "/children/0/date_of_birth"),
        ({"household": [a_parent(date_of_birth="2999-01-01")]}, "/household/0/date_of_birth"),
        ({"basis": {"kind": "agreed", "by": "A mother", "on": "2999-01-01"}}, "/basis/on"),
        ({"basis": {"kind": "hearsay"}}, "/basis"),
        ({"need": {"reason": "Words", "groups": ["luck"]}}, "/need/groups/0"),
        ({"need": {"reason": "Words", "groups": ["education"], "level": "99"}}, "/need/level"),
        ({"children": "Zebedee"}, "/children"),
    ],
)
async def test_what_is_wrong_is_told_and_kept_all_the_same(
    school: Partner, content: Json, pointer: str
) -> None:
    draft = await begun(school, content)

    seen = (await school.ask("GET", f"{DRAFTS}/{draft['id']}")).json()

    assert [one["pointer"] for one in draft["wrong"]] == [pointer]
    assert not draft["complete"]
    assert (seen["content"], seen["wrong"]) == (content, draft["wrong"])


@pytest.mark.parametrize("nothing", [None, "", "  "])
async def test_a_field_that_a_form_left_empty_is_missing_not_wrong(
    school: Partner, nothing: str | None
) -> None:
    draft = await begun(school, a_submission(a_child(given_name=nothing)))

    assert (draft["missing"], draft["wrong"]) == (["/children/0/given_name"], [])


@pytest.mark.parametrize(
    "content",
    [
        b'{"childrn": []}',
        b'{"children": [{"given_nam": "Zebedee"}]}',
        b'{"need": {"reason": NaN}}',
        b'{"need": {"reason": "half \\ud800"}}',
        b'{"need": {"reason": ' + b"[" * 900 + b"]" * 900 + b"}}",
        b"[]",
        b'"draft"',
        b"{",
    ],
)
async def test_what_could_never_be_sent_is_refused_and_changes_nothing(
    school: Partner, service: Service, content: bytes
) -> None:
    draft = await begun(school, a_submission())
    before = await service.rows("select draft::text from draft")
    told = {"Content-Type": "application/json", "Idempotency-Key": "1", "If-Match": '"1"'}

    for method, path in (("POST", DRAFTS), ("PUT", f"{DRAFTS}/{draft['id']}")):
        refused = await school.ask(method, path, content=content, headers=told)
        assert refused.status_code in (400, 422), refused.text
        assert refused.headers["Content-Type"] == "application/problem+json"

    assert await service.rows("select draft::text from draft") == before


async def test_a_draft_begun_again_with_the_same_key_is_the_same(
    school: Partner, service: Service
) -> None:
    first, again = [await begin(school, {"children": []}, "1") for _ in range(2)]
    other = await begin(school, {}, "1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert await service.rows("select count(*) from draft") == [1]


async def test_of_two_who_write_at_once_one_is_told_and_no_word_is_mixed(school: Partner) -> None:
    draft = await begun(school)
    mine, yours = a_submission(), a_submission()

    answers = await asyncio.gather(
        write(school, draft, 1, mine), write(school.colleague(), draft, 1, yours)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = mine if answers[0].status_code == 200 else yours
    assert (await school.ask("GET", f"{DRAFTS}/{draft['id']}")).json()["content"] == won


async def test_sent_twice_it_is_one_referral_with_one_receipt(
    school: Partner, service: Service
) -> None:
    draft = await begun(school, a_submission())

    first = await send(school, draft, 1, "1")
    again = await send(school, draft, 1, "1")
    another_key = await send(school, draft, 2)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert (another_key.status_code, another_key.json()["type"]) == (
        409,
        "/problems/draft-submitted",
    )
    assert another_key.json()["referral_id"] == first.json()["id"]
    assert await service.rows("select count(*) from referral") == [1]


@pytest.mark.parametrize("same_key", [True, False])
async def test_sent_by_two_at_once_it_is_one_referral(
    school: Partner, service: Service, same_key: bool
) -> None:
    for number in range(1, 6):
        why = "Twins with the same name and the same day of birth in one school."
        draft = await begun(school, a_submission(despite_open_referral=why))
        keys = ["1" if same_key else str(place) for place in range(4)]

        answers = await asyncio.gather(*(send(school, draft, 1, f"{number}-{k}") for k in keys))

        taken = {answer.json()["id"] for answer in answers if answer.status_code == 201}
        assert len(taken) == 1
        assert {answer.status_code for answer in answers} <= {201, 409, 412}
        assert await service.rows("select count(*) from referral") == [number]


async def test_once_sent_its_words_are_gone_and_it_names_the_referral(
    school: Partner, service: Service
) -> None:
    draft = await begun(school, a_submission())
    receipt = (await send(school, draft, 1)).json()

    seen = (await school.ask("GET", f"{DRAFTS}/{draft['id']}")).json()
    changed = await write(school, draft, 2, {})
    seen_version = {"If-Match": '"2"'}
    thrown = await school.ask("DELETE", f"{DRAFTS}/{draft['id']}", headers=seen_version)

    assert seen["links"]["referral"] == receipt["links"]["self"]
    assert "content" not in seen
    assert await service.rows("select content from draft") == [None]
    assert [changed.status_code, thrown.status_code] == [409, 409]


async def test_an_incomplete_one_is_refused_like_the_referral_and_kept(
    school: Partner, service: Service
) -> None:
    content = {"children": [a_child(nhs_number="9990000043")], "basis": {"kind": "agreed"}}
    draft = await begun(school, content)
    as_referral = await school.send(content)

    refused = await send(school, draft, 1)

    assert (refused.status_code, refused.json()) == (422, as_referral.json())
    assert len(refused.json()["errors"]) > 3
    assert await service.rows("select count(*) from referral") == [0]
    assert (await school.ask("GET", f"{DRAFTS}/{draft['id']}")).json()["content"] == content


async def test_a_child_with_an_open_referral_stands_in_the_way_of_the_draft_too(
    school: Partner,
) -> None:
    child = a_child(nhs_number=an_nhs_number())
    receipt = await school.refer(a_submission(child))
    draft = await begun(school, a_submission(child))

    refused = await send(school, draft, 1)

    assert refused.json()["reference"] == receipt["reference"]
    why = "The grandmother asks for help for another reason than in summer."
    assert (
        await write(school, draft, 1, a_submission(child, despite_open_referral=why))
    ).is_success
    assert (await send(school, draft, 2)).status_code == 201


async def test_it_is_gone_some_days_after_the_last_change(
    school: Partner, service: Service
) -> None:
    service.at(MONDAY)
    draft = await begun(school, {})
    service.at(MONDAY + timedelta(days=20))
    changed = await write(school, draft, 1, a_submission())
    assert changed.json()["expires_at"] == (MONDAY + timedelta(days=20) + DAYS).isoformat().replace(
        "+00:00", "Z"
    )
    path = f"{DRAFTS}/{draft['id']}"
    service.at(MONDAY + timedelta(days=20) + DAYS - timedelta(seconds=1))
    assert (await school.ask("GET", path)).status_code == 200
    over = MONDAY + timedelta(days=20) + DAYS
    service.at(over)

    gone = [
        await school.ask("GET", path),
        await school.ask("GET", f"{DRAFTS}/by-code/{draft['code']}"),
        await write(school, draft, 2, {}),
        await send(school, draft, 2),
    ]
    listed = (await school.ask("GET", DRAFTS)).json()["drafts"]

    assert [answer.status_code for answer in gone] == [404] * 4
    assert listed == []
    assert await service.rows("select count(*) from draft") == [1]
    await forget_expired(service.desk, over)
    assert await service.rows("select count(*) from draft") == [0]


async def test_thrown_away_it_is_gone(school: Partner, service: Service) -> None:
    draft = await begun(school, a_submission())
    path = f"{DRAFTS}/{draft['id']}"

    stale = await school.ask("DELETE", path, headers={"If-Match": '"2"'})
    thrown = await school.ask("DELETE", path, headers={"If-Match": '"1"'})

    assert [stale.status_code, thrown.status_code] == [412, 204]
    assert (await school.ask("GET", path)).status_code == 404
    assert await service.rows("select count(*) from draft") == [0]


async def test_the_list_shows_the_agencys_drafts_without_what_they_say(school: Partner) -> None:
    made = [await begun(school, a_submission()) for _ in range(5)]
    listed: list[Json] = []
    following: str | None = f"{DRAFTS}?limit=2"
    while following:
        page = (await school.colleague().ask("GET", following)).json()
        listed += page["drafts"]
        following = page.get("next")

    assert [draft["id"] for draft in listed] == [draft["id"] for draft in made[::-1]]
    assert "Madeupname" not in str(listed)
    assert not any(name in listed[0] for name in ("content", "missing", "wrong"))
