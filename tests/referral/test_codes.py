"""The code lists: what each says and where it comes from; retired codes are read, not written."""

import json
from typing import Any

import pytest

from services.referral.domain.codes import REASONS, code_lists
from shared.contracts.lifecycle import Decision
from tests.builders import a_withdrawal
from tests.real_data import real_data
from tests.referral.conftest import Partner, Service

RETIRED = [
    (name, code)
    for name, said in REASONS.items()
    for code, told in said["codes"].items()
    if "retired_in" in told
]


async def lists(partner: Partner) -> dict[str, dict[str, Any]]:
    answer = await partner.ask("GET", "/api/v1/codes")
    assert answer.status_code == 200, answer.text
    return {said["name"]: said for said in answer.json()["lists"]}


async def test_whoever_fills_in_a_form_reads_every_list_with_its_labels_and_its_source(
    school: Partner,
) -> None:
    found = await lists(school)
    assert found.keys() == code_lists().keys()
    assert {"decision", "decline", "withdrawal", "closing", "hold", "other_basis"} <= found.keys()
    assert {"need_groups", "factors", "ethnicity", "referral_source"} <= found.keys()
    for name, said in found.items():
        assert said["version"] >= 1, name
        assert len(said["source"]) > 20, name
        assert all(code["label"] for code in said["codes"]), name


async def test_no_worker_is_asked_for_and_a_scope_is(school: Partner) -> None:
    assert await lists(school.but(worker_id=None, roles=frozenset()))
    refused = await school.but(scopes=frozenset()).ask("GET", "/api/v1/codes")
    assert refused.status_code == 403


def test_the_decisions_are_those_that_can_be_made() -> None:
    assert list(REASONS["decision"]["codes"]) == list(Decision)


@pytest.mark.real_data
def test_every_code_of_the_census_that_a_list_names_exists_in_the_census() -> None:
    published = json.loads((real_data() / "codes" / "code_lists.json").read_text())
    mapped = 0
    for name, said in REASONS.items():
        named = {told["census"] for told in said["codes"].values() if "census" in told}
        assert bool(named) == ("census" in said), name
        if named:
            known = {entry["code"] for entry in published[said["census"]]}
            assert named <= known, name
            mapped += len(named)
    assert mapped >= 10


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("factors", "assessment_factors"),
        ("ethnicity", "ethnicity"),
        ("disability", "disability"),
        ("referral_source", "referral_source"),
    ],
)
def test_the_lists_of_the_census_are_the_published_ones(ours: str, theirs: str) -> None:
    published = json.loads((real_data() / "codes" / "code_lists.json").read_text())[theirs]
    assert list(code_lists()[ours]["codes"]) == [entry["code"] for entry in published]


def test_a_lists_version_rises_when_a_code_is_retired() -> None:
    assert RETIRED
    for name, code in RETIRED:
        since = REASONS[name]["codes"][code]["retired_in"]
        assert 1 < since <= REASONS[name]["version"]
    for name, said in REASONS.items():
        steps = {told["retired_in"] for told in said["codes"].values() if "retired_in" in told}
        assert (said["version"] > 1) == bool(steps), name


@pytest.mark.parametrize(("name", "code"), RETIRED)
async def test_a_retired_code_stays_readable_in_the_list(
    name: str, code: str, school: Partner
) -> None:
    (told,) = [one for one in (await lists(school))[name]["codes"] if one["code"] == code]
    assert told["label"]
    assert told["retired_in"]


async def test_a_retired_reason_is_refused_with_the_list_that_is_allowed(school: Partner) -> None:
    receipt = await school.refer()
    retired = a_withdrawal(reason="mistaken_or_duplicate")
    refused = await school.step(receipt, "withdrawal", 1, retired)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/reason"
    for code, told in REASONS["withdrawal"]["codes"].items():
        assert (code in error["detail"]) == ("retired_in" not in told), code
    assert (await school.get(f"/{receipt['id']}")).json()["status"] == "submitted"
    taken = await school.step(receipt, "withdrawal", 1, a_withdrawal(reason="mistaken"))
    assert taken.status_code == 200


async def test_an_old_history_with_a_retired_reason_is_read(
    service: Service, school: Partner
) -> None:
    receipt = await school.refer()
    await school.step(receipt, "withdrawal", 1, a_withdrawal(reason="mistaken"))
    old = "'mistaken_or_duplicate'"
    await service.run(
        f"update history set code = {old} where action = 'withdraw'",  # noqa: S608 -- our own words
        f"update referral set withdrawal_reason = {old}",  # noqa: S608 -- our own words
    )
    history = (await school.get(f"/{receipt['id']}/history")).json()["entries"]
    assert history[-1]["code"] == "mistaken_or_duplicate"
    seen = (await school.get(f"/{receipt['id']}")).json()
    assert seen["withdrawal_reason"] == "mistaken_or_duplicate"
