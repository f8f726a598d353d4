"""The merged OpenAPI document: every operation names its scope, and every example is accepted."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from shared.auth import SCOPES
from shared.ids import is_reference
from tests.builders import a_child, a_parent, a_submission
from tests.hub_fixture import REFERRALS, Hub
from tests.rules.authorization import anybody

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = anybody.OPERATIONS | anybody.SAYS | anybody.FAMILIES
"""Operations of the document that anybody may call; what is not named here names its scope."""

Json = dict[str, Any]


async def _document(hub: Hub) -> Json:
    answer = await hub.http.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", operation


async def test_every_operation_names_its_one_scope_or_is_public(hub: Hub) -> None:
    document = await _document(hub)
    operations = dict(_operations(document))
    flow = document["components"]["securitySchemes"]["hub"]["flows"]["clientCredentials"]
    assert len(operations) > 10
    assert {name for name, said in operations.items() if not said.get("security")} == PUBLIC

    named = {name: operation.get("security") for name, operation in operations.items()}

    assert flow["scopes"] == SCOPES
    assert flow["tokenUrl"] == f"{hub.site.public_url}/oauth/token"
    for name, security in named.items():
        if name in PUBLIC:
            assert not security
        else:
            assert security in [[{"hub": [scope]}] for scope in SCOPES], name


async def test_every_operation_says_what_it_does_and_how_it_refuses(hub: Hub) -> None:
    operations = dict(_operations(await _document(hub)))
    ids = [operation["operationId"] for operation in operations.values()]

    assert len(set(ids)) == len(ids)
    assert "refer_a_family" in ids
    for name, operation in operations.items():
        assert operation["summary"], name
        assert operation["description"], name
        refusals = {s: a for s, a in operation["responses"].items() if s >= "400"}
        assert refusals.keys() >= {"400", "401", "403", "429", "503"}, name
        for answer in refusals.values():
            assert "application/problem+json" in answer["content"], name


def _asked_for(document: Json, said: Any, seen: frozenset[str] = frozenset()) -> Iterator[Json]:
    """Every schema within `said`, those it refers to included."""
    match said:
        case {"$ref": str(named)} if named not in seen:
            schema = document["components"]["schemas"][named.rpartition("/")[2]]
            yield from _asked_for(document, schema, seen | {named})
        case dict():
            yield said
            for part in said.values():
                yield from _asked_for(document, part, seen)
        case list():
            for part in said:
                yield from _asked_for(document, part, seen)


async def _sent(hub: Hub, *kinds: str) -> list[tuple[str, Json]]:
    """Everything of these types or formats that is asked for, with its operation."""
    document = await _document(hub)
    found = [
        (name, schema)
        for name, operation in _operations(document)
        for part in (operation.get("parameters"), operation.get("requestBody"))
        for schema in _asked_for(document, part)
        if {str(schema.get("format")), str(schema.get("type"))} & {*kinds} and "enum" not in schema
    ]
    assert len(found) > 10
    return found


async def test_every_number_that_is_asked_for_has_a_lowest_and_a_highest(hub: Hub) -> None:
    """A number that no column can hold is the caller's mistake, and must not become the hub's."""
    lowest = {"minimum", "exclusiveMinimum"}
    numbers = await _sent(hub, "integer", "number")

    endless = [one for one in numbers if not (lowest & one[1].keys() and "maximum" in one[1])]

    assert endless == []


async def test_every_instant_that_is_asked_for_has_a_first_and_a_last(hub: Hub) -> None:
    """The first and last instants of programming languages mean that nothing was filled in."""
    ends = {"formatMinimum", "formatExclusiveMaximum"}

    endless = [one for one in await _sent(hub, "date-time") if not one[1].keys() >= ends]

    assert endless == []


async def test_every_example_of_a_request_is_accepted(hub: Hub) -> None:
    school = await hub.join("school")
    await school.worker("w", "referrer")
    sent = 0
    for name, operation in _operations(await _document(hub)):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for example in body.get("examples", {}).values():
            method, path = name.split(" ")
            key = {"Idempotency-Key": str(uuid4())}

            answer = await school.ask(method, path, worker="w", json=example["value"], headers=key)

            assert answer.status_code == 201, answer.text
            sent += 1
    assert sent > 0


async def test_every_example_of_a_field_is_accepted(hub: Hub) -> None:
    document = await _document(hub)
    school = await hub.join("school")
    await school.worker("w", "referrer")
    examples = {
        (schema, field): example
        for schema in ("Child", "HouseholdMember")
        for field, described in document["components"]["schemas"][schema]["properties"].items()
        for part in [described, *described.get("anyOf", ())]
        for example in part.get("examples", ())
    }
    assert {field for _, field in examples} >= {"nhs_number", "upn"}

    for (schema, field), example in examples.items():
        if schema == "Child":
            await school.refer("w", a_submission(a_child(**{field: example})))
        else:
            await school.refer("w", a_submission(household=[a_parent(**{field: example})]))


async def test_every_example_of_an_answer_fits_its_schema(hub: Hub) -> None:
    document = await _document(hub)
    receipt = document["components"]["schemas"]["Receipt"]["properties"]

    (reference,) = receipt["reference"]["examples"]

    assert is_reference(reference)


async def test_what_is_answered_fits_what_the_document_says(hub: Hub) -> None:
    document = await _document(hub)
    school, front_door = await hub.join("school"), await hub.join("front_door")
    await school.worker("w", "referrer")
    await front_door.worker("w", "front_door_manager")
    urgent = a_submission(safeguarding={"immediate_danger": True})
    receipt = await school.refer("w", urgent)

    seen = await front_door.ask("GET", f"{REFERRALS}/{receipt['id']}", worker="w")

    for schema, answer in (("Receipt", receipt), ("ReferralOut", seen.json())):
        described = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        assert list(Draft202012Validator(described).iter_errors(answer)) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_slash_too_many_sends_nobody_and_no_familys_data_elsewhere(
    hub: Hub, method: str
) -> None:
    school = await hub.join("school")
    await school.worker("w", "referrer")
    assert (await school.ask("GET", REFERRALS, worker="w")).status_code == 200
    claimed = {"Host": "elsewhere.example"}

    answer = await school.ask(method, f"{REFERRALS}/", worker="w", headers=claimed)

    assert answer.status_code == 404
    assert "Location" not in answer.headers
