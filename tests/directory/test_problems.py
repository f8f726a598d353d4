"""Families say what is wrong without saying who they are, and an editor settles it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.directory.domain.queues import OF_ONE_SERVICE, ReportedProblem
from tests.directory.announced import told
from tests.directory.builders import a_service, an_organization, entry, uuid
from tests.directory.imported import bring
from tests.directory.keepers import Keeper, an_editor, an_offer, joined
from tests.directory.served import Directory

PROBLEMS = "/api/v1/directory/problems"
QUEUE, ALIKE = "/api/v1/directory/reported-problems", "/api/v1/directory/look-alikes"
WORDS = "Wanda Madeup no longer answers the telephone"


async def _say(directory: Directory, service: dict[str, Any], **said: Any) -> Any:
    """As anybody says it, without a sign-in."""
    body = {"service_id": service["id"], "problem": "no_answer"} | said
    return await directory.http.request(
        "POST",
        PROBLEMS,
        json=body,
        headers=await _anonymous(directory) | {"Idempotency-Key": said.get("key", str(uuid4()))},
    )


async def _anonymous(directory: Directory) -> dict[str, str]:
    answer = await directory.ask("/services")
    return {"Authorization": answer.request.headers["Authorization"]}


async def test_what_anybody_reports_waits_for_an_editor_until_it_is_settled(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    said = await _say(directory, offer.service, words=WORDS)
    assert said.status_code == 201, said.text
    assert said.headers["access-control-allow-origin"] == "*"

    (waiting,) = (await offer.editor.must("GET", QUEUE))["problems"]
    assert (waiting["problem"], waiting["words"]) == ("no_answer", WORDS)
    path = f"{QUEUE}/{waiting['id']}/settlement"
    settled = await offer.editor.must("POST", path, 1, json={"outcome": "put_right"})

    assert settled["outcome"] == "put_right"
    assert (await offer.editor.must("GET", QUEUE))["problems"] == []
    again = await offer.editor.ask("POST", path, 2, json={"outcome": "nothing_wrong"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/settled-already")


async def test_nothing_of_who_reports_is_kept_and_the_words_are_sealed(
    directory: Directory,
) -> None:
    offer = await an_offer(directory)
    assert (await _say(directory, offer.service, words=WORDS)).status_code == 201

    async with directory.db.reading() as connection:
        columns = text(
            "select column_name from information_schema.columns where table_name = 'problem'"
        )
        names = set((await connection.execute(columns)).scalars())
        tables = text("select tablename from pg_tables where schemaname = 'public'")
        for table in (await connection.execute(tables)).scalars():
            rows = await connection.execute(text(f"select t::text from {table} t"))  # noqa: S608 -- our own tables
            assert "Wanda" not in " ".join(rows.scalars())
    assert names == {
        *("id", "service_id", "what", "words", "reported_at"),
        *("outcome", "settled_by", "version"),
    }
    who = await _say(directory, offer.service, name="Wanda Madeup")
    assert who.status_code == 422


async def test_of_one_service_only_so_many_problems_are_taken_in_an_hour(
    directory: Directory,
) -> None:
    offer, other = await an_offer(directory), a_service()
    await directory.save(entry("service", other))
    answers = [await _say(directory, offer.service) for _ in range(OF_ONE_SERVICE + 1)]

    assert [one.status_code for one in answers] == [201] * OF_ONE_SERVICE + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await _say(directory, other)).status_code == 201


async def test_whoever_floods_many_services_silences_nobody_at_another(
    directory: Directory,
) -> None:
    services = [a_service(name=f"Invented {number}") for number in range(42)]
    await directory.save(*(entry("service", service) for service in services))
    *flooded, quiet = services
    for service in flooded:
        for _ in range(OF_ONE_SERVICE):
            assert (await _say(directory, service)).status_code == 201

    assert (await _say(directory, flooded[0])).status_code == 429
    assert (await _say(directory, quiet)).status_code == 201


@pytest.mark.parametrize("problem", ReportedProblem)
async def test_every_kind_of_problem_can_be_said_and_no_other(
    directory: Directory, problem: ReportedProblem
) -> None:
    offer = await an_offer(directory)

    assert (await _say(directory, offer.service, problem=problem)).status_code == 201
    assert (await _say(directory, offer.service, problem="dull")).status_code == 422
    assert (await _say(directory, a_service())).status_code == 404
    hidden = a_service()
    await directory.save(entry("service", hidden, stage="draft"))
    assert (await _say(directory, hidden)).status_code == 404


async def test_the_queue_is_read_by_the_councils_editors_alone(directory: Directory) -> None:
    offer = await an_offer(directory)
    await _say(directory, offer.service)
    (waiting,) = (await offer.editor.must("GET", QUEUE))["problems"]
    path = f"{QUEUE}/{waiting['id']}/settlement"
    elsewhere: Keeper = await an_editor(directory, "elsewhere")

    assert (await offer.provider.ask("GET", QUEUE)).status_code == 403
    assert (await elsewhere.must("GET", QUEUE))["problems"] == []
    for outsider, answer in ((await joined(directory), 403), (elsewhere, 404)):
        refused = await outsider.ask("POST", path, 1, json={"outcome": "put_right"})
        assert refused.status_code == answer


async def _twins(directory: Directory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two services that an import brings, of one name and one giver."""
    giver = an_organization()
    twins = [a_service(organization_id=giver["id"], organization=giver) for _ in range(2)]
    await bring(directory, "oruk3", {"a.json": json.dumps([*twins, a_service(name="Another")])})
    first, second = sorted(twins, key=uuid)
    return first, second


async def test_what_an_import_finds_alike_waits_until_an_editor_says_what_it_is(
    directory: Directory,
) -> None:
    first, second = await _twins(directory)
    editor = await an_editor(directory)
    (pair,) = (await editor.must("GET", ALIKE))["look_alikes"]
    assert (pair["first_id"], pair["second_id"]) == (first["id"], second["id"])
    path = f"{ALIKE}/{pair['id']}/settlement"

    await editor.must("POST", path, 1, json={"outcome": "first_kept"})

    assert (await directory.ask(f"/services/{first['id']}")).json()["name"] == first["name"]
    gone = (await directory.ask(f"/services/{second['id']}")).json()
    assert gone.get("name") != second["name"]
    assert (await told(directory))[-1] == ("withdrawn", uuid(second))
    again = await editor.ask("POST", path, 2, json={"outcome": "different"})
    assert again.status_code == 409


async def test_a_pair_that_was_settled_does_not_come_back_with_the_next_import(
    directory: Directory,
) -> None:
    editor = await an_editor(directory)
    giver = an_organization()
    twins = [a_service(organization_id=giver["id"], organization=giver) for _ in range(2)]
    for outcome in ("different", None):
        await bring(directory, "oruk3", {"a.json": json.dumps(twins)})
        pairs = (await editor.must("GET", ALIKE))["look_alikes"]
        assert len(pairs) == (1 if outcome else 0)
        if outcome:
            path = f"{ALIKE}/{pairs[0]['id']}/settlement"
            await editor.must("POST", path, 1, json={"outcome": outcome})
