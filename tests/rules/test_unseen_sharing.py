"""What was said about a family exists for those who work with it, and for nobody else."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from shared.purposes import Purpose
from tests.hub_fixture import Hub, System
from tests.rules.authorization_table import Cell
from tests.rules.world import World, made_in
from tests.rules.world_sharing import CHILD, MOTHER

pytestmark = pytest.mark.asyncio(loop_scope="module")

API, NOBODY = "/api/v1", str(uuid4())
STRANGERS = [
    ("another", "lead_professional"),
    ("asked", "receiving_worker"),
    ("front door elsewhere", "front_door_manager"),
    ("council elsewhere", "information_governance_lead"),
    ("children's services", "safeguarding_lead"),
]
"""Who has nothing to do with the family, or no longer, or is of another authority."""
ONE = [
    ("consent_id", "given", "consents", ""),
    ("consent_id", "given", "consents", "/receipt"),
    ("consent_id", "given", "consents", "/withdrawal"),
    ("involvement_id", "live", "involvements", ""),
    ("involvement_id", "live", "involvements", "/end"),
    ("override_id", "unreviewed", "overrides", ""),
    ("override_id", "unreviewed", "overrides", "/review"),
    ("refusal_id", "live", "refusals-to-share", ""),
    ("refusal_id", "live", "refusals-to-share", "/lifting"),
    ("request_id", "asked", "access-requests", ""),
    ("request_id", "asked", "access-requests", "/wish"),
    ("request_id", "heard", "access-requests", "/export"),
    ("request_id", "heard", "access-requests", "/answer"),
    ("rectification_id", "as ever", "rectifications", ""),
    ("complaint_id", "lodged", "complaints", ""),
    ("complaint_id", "lodged", "complaints", "/acknowledgement"),
    ("complaint_id", "lodged", "complaints", "/answer"),
]
"""What a path names, how it stands, and what is asked of it."""
BODIES = {
    "/review": {"justified": True, "words": "It was right."},
    "/wish": {"wish": "agrees"},
    "/answer": {"answer": "It was right."},
}
"""What is said with a step."""
_STEPS = ("/withdrawal", "/end", "/review", "/lifting", "/wish", "/answer", "/acknowledgement")
_CHANGING = {"date", "ratelimit", "ratelimit-policy"}


ABOUT_SOMEBODY = ["consents", "involvements", "refusals-to-share", "looks", "looks/page"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(hub: Hub) -> AsyncIterator[World]:
    """A family, agreements, and everything that was said."""
    yield await made_in(hub)


def _whole(answer: httpx2.Response) -> tuple[Any, ...]:
    """Everything that an answer tells, but the hour and the limit that is left."""
    headers = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    return answer.status_code, headers, answer.content


async def _ask(system: System, role: str, path: str, body: Any = None, **asked: Any) -> Any:
    """A look, or a change where the path ends in one or something is said."""
    changes = body is not None or path.endswith(_STEPS)
    headers = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
    method = "POST" if changes else "GET"
    return await system.ask(method, path, worker=role, json=body, headers=headers, params=asked)


@pytest.mark.parametrize(("who", "role"), STRANGERS)
@pytest.mark.parametrize(("part", "standing", "noun", "what"), ONE)
async def test_what_was_said_answers_a_stranger_like_nothing(
    world: World, part: str, standing: str, noun: str, what: str, who: str, role: str
) -> None:
    owner = Cell("referring", "safeguarding_lead", standing, 200)
    named = (await world.names(f"GET {API}/{noun}/{{{part}}}", owner))[part]
    seen = await _ask(world.systems["referring"], "safeguarding_lead", f"{API}/{noun}/{named}")
    assert seen.status_code == 200
    body = BODIES.get(what) if noun != "access-requests" or what == "/wish" else None

    unseen = await _ask(world.systems[who], role, f"{API}/{noun}/{named}{what}", body)
    nothing = await _ask(world.systems[who], role, f"{API}/{noun}/{NOBODY}{what}", body)

    assert unseen.status_code in (403, 404)
    assert _whole(unseen) == _whole(nothing)


@pytest.mark.parametrize(("who", "role"), STRANGERS)
@pytest.mark.parametrize("noun", ABOUT_SOMEBODY)
async def test_a_list_about_a_stranger_answers_like_one_about_nobody(
    world: World, noun: str, who: str, role: str
) -> None:
    own = await _ask(world.systems["holding"], "receiving_worker", f"{API}/{noun}", person_id=CHILD)
    assert own.status_code == 200

    unseen, nobody = [
        await _ask(world.systems[who], role, f"{API}/{noun}", person_id=one)
        for one in (CHILD, NOBODY)
    ]

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(nobody)


@pytest.mark.parametrize("noun", ["consents", "consents/refusals", "refusals-to-share"])
async def test_what_is_said_about_a_stranger_is_answered_like_what_is_said_about_nobody(
    world: World, noun: str
) -> None:
    said = world.body(f"POST {API}/{noun}", Cell("another", "referrer", "as ever", 201), {})
    own = await _ask(world.systems["referring"], "lead_professional", f"{API}/{noun}", said)
    assert own.status_code == 201

    unseen, mixed, nobody = [
        await _ask(
            world.systems["another"],
            "lead_professional",
            f"{API}/{noun}",
            said | {"people": people},
        )
        for people in ([CHILD], [CHILD, NOBODY], [NOBODY])
    ]

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(mixed) == _whole(nobody)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(("who", "role"), STRANGERS)
async def test_what_would_be_seen_of_a_stranger_is_asked_like_what_would_be_seen_of_nobody(
    world: World, who: str, role: str, purpose: Purpose
) -> None:
    path, asked = f"{API}/decisions", {"purpose": purpose}
    own = await _ask(
        world.systems["holding"], "receiving_worker", path, asked | {"people": [CHILD]}
    )
    assert own.status_code == 200

    unseen, mother, nobody = [
        await _ask(world.systems[who], role, path, asked | {"people": [person]})
        for person in (CHILD, MOTHER, NOBODY)
    ]

    assert unseen.status_code == 404
    assert _whole(unseen) == _whole(mother) == _whole(nobody)


async def test_an_agreement_of_others_answers_like_none(world: World) -> None:
    owner = Cell("referring", "referrer", "published", 200)
    name = (await world.names(f"GET {API}/agreements/{{name}}", owner))["name"]
    for what in ("", "/versions/1", "/export", "/processing-records"):
        path = f"{API}/agreements/{name}{what}"
        assert (await _ask(world.systems["referring"], "referrer", path)).status_code == 200
        none = f"{API}/agreements/no-such-agreement{what}"
        for who, role in (
            ("leading", "referrer"),
            ("council elsewhere", "information_governance_lead"),
        ):
            unseen = await _ask(world.systems[who], role, path)
            nothing = await _ask(world.systems[who], role, none)

            assert unseen.status_code == 404
            assert _whole(unseen) == _whole(nothing)


async def test_of_an_agreement_its_parties_read_what_is_published_and_never_the_draft(
    world: World,
) -> None:
    lead, draft = ("council", "information_governance_lead"), "Wibblewobble title of a draft"
    named = await world.names(
        f"PUT {API}/agreements/{{name}}", Cell(*lead, standing="published", answer=200)
    )
    path = f"{API}/agreements/{named['name']}"
    rewritten = world.sharing.agreement(named["name"]) | {"title": draft}
    answer = await world.systems["council"].ask(
        "PUT", path, worker=lead[1], json=rewritten, headers={"If-Match": '"2"'}
    )
    assert answer.status_code == 200
    assert draft in (await _ask(world.systems["council"], lead[1], path)).text

    for what in ("", "/versions/1", "/export", "/processing-records"):
        seen = await _ask(world.systems["referring"], "referrer", f"{path}{what}")
        assert seen.status_code == 200
        assert draft not in seen.text
    assert (
        draft not in (await _ask(world.systems["referring"], "referrer", f"{API}/agreements")).text
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_services_ask_each_other_is_there_for_nobody_outside(
    hub: Hub, world: World, method: str
) -> None:
    documented = (await hub.http.get("/openapi.json")).json()["paths"]
    assert f"{API}/decisions" in documented
    asked = {"purpose": "early_help", "people": [CHILD]}
    school = world.systems["holding"]
    assert (await _ask(school, "lead_professional", f"{API}/decisions", asked)).status_code == 200

    inside, uniform, nowhere = [
        await school.ask(method, f"{API}/{noun}", worker="lead_professional", json=asked)
        for noun in ("disclosures", "decisions/uniform", "nothing-of-the-kind")
    ]

    assert inside.status_code == uniform.status_code == 404
    assert _whole(inside) == _whole(nowhere)
    assert uniform.json() == nowhere.json()
    assert not [path for path in documented if "disclosures" in path or "uniform" in path]
