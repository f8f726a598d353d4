"""The directory's feed answers as the merged OpenAPI document says, whatever is asked of it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from schemathesis import GenerationMode

from hub.postgres import PostgresServer
from services.directory.actions import saving
from shared.crypto import FieldCipher
from tests.contracts.fuzzed import statuses
from tests.contracts.served import Served, serving
from tests.contracts.test_openapi import Case
from tests.directory.served import EDITOR
from tests.directory.town import Town, a_town
from tests.rules.authorization.anybody import OPERATIONS, SAYS

TOWN = a_town(20, seed=11)
SILENT = "GET /directory/v3"
"""To this nothing is said, so nothing can be said wrong."""
ASKED = [
    (operation, mode)
    for operation in sorted(OPERATIONS | SAYS)
    for mode in GenerationMode
    if not (operation == SILENT and mode is GenerationMode.NEGATIVE)
]
_answered: dict[str, set[int]] = defaultdict(set)


@pytest.fixture(scope="module")
def served(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The hub, listening, with a town in its directory."""
    with serving(postgres, templates, tmp_path_factory.mktemp("var")) as hub:
        behind = hub.world.systems["referring"].hub
        cipher = FieldCipher(behind.site.keys / "directory.fields.json")
        work = saving.save(behind.directory, cipher, TOWN.entries(), EDITOR)
        asyncio.run_coroutine_threadsafe(work, hub.loop).result(timeout=60)
        yield hub


def _known(town: Town, path: str) -> str:
    """The id of an object of the list that the path names."""
    at = [at for s in town.services for at in s.get("service_at_locations", ())]
    lists = {"services": town.services, "service_at_locations": at, "taxonomies": town.taxonomies}
    lists |= {"organizations": town.organizations, "taxonomy_terms": town.terms}
    return str(lists[path.partition("/{id}")[0].rpartition("/")[2]][0]["id"])


def _right(case: Case, operation: str) -> None:
    """Right in everything, so that it must be answered."""
    case.query = {}
    if "id" in case.path_parameters:
        case.path_parameters["id"] = _known(TOWN, operation)
    if operation in SAYS:
        case.headers["Idempotency-Key"] = str(uuid4())
        case.body = {"service_id": _known(TOWN, "/services"), "problem": "no_answer"}
    elif case.method == "POST":
        case.body = {}


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_the_feed_answers_as_the_document_says(
    served: Served, operation: str, mode: GenerationMode
) -> None:
    def fit(case: Case, first: bool) -> None:
        if first:
            _right(case, operation)

    def hold(answer: Any) -> None:
        assert answer.headers["access-control-allow-origin"] == ["*"]

    _answered[operation] |= statuses(served, operation, mode, fit, hold)


@pytest.mark.parametrize("operation", sorted(OPERATIONS | SAYS))
def test_everything_was_answered_well_and_refused(operation: str) -> None:
    answered = {status // 100 for status in _answered[operation]}

    assert answered == ({2} if operation == SILENT else {2, 4})
