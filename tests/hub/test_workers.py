"""`hub worker add` makes an agency's first people."""

import pytest

from tests.hub.conftest import Hub

WHO = ["--name", "Wanda Madeup", "--job-title", "Practitioner"]
FRONT_DOOR = ["--agency", "Sampleton Front Door", *WHO]


def test_a_front_door_worker_is_made_and_put_right(running: Hub) -> None:
    roles = ["--role", "front_door_worker", "--role", "agency_administrator"]
    said = running("worker", "add", "F-200", *FRONT_DOOR, *roles)
    assert "agency_administrator, front_door_worker" in said
    assert "F-200 of Sampleton Front Door: referrer" in running(
        "worker", "add", "F-200", *FRONT_DOOR
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--agency", "Sampleton Primary School", "--role", "front_door_worker"], "cannot hold"),
        (["--agency", "Nobody Knows"], "Sampleton Front Door"),
        (["--agency", "Sampleton Front Door", "--role", "king"], "front_door_worker"),
    ],
)
def test_what_cannot_be_is_told(running: Hub, words: list[str], told: str) -> None:
    said = running("worker", "add", "F-300", *WHO, *words, check=False)
    assert said.startswith("1 ")
    assert told in said
    assert "Traceback" not in said


def test_a_number_that_is_an_address_is_told(running: Hub) -> None:
    said = running("worker", "add", "fay@example.org", *FRONT_DOOR, check=False)
    assert "Use the worker's number" in said
