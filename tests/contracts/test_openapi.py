"""Whatever fits or breaks the merged OpenAPI document, the hub answers as the document says.

schemathesis makes up requests from the document. Each goes out as it is, by callers in turn until
every kind and role has asked, and *fitted*: by who may, about a referral and a version there are.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi import checks

from hub.postgres import PostgresServer
from tests.contracts.served import CALLERS, CASES, Headers, Served, serving
from tests.rules.authorization_table import SCOPES
from tests.rules.world import QUERIES

EXAMPLES = 200 if os.environ.get("PROVE") else 5
AT_A_TIME = 3
"""Callers that send each request, in turn; when proving, each of them asks every operation."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
GIVEN = (
    "agency_id worker_id lead_professional_id panel hub level reference changes indicators "
    "id people given_by agencies categories number"
).split()
"""What must be the hub's own: taken from what is right, where it is made up."""

SILENT = {"GET /api/v1/agencies", "GET /api/v1/authority", "GET /api/v1/codes"}
"""To these nothing is said, so nothing can be said wrong."""
ASKED = [
    (operation, mode)
    for operation in SCOPES
    for mode in GenerationMode
    if not (operation in SILENT and mode is GenerationMode.NEGATIVE)
]
NO_HTTP = b"Invalid HTTP request received."
"""What the server answers by itself, as no browser or library would ask."""

Case = schemathesis.Case[Any]

_callers = cycle(CALLERS)
_answered: dict[str, set[int]] = defaultdict(set)


@pytest.fixture(scope="module")
def served(
    postgres: PostgresServer, templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The hub, listening."""
    with serving(postgres, templates, tmp_path_factory.mktemp("var")) as hub:
        yield hub


def _fit(case: Case, served: Served, operation: str) -> Headers:
    """Let the request be about what there is, by who may; the first one is right in everything."""
    names, headers = served.ready(operation)
    case.path_parameters |= {n: v for n, v in names.items() if n in case.path_parameters}
    right = served.world.body(operation, CASES[operation], names)
    if not _answered[operation]:
        case.query = dict(QUERIES.get(operation.split(" ")[1], {}))
        case.body = right if right is not None else case.body
    elif isinstance(case.body, dict) and right is not None:
        case.body |= {name: right.get(name) for name in GIVEN if name in case.body}
    return headers


def _stating(headers: Headers, mode: GenerationMode) -> Headers:
    """A purpose that is wrong on purpose stays so: the right one would mend the request."""
    if mode is GenerationMode.POSITIVE:
        return headers
    return {name: value for name, value in headers.items() if name != "Purpose"}


def _send(
    case: Case, served: Served, operation: str, headers: Headers, *more: CheckFunction
) -> None:
    if "timeout" in case.query:
        case.query["timeout"], more = "0", ()  # nobody waits for news here; now it may be right
    answer = case.call(base_url=served.url, headers=headers)
    if answer.content == NO_HTTP:
        return
    _answered[operation].add(answer.status_code)
    if answer.status_code < 300:
        served.used(operation)
    case.validate_response(answer, checks=[*CHECKS, *more])


def so_many(examples: int) -> settings:
    """Cases that are the same every time, and none from an earlier run."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_the_hub_answers_as_the_document_says(
    served: Served, operation: str, mode: GenerationMode
) -> None:
    method, path = operation.split(" ")
    described = schemathesis.openapi.from_dict(served.document)[path][method]

    @so_many(EXAMPLES)
    @given(case=described.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        if not _answered[operation]:
            _send(case, served, operation, _fit(case, served, operation))
            return
        for caller in islice(_callers, AT_A_TIME):
            headers = _stating(served.known[caller], mode)
            _send(case, served, operation, headers, checks.negative_data_rejection)
        _send(case, served, operation, _stating(_fit(case, served, operation), mode))

    holds()


@pytest.mark.parametrize("operation", SCOPES)
def test_every_operation_was_answered_well_and_refused(served: Served, operation: str) -> None:
    answered = {status // 100 for status in _answered[operation]}

    assert answered == ({2} if operation in SILENT else {2, 4})
