"""An agreement goes out in the published machine-readable form, and comes back."""

import json
from typing import Any
from uuid import UUID

import pytest

from services.consent.domain.publishing import faults_in
from services.consent.domain.sharing_form import export
from services.consent.domain.sharing_form_reading import NotOneAgreement, read
from tests.consent.builders import a_clause, an_agreement, around, on_consent
from tests.real_data import real_data

URI = "https://hub.inventshire.example/agreements/early-help"
TRUST = {"name": "Made-up Trust", "kind": "voluntary", "agency_id": str(UUID(int=2))}
AGREEMENT = an_agreement(
    a_clause(kinds=["school"], agencies=[TRUST["agency_id"]], categories=["needs", "plan"]),
    on_consent(
        id="health",
        categories=["health"],
        condition="9(2)(a)",
        obligations=["delete_after_use", "no_onward_sharing"],
        end="2026-12-31",
    ),
    a_clause(
        id="police",
        kinds=["police"],
        categories=["police"],
        ground="schedule_1",
        ground_paragraph=18,
        purpose="safeguarding",
    ),
    parties=[
        {"name": "Schools", "kind": "school"},
        {"name": "Police", "kind": "police", "role": "recipient"},
        TRUST | {"public_task": "Family hub contract"},
    ],
)


def test_what_goes_out_comes_back_but_for_what_is_listed() -> None:
    exported = export(AGREEMENT, URI)

    back = read(json.loads(json.dumps(exported.documents)))

    assert back.not_understood == []
    assert exported.not_carried == [
        "/parties/1/role",
        "/parties/2/public_task",
        *(f"/clauses/{place}/people" for place in range(3)),
        *(f"/{name}" for name in ("rights", "retention", "breach", "termination", "review")),
    ]
    assert without(back.draft, exported.not_carried) == without(AGREEMENT, exported.not_carried)
    assert export(back.draft, URI).documents == exported.documents


def without(agreement: Any, pointers: list[str]) -> Any:
    """What the agreement says elsewhere."""
    said = agreement.model_dump()
    for pointer in pointers:
        place = said
        *way, last = pointer.split("/")[1:]
        for step in way:
            place = place[int(step)] if step.isdigit() else place[step]
        del place[last]
    return said


def test_what_comes_back_is_a_draft_that_asks_for_what_the_form_does_not_say() -> None:
    draft = read(export(AGREEMENT, URI).documents).draft

    assert {fault.rule for fault in faults_in(draft, around())} >= {"R26", "R28"}


def changed(**fields: Any) -> list[dict[str, Any]]:
    [document, *_] = export(AGREEMENT, URI).documents
    return [document | fields]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Data": ["a spreadsheet of everything"]}, "Data: a spreadsheet of everything"),
        ({"Purpose": ["Section 47"]}, "Purpose: Section 47"),
        ({"PermittedUse": ["odrl:reproduce"]}, "PermittedUse: odrl:reproduce"),
        ({"Restrictions": ["odrl:print"]}, "Restrictions: odrl:print"),
        ({"LegalCompliance": ["GDPR"]}, "LegalCompliance: GDPR"),
        ({"LegalCompliance": ["UK-GDPR-6:7"]}, "LegalCompliance: UK-GDPR-6:7"),
        ({"SecurityMeasure": ["TLS", "a safe"]}, "SecurityMeasure: a safe"),
        ({"Party": [{"Name": "Elsewhere", "CatalogueID": ["x:1"]}]}, "Party: Elsewhere"),
    ],
)
def test_what_the_hub_does_not_understand_is_listed(fields: dict[str, Any], said: str) -> None:
    assert read(changed()).not_understood == []
    assert read(changed(**fields)).not_understood == [said]


def test_documents_of_two_agreements_are_not_mixed() -> None:
    assert read(export(AGREEMENT, URI).documents)
    for documents in ([*changed(), *changed(Name="Another")], []):
        with pytest.raises(NotOneAgreement):
            read(documents)


@pytest.mark.real_data
def test_every_field_that_the_published_form_requires_is_there() -> None:
    form = json.loads((real_data() / "information-governance" / "dsa.json").read_text())
    [entity] = form["entities"]
    documents = export(AGREEMENT, URI).documents

    assert {field["name"] for field in entity["fields"]} == documents[0].keys()
    for field in entity["fields"]:
        least, _, most = field["cardinality"].partition("..")
        for document in documents:
            value = document[field["name"]]
            assert value or least == "0", field["name"]
            assert isinstance(value, list) is (most == "*"), field["name"]
            for child in field.get("children", []):
                for one in value if isinstance(value, list) else [value]:
                    assert one[child["name"]], child["name"]
