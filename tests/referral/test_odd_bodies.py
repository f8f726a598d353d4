"""However odd a body is, it is refused as a problem, and nothing is taken."""

import json
from uuid import uuid4

import pytest

from tests.builders import a_child, a_submission
from tests.referral.conftest import REFERRALS, Partner, Service


def _with(given_name: str) -> bytes:
    """A referral whose child has this name, written as it stands here."""
    body = json.dumps(a_submission(a_child(given_name="PLACE")))
    return body.replace('"PLACE"', given_name).encode()


ODD = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "a word": b'"referral"',
    "cut off": _with('"A"')[:-1],
    "two bodies": _with('"A"') * 2,
    "not a number": _with("NaN"),
    "a number of 5,000 digits": _with("9" * 5000),
    "half a sign": _with(r'"\ud800"'),
    "half a sign as a field": b'{"\\ud800": 1}',
    "nested 100,000 times": b"[" * 100_000,
    "in no UTF-8": _with('"A"').replace(b"A", b"\xff"),
    "with a zero byte as a name": _with(r'"\u0000"'),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_an_odd_body_is_refused_as_a_problem(
    school: Partner, service: Service, body: bytes
) -> None:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "1"}

    refused = await school.ask("POST", REFERRALS, content=body, headers=headers)

    assert refused.status_code in (400, 422), refused.text
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert await service.rows("select * from referral") == []
    taken = await school.ask("POST", REFERRALS, content=_with('"Zo\\u00eb"'), headers=headers)
    assert taken.status_code == 201, taken.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
async def test_another_kind_of_body_is_refused(school: Partner, kind: str) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": str(uuid4())}

    refused = await school.ask("POST", REFERRALS, content=_with('"A"'), headers=headers)

    assert refused.status_code in (400, 422), refused.text
    assert refused.headers["Content-Type"] == "application/problem+json"
