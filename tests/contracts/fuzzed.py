"""One operation that needs no token, asked what its description lets through, and what not."""

import os
from collections.abc import Callable
from typing import Any

import schemathesis
from hypothesis import given
from schemathesis import GenerationMode

from tests.contracts.served import Served
from tests.contracts.test_openapi import CHECKS, NO_HTTP, Case, so_many

EXAMPLES = 200 if os.environ.get("PROVE") else 15


def statuses(
    served: Served,
    operation: str,
    mode: GenerationMode,
    fit: Callable[[Case, bool], None],
    hold: Callable[[Any], None],
) -> set[int]:
    """What was answered. `fit` makes a case of something there is, the first one right in all.

    `hold` asserts what holds for every answer, beside that it is as the document says.
    """
    method, path = operation.split(" ")
    described = schemathesis.openapi.from_dict(served.document)[path][method]
    answered: set[int] = set()

    @so_many(EXAMPLES)
    @given(case=described.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        fit(case, mode is GenerationMode.POSITIVE and not answered)
        answer: Any = case.call(base_url=served.url)
        if answer.content == NO_HTTP:
            return
        hold(answer)
        answered.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    holds()
    return answered
