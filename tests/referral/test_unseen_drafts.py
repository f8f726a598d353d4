"""A draft is its agency's alone: for everybody else, the front door too, there is none."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shared.auth import AgencyKind, Role
from shared.ids import new_reference
from tests.builders import a_submission
from tests.referral.conftest import Partner, Service
from tests.referral.drafts import DRAFTS, begun, send, write

CALLS: list[tuple[str, str, Any]] = [
    ("GET", "{id}", None),
    ("GET", "by-code/{code}", None),
    ("PUT", "{id}", {}),
    ("DELETE", "{id}", None),
    ("POST", "{id}/submission", None),
]


async def _asked(partner: Partner, draft: Any, call: tuple[str, str, Any]) -> httpx2.Response:
    method, path, body = call
    told = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
    return await partner.ask(method, f"{DRAFTS}/{path.format(**draft)}", json=body, headers=told)


def _whole(answer: httpx2.Response) -> tuple[Any, ...]:
    return answer.status_code, sorted(answer.headers.items()), answer.content


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]}")
async def test_another_agencys_draft_answers_like_none(
    service: Service, school: Partner, call: tuple[str, str, Any]
) -> None:
    others = [
        service.partner(AgencyKind.GP, Role.REFERRER),
        service.partner(AgencyKind.FRONT_DOOR, Role.REFERRER, Role.FRONT_DOOR_MANAGER),
        service.partner(AgencyKind.SCHOOL, Role.REFERRER),
    ]
    draft, none = await begun(school, a_submission()), {"id": uuid4(), "code": new_reference()}
    before = await service.counts()

    for other in others:
        unseen, nothing = await _asked(other, draft, call), await _asked(other, none, call)

        assert unseen.status_code == 404
        assert _whole(unseen) == _whole(nothing)

    assert await service.counts() == before
    assert (await _asked(school.colleague(), draft, call)).is_success


async def test_a_code_that_was_misread_answers_like_none(school: Partner) -> None:
    draft = await begun(school)
    code = draft["code"]
    misread = code[:-1] + ("3" if code[-1] != "3" else "4")
    assert (await school.ask("GET", f"{DRAFTS}/by-code/{code.replace('-', '')}")).is_success

    answers = [
        await school.ask("GET", f"{DRAFTS}/by-code/{wrong}")
        for wrong in (misread, new_reference(), "x", "0" * 300)
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1


async def test_it_stands_in_nobody_elses_list(service: Service, school: Partner) -> None:
    draft = await begun(school)
    front_door = service.partner(AgencyKind.FRONT_DOOR, Role.REFERRER, Role.FRONT_DOOR_WORKER)

    own, other = [(await who.ask("GET", DRAFTS)).json() for who in (school, front_door)]

    assert [one["id"] for one in own["drafts"]] == [draft["id"]]
    assert other == {"drafts": []}


async def test_who_may_not_refer_may_not_write_drafts(service: Service) -> None:
    for role in set(Role) - {Role.REFERRER}:
        other = service.partner(AgencyKind.FRONT_DOOR, role)
        headers = {"Idempotency-Key": str(uuid4())}
        assert (await other.ask("POST", DRAFTS, json={}, headers=headers)).status_code == 403


async def test_each_look_and_each_change_has_its_access_record_and_nobody_hears_of_it(
    school: Partner, service: Service
) -> None:
    draft = await begun(school, a_submission())
    await school.ask("GET", f"{DRAFTS}/{draft['id']}")
    await school.ask("GET", DRAFTS)
    await write(school, draft, 1, a_submission())
    receipt = (await send(school, draft, 2)).json()

    rows = await service.rows("select operation, subjects[1]::text from access order by at, id")

    assert rows == [
        ("draft.begin", draft["id"]),
        ("draft.look", draft["id"]),
        ("draft.list", draft["id"]),
        ("draft.rewrite", draft["id"]),
        ("referral.submit", receipt["id"]),
        ("draft.send", draft["id"]),
    ]
    assert await service.rows("select count(*) from outbox") == [1]


async def test_a_look_at_a_draft_changes_nothing_but_its_access_record(
    school: Partner, service: Service
) -> None:
    draft = await begun(school, a_submission())
    kept, before = await service.rows("select draft::text from draft"), await service.counts()

    for path in ("", f"/{draft['id']}", f"/by-code/{draft['code']}"):
        assert (await school.ask("GET", DRAFTS + path)).status_code == 200

    assert await service.counts() == before | {"access": before["access"] + 3}
    assert await service.rows("select draft::text from draft") == kept
