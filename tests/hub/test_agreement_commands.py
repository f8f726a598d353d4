"""`hub agreement …` beside a running hub: a new agency signs, the council publishes anew."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.conftest import Hub, open_folder

COUNCIL = ("--agency", "Sampleton Council")
NURSERY = ("--agency", "Sampleton Nursery")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Hub]:
    """A running hub with an agency that has just been registered, and its administrator."""
    with open_folder() as folder:
        own = Hub(folder / "var")
        own.up()
        told = own("client", "add", "nursery", *NURSERY, "--kind", "school")
        assert "has signed no agreement" in told
        assert 'hub agreement sign --agency "Sampleton Nursery"' in told
        named = ("--name", "Ned Example", "--job-title", "Head")
        own("worker", "add", "NU-1", *NURSERY, *named, "--role", "agency_administrator")
        yield own
        own.end()


def test_a_new_agency_is_told_to_sign_until_it_has(nursery: Hub) -> None:
    assert "Sampleton Nursery" not in nursery("agreement", "list")

    assert "principles@1" in signed(nursery)

    assert "Sampleton Nursery" in nursery("agreement", "list")
    assert "has signed no" not in nursery("client", "add", "nursery-two", *NURSERY)


def signed(hub: Hub) -> str:
    """What signing for the nursery answers, once the hub has heard of its administrator."""
    for _ in range(100):
        said = hub("agreement", "sign", *NURSERY, check=False)
        if "yet" not in said:
            break
    return said


def test_a_sample_is_where_the_councils_own_begins(nursery: Hub, tmp_path: Path) -> None:
    ours = tmp_path / "ours.json"
    said = json.loads(nursery("agreement", "sample", "early-help", "--authority", "barnet"))
    assert "Barnet" in said["title"]
    ours.write_text(json.dumps(said | {"title": "Our own, made up"}))

    assert "early-help@2 is in use" in nursery("agreement", "publish", str(ours), *COUNCIL)

    assert "early-help@2" in nursery("agreement", "list")


def test_what_cannot_be_published_is_told_clause_by_clause(nursery: Hub, tmp_path: Path) -> None:
    ours = tmp_path / "ours.json"
    said = json.loads(nursery("agreement", "sample", "early-help"))
    del said["clauses"][0]["basis"]
    ours.write_text(json.dumps(said))

    told = nursery("agreement", "publish", str(ours), *COUNCIL, check=False)

    assert "R1: Name the basis in article 6: no basis is assumed" in told
    ours.write_text("{}")
    told = nursery("agreement", "publish", str(ours), *COUNCIL, check=False)
    assert "This is no agreement as the hub reads it" in told


def test_only_who_holds_the_role_publishes_and_signs(nursery: Hub, tmp_path: Path) -> None:
    ours = tmp_path / "ours.json"
    ours.write_text(nursery("agreement", "sample", "early-help"))

    told = nursery("agreement", "publish", str(ours), *NURSERY, check=False)

    assert "Nobody at Sampleton Nursery holds the role information_governance_lead" in told
    told = nursery("agreement", "sign", "--agency", "Nobody Knows", check=False)
    assert "knows no agency called" in told
