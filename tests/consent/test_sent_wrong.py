"""What cannot be meant is refused where it is sent, and the family stays readable."""

from typing import Any

import pytest

from tests.consent.served import Town, soon

UTMOST = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.9999999Z",
    "9999-12-31T23:59:59-23:59",
]
"""The zero dates and the ends of time of programming languages."""
NUL = "a\0b"


def _saying(town: Town) -> dict[str, tuple[dict[str, Any], str]]:
    """What is sent where, and which instant stands in it."""
    about = {"people": [str(town.child)], "categories": ["needs"]}
    said = town.consent()
    no = {"people", "given_by", "capacity", "categories", "agencies", "purposes"}
    person = {"person_id": str(town.child), "kind": "child"}
    return {
        "/consents": (said, "until"),
        "/consents/refusals": ({name: said[name] for name in no}, "said_at"),
        "/involvements": ({"people": [person], "until": soon(9)}, "until"),
        "/refusals-to-share": (about | {"because": "It would harm her, it is feared."}, "until"),
    }


@pytest.mark.parametrize("at", UTMOST)
async def test_an_instant_that_nobody_means_is_refused_and_the_family_stays_readable(
    town: Town, at: str
) -> None:
    asked = {"purpose": "early_help", "people": [str(town.child)]}
    assert (await town.school.send("/decisions", asked)).status_code == 200

    for path, (said, name) in _saying(town).items():
        refused = await town.school.send(path, said | {name: at})

        assert refused.status_code == 422, path
        assert refused.json()["errors"][0]["pointer"] == f"/{name}"
        assert (await town.school.send(path, said)).status_code == 201, path
    assert (await town.school.send("/decisions", asked)).status_code == 200


async def test_text_that_no_column_can_hold_is_refused(town: Town) -> None:
    notice = {"version": NUL, "language": "en"}
    refused = [
        await town.school.send("/consents", town.consent(notice=notice)),
        await town.school.get("/agreements", params={"cursor": NUL}),
    ]

    for answer in refused:
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")
    assert (await town.school.send("/consents", town.consent())).status_code == 201
