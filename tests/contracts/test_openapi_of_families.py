"""What a family without a token may ask is answered as the merged OpenAPI document says."""

import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from hub.postgres import PostgresServer
from tests.contracts.served import Served, serving
from tests.contracts.test_openapi import CHECKS, NO_HTTP, Case
from tests.rules.authorization.anybody import FAMILIES
from tests.rules.canary_asking import a_stamp

EXAMPLES = 200 if os.environ.get("PROVE") else 15
SILENT = "GET /api/v1/requests-for-help/forms"
"""To this nothing is said, so nothing can be said wrong."""
SENDS = "POST /api/v1/requests-for-help"
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


def _fit(case: Case, served: Served, mode: GenerationMode) -> None:
    """Of a council there is and a form that was given out; the first one is right in everything."""
    if "authority" in case.path_parameters and mode is GenerationMode.POSITIVE:
        case.path_parameters["authority"] = "sample"
    if case.method == "POST" and isinstance(case.body, dict) and mode is GenerationMode.POSITIVE:
        keys = served.world.systems["referring"].hub.site.keys
        case.body |= {"authority": "sample", "stamp": a_stamp(keys)}
        if not _answered[SENDS]:
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
    method, path = operation.split(" ")
    described = schemathesis.openapi.from_dict(served.document)[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        _fit(case, served, mode)
        answer: Any = case.call(base_url=served.url)
        if answer.content == NO_HTTP:
            return
        assert "access-control-allow-origin" not in answer.headers
        _answered[operation].add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    holds()


@pytest.mark.parametrize("operation", sorted(FAMILIES))
def test_everything_was_answered_well_and_refused(operation: str) -> None:
    answered = {status // 100 for status in _answered[operation]}

    assert answered == ({2} if operation == SILENT else {2, 4})
