"""What a family without a token may ask is answered as the merged OpenAPI document says."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis import GenerationMode

from hub.postgres import PostgresServer
from tests.contracts.fuzzed import statuses
from tests.contracts.served import Served, serving
from tests.contracts.test_openapi import Case
from tests.rules.authorization.anybody import FAMILIES
from tests.rules.canary_asking import a_stamp

SILENT = "GET /api/v1/requests-for-help/forms"
"""To this nothing is said, so nothing can be said wrong."""
ASKED = [
    (operation, mode)
    for operation in sorted(FAMILIES)
    for mode in GenerationMode
    if not (operation == SILENT and mode is GenerationMode.NEGATIVE)
]
_answered: dict[str, set[int]] = defaultdict(set)


@pytest.fixture(scope="module")
def served(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The hub, listening."""
    with serving(postgres, templates, tmp_path_factory.mktemp("var")) as hub:
        yield hub


def _fit(case: Case, served: Served, first: bool) -> None:
    """Of a council there is and a form that was given out; the first one is right in everything."""
    if "authority" in case.path_parameters:
        case.path_parameters["authority"] = "sample"
    if case.method == "POST" and isinstance(case.body, dict):
        keys = served.world.systems["referring"].hub.site.keys
        case.body |= {"authority": "sample", "stamp": a_stamp(keys)}
        if first:
            case.body |= {
                "asker": {"kind": "parent", "given_name": "Flora", "family_name": "Madeupname"},
                "contact": {"telephone": "01632 960011"},
                "help": "We are tired.",
                "children": [
                    {"given_name": "A", "family_name": "B", "born_or_due": "2016-02-29"},
                ],
                "household": [],
            }
            case.body.pop("address", None)


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_a_family_is_answered_as_the_document_says(
    served: Served, operation: str, mode: GenerationMode
) -> None:
    def fit(case: Case, first: bool) -> None:
        if mode is GenerationMode.POSITIVE:
            _fit(case, served, first)

    def hold(answer: Any) -> None:
        assert "access-control-allow-origin" not in answer.headers

    _answered[operation] |= statuses(served, operation, mode, fit, hold)


@pytest.mark.parametrize("operation", sorted(FAMILIES))
def test_everything_was_answered_well_and_refused(operation: str) -> None:
    answered = {status // 100 for status in _answered[operation]}

    assert answered == ({2} if operation == SILENT else {2, 4})
