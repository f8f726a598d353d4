"""Whatever fits or breaks the merged OpenAPI document, the hub answers as the document says.

schemathesis makes up requests from the document. Each goes out as it is, by callers in turn until
every kind and role has asked, and *fitted*: by who may, about a referral and a version there are.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi import checks

from hub.postgres import PostgresServer
from tests.contracts.served import CALLERS, Headers, Served, serving
from tests.rules.authorization_table import SCOPES

EXAMPLES = 200 if os.environ.get("PROVE") else 15
AT_A_TIME = 3
"""Callers that send each request; in a run every caller has its turn at every operation."""
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
STEPS_BEFORE = {"acknowledgement": 0, "triage": 1, "decision": 2, "withdrawal": 0}
BY_THE_FRONT_DOOR = {"acknowledgement", "triage", "decision"}

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
    """Let the request be about what there is; answers who sends it, and which version they saw."""
    step = operation.rsplit("/", 1)[1]
    if "referral_id" in case.path_parameters:
        steps = STEPS_BEFORE.get(step, 0)
        case.path_parameters["referral_id"] = served.referral(steps)
        by = (
            ("front_door", "front_door_manager")
            if step in BY_THE_FRONT_DOOR
            else ("school", "referrer")
        )
        return served.known[by] | {"If-Match": f'"{steps + 1}"'}
    which, version = served.worker()
    if "worker_id" in case.path_parameters:
        case.path_parameters["worker_id"] = which
    if "external_id" in case.path_parameters:
        case.path_parameters["external_id"] = "somebody"
    by = ("school", "agency_administrator" if step == "roles" else "referrer")
    return served.known[by] | {"If-Match": version, "Idempotency-Key": str(uuid4())}


def _send(
    case: Case, served: Served, operation: str, headers: Headers, *more: CheckFunction
) -> None:
    if "timeout" in case.query:
        case.query["timeout"], more = "0", ()  # nobody waits for news here; now it may be right
    answer = case.call(base_url=served.url, headers=headers)
    _answered[operation].add(answer.status_code)
    case.validate_response(answer, checks=[*CHECKS, *more])


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("operation", SCOPES)
def test_the_hub_answers_as_the_document_says(
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
        for caller in islice(_callers, AT_A_TIME):
            _send(case, served, operation, served.known[caller], checks.negative_data_rejection)
        _send(case, served, operation, _fit(case, served, operation))

    holds()


@pytest.mark.parametrize("operation", SCOPES)
def test_every_operation_was_answered_well_and_refused(served: Served, operation: str) -> None:
    answered = {status // 100 for status in _answered[operation]}

    assert answered == {2, 4}
