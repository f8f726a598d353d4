"""Views: worklists under a name, a worker's own or shared with its agency."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from services.referral.domain.views import MOST
from shared.auth import AgencyKind, Role
from tests.referral.conftest import REFERRALS, Partner, Service
from tests.referral.planted import listed, places, planted

VIEWS = "/api/v1/views"
LATE = {"status": ["submitted", "triaging"], "worker": "me", "sort": "due"}


async def _send(partner: Partner, key: str | None = None, **said: Any) -> httpx2.Response:
    body = {"name": "Mine, by due", "worklist": LATE} | said
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await partner.ask("POST", VIEWS, json=body, headers=headers)


async def _keep(partner: Partner, **said: Any) -> dict[str, Any]:
    answer = await _send(partner, **said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def _change(
    partner: Partner, view: dict[str, Any], version: int | None = 1, **said: Any
) -> httpx2.Response:
    body = {"name": view["name"], "worklist": view["worklist"]} | said
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return await partner.ask("PUT", f"{VIEWS}/{view['id']}", json=body, headers=headers)


async def _remove(partner: Partner, view: dict[str, Any], version: int = 1) -> httpx2.Response:
    headers = {"If-Match": f'"{version}"'}
    return await partner.ask("DELETE", f"{VIEWS}/{view['id']}", headers=headers)


async def _names(partner: Partner) -> list[str]:
    return [view["name"] for view in (await partner.ask("GET", VIEWS)).json()["views"]]


async def test_a_view_shows_what_its_filters_show_on_every_page(
    service: Service, school: Partner, front_door: Partner
) -> None:
    mine = {"assigned_worker_id": front_door.caller.worker_id}
    ids = await planted(
        service, school, mine, mine, mine | {"status": "closed"}, {}, mine | {"status": "triaging"}
    )
    view = await _keep(front_door)

    found = await listed(front_door, f"view={view['id']}", 1)

    assert view["referrals"] == f"{REFERRALS}?view={view['id']}"
    assert view["worklist"] == LATE
    assert places(ids, found) == [0, 1, 4]
    counted = await front_door.get(f"/counts?by=status&view={view['id']}")
    assert [one["count"] for one in counted.json()["counts"]] == [2, 1]
    exported = await front_door.get(f"/export?view={view['id']}")
    assert len(exported.text.splitlines()) == 4


async def test_a_view_is_its_workers_own_unless_it_is_shared(
    service: Service, front_door: Partner
) -> None:
    own, shared = await _keep(front_door), await _keep(front_door, name="All", shared=True)
    colleague = front_door.colleague().but(roles=frozenset({Role.FRONT_DOOR_WORKER}))
    other = service.partner(AgencyKind.FRONT_DOOR, Role.FRONT_DOOR_MANAGER)

    assert await _names(front_door) == ["All", "Mine, by due"]
    assert await _names(colleague) == ["All"]
    assert await _names(other) == []
    for stranger, view in ((colleague, own), (other, own), (other, shared)):
        nothing = await stranger.ask("GET", f"{VIEWS}/{uuid4()}")
        assert nothing.status_code == 404
        assert (await stranger.ask("GET", f"{VIEWS}/{view['id']}")).content == nothing.content
        assert (await _change(stranger, view)).content == nothing.content
        assert (await _remove(stranger, view)).content == nothing.content
        assert (await stranger.get(f"?view={view['id']}")).content == nothing.content
    assert (await colleague.get(f"?view={shared['id']}")).status_code == 200


async def test_me_in_a_shared_view_is_whoever_uses_it(
    service: Service, school: Partner, front_door: Partner
) -> None:
    view = await _keep(front_door, shared=True)
    colleague = front_door.colleague()
    ids = await planted(
        service,
        school,
        {"assigned_worker_id": front_door.caller.worker_id},
        {"assigned_worker_id": colleague.caller.worker_id},
    )

    assert places(ids, await listed(front_door, f"view={view['id']}")) == [0]
    assert places(ids, await listed(colleague, f"view={view['id']}")) == [1]


async def test_who_may_share_may_change_what_is_shared(
    service: Service, front_door: Partner
) -> None:
    worker = front_door.colleague().but(roles=frozenset({Role.FRONT_DOOR_WORKER}))
    shared = await _keep(front_door, shared=True)
    assert (await _send(worker, shared=True)).status_code == 403

    assert (await _change(worker, shared)).status_code == 403
    assert (await _remove(worker, shared)).status_code == 403
    changed = await _change(front_door.colleague(), shared, name="Late", shared=True)

    assert changed.status_code == 200
    assert changed.json()["worker_id"] == str(front_door.caller.worker_id)
    administrator = service.partner(AgencyKind.SCHOOL, Role.REFERRER, Role.AGENCY_ADMINISTRATOR)
    assert (await _send(administrator, worklist={"of": "mine"}, shared=True)).status_code == 201


async def test_a_view_is_changed_and_removed_by_the_version_that_was_seen(school: Partner) -> None:
    view = await _keep(school, worklist={"status": ["submitted"]})

    assert (await _change(school, view, None)).status_code == 428
    assert (await _change(school, view, 2)).status_code == 412
    changed = await _change(school, view, 1, worklist={"sort": "due"})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json()["worklist"] == {"sort": "due"}
    assert (await _remove(school, view, 1)).status_code == 412
    assert (await _remove(school, view, 2)).status_code == 204
    assert await _names(school) == []


async def test_one_name_is_one_view(front_door: Partner) -> None:
    first = await _keep(front_door, shared=True)
    second = await _keep(front_door, name="Another")

    taken = [
        await _send(front_door),
        await _change(front_door, second, name="  Mine, by due  "),
        await _send(front_door.colleague(), shared=True),
    ]

    assert [answer.status_code for answer in taken] == [409] * 3
    assert {answer.json()["type"] for answer in taken} == {"/problems/view-name-taken"}
    assert (await _send(front_door.colleague())).status_code == 201
    assert (await _change(front_door, first, worklist={})).status_code == 200


async def test_keeping_a_view_twice_with_one_key_keeps_one(school: Partner) -> None:
    first = await _send(school, "a key", worklist={})
    assert (await _remove(school, first.json())).status_code == 204

    again = await _send(school, "a key", worklist={})
    other = await _send(school, "a key", worklist={"sort": "due"})

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert other.status_code == 422
    assert await _names(school) == []


async def test_a_worker_has_as_many_views_as_one_can_look_through(school: Partner) -> None:
    for number in range(MOST):
        await _keep(school, name=f"View {number}", worklist={})

    refused = await _send(school, worklist={})

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/too-many-views"
    assert (await _send(school.colleague(), worklist={})).status_code == 201


@pytest.mark.parametrize(
    ("worklist", "status"),
    [
        ({"escalated": True}, 400),
        ({"agency": str(uuid4())}, 400),
        ({"area": "atlantis"}, 400),
        ({"family_name": "Madeupname"}, 422),
        ({"status": ["lost"]}, 422),
        ({"reference": "7KQ4-9XWTM-N"}, 422),
        ({"sort": "name"}, 422),
    ],
)
async def test_what_may_not_be_asked_is_not_kept_either(
    school: Partner, front_door: Partner, worklist: dict[str, Any], status: int
) -> None:
    assert (await _send(front_door, worklist={"escalated": True})).status_code == 201

    assert (await _send(school, worklist=worklist)).status_code == status
    assert await _names(school) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines", None])
async def test_a_name_is_short_and_one_line(school: Partner, name: str | None) -> None:
    assert (await _send(school, name="Late: the 3rd floor's")).status_code == 201

    assert (await _send(school, name=name)).status_code == 422


async def test_a_filter_that_became_forbidden_is_refused_not_dropped(front_door: Partner) -> None:
    view = await _keep(front_door, worklist={"escalated": True})
    assert (await front_door.get(f"?view={view['id']}")).status_code == 200
    chair = front_door.but(roles=frozenset({Role.PANEL_CHAIR}))

    refused = await chair.get(f"?view={view['id']}")

    assert refused.status_code == 400
    assert refused.json()["filters"] == ["escalated"]


@pytest.mark.parametrize("beside", ["sort=due", "status=closed", "reference=7KQ4-9XWTM-N"])
async def test_nothing_stands_beside_a_view(school: Partner, beside: str) -> None:
    view = await _keep(school, worklist={})
    assert (await school.get(f"?view={view['id']}&limit=5")).status_code == 200

    assert (await school.get(f"?view={view['id']}&{beside}")).status_code == 400


async def test_a_cursor_of_a_view_that_was_changed_leads_nowhere(
    service: Service, school: Partner
) -> None:
    await planted(service, school, {}, {}, {})
    view = await _keep(school, worklist={})
    following = (await school.get(f"?view={view['id']}&limit=1")).json()["next"]
    assert (await school.ask("GET", following)).status_code == 200

    await _change(school, view, worklist={"sort": "oldest"})

    assert (await school.ask("GET", following)).json()["type"] == "/problems/cursor-unknown"
