"""An agreement that comes from elsewhere is a draft, and what it loses is told."""

from typing import Any

import pytest

from services.consent.domain.sharing_form import export
from tests.consent.builders import a_clause, an_agreement
from tests.consent.served import Json, Town

IMPORTS = "/agreements/imports"


def documents(**fields: Any) -> list[Json]:
    """Another agreement's, as it is exported."""
    said = an_agreement(a_clause(), id="from-elsewhere")
    found = export(said, "https://elsewhere.example/agreements/1").documents
    return [one | fields for one in found]


async def test_an_agreement_is_imported_as_a_draft_that_can_be_completed_and_published(
    town: Town,
) -> None:
    imported = await town.council.created(IMPORTS, {"documents": documents()})

    assert (imported["id"], imported["version"], imported["not_understood"]) == (
        "from-elsewhere",
        1,
        [],
    )
    kept = (await town.council.get("/agreements/from-elsewhere")).json()
    assert kept["draft"] == imported["draft"]
    assert kept["draft"]["clauses"][0]["categories"] == ["needs.level"]
    assert "published" not in kept
    review = (await town.council.get("/agreements/from-elsewhere/review")).json()
    assert {one["rule"] for one in review["faults"]} >= {"R26"}


async def test_what_goes_out_comes_back_the_same(town: Town) -> None:
    exported = (await town.school.get("/agreements/early-help/export")).json()
    again = [
        one | {"Identifier": one["Identifier"] | {"value": f"again/{place}"}}
        for place, one in enumerate(exported["documents"])
    ]

    imported = await town.council.created(IMPORTS, {"documents": again})

    assert imported["not_understood"] == []
    clause = (await town.council.get("/agreements/early-help")).json()["draft"]["clauses"][0]
    [back] = imported["draft"]["clauses"]
    assert {name: back[name] for name in ("purpose", "basis", "categories", "kinds")} == {
        name: clause[name] for name in ("purpose", "basis", "categories", "kinds")
    }


async def test_what_the_hub_does_not_understand_is_told(town: Town) -> None:
    strange = documents(Data=["a spreadsheet of everything"], Restrictions=["odrl:print"])

    imported = await town.council.created(IMPORTS, {"documents": strange})

    assert sorted(imported["not_understood"]) == [
        "Data: a spreadsheet of everything",
        "Restrictions: odrl:print",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"Identifier": {"value": "No Such Name/x", "System": "s"}},
        {"StartDate": "1999-12-31"},
        {"StartDate": "tomorrow"},
        {"Nickname": "a field that the form does not have"},
    ],
)
async def test_what_is_no_agreement_is_refused_with_what_to_do(town: Town, fields: Json) -> None:
    right = await town.council.send(IMPORTS, {"documents": documents()})
    wrong = await town.council.send(IMPORTS, {"documents": documents(**fields)})
    two = await town.council.send(
        IMPORTS, {"documents": [*documents(), *documents(Name="Another")]}
    )

    assert (right.status_code, wrong.status_code, two.status_code) == (201, 422, 422)
    assert two.json()["errors"][0]["pointer"] == "/documents"


async def test_an_import_of_a_name_that_is_taken_or_by_anybody_else_is_refused(town: Town) -> None:
    first = await town.council.send(IMPORTS, {"documents": documents()})
    again = await town.council.send(IMPORTS, {"documents": documents()})
    other = await town.school.send(IMPORTS, {"documents": documents()})

    assert [one.status_code for one in (first, again, other)] == [201, 409, 403]
