"""An agreement in the machine-readable form of the social care data standards.

The form (SocialCareData/information-governance, dsa.json 0.1) says in one document who shares what
for which purposes. It has no clauses, so each clause is a document of its own. What it has no
place for is found by reading the documents back, and listed: nothing is lost unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.consent.domain.agreements import Agreement, Clause, Obligation, Party
from services.consent.domain.sharing_form_reading import (
    AGENCY,
    CATEGORY,
    KIND,
    LEGAL,
    NO_TRANSFER,
    PURPOSE,
    READ,
    RECIPIENT,
    read,
)

SYSTEM = "urn:uk:earlyhelp:agreement"


@dataclass(frozen=True)
class Exported:
    """The documents, and what of the agreement is in none of them (JSON pointers)."""

    documents: list[dict[str, Any]]
    not_carried: list[str]


def export(agreement: Agreement, uri: str) -> Exported:
    """One document for each clause, at least one clause; `uri` is where the agreement is found."""
    documents = [_document(agreement, clause, uri) for clause in agreement.clauses]
    return Exported(documents, [*_differences(agreement, read(documents).draft)])


def _document(agreement: Agreement, clause: Clause, uri: str) -> dict[str, Any]:
    start, end = clause.start or agreement.start, clause.end or agreement.end
    no_transfer = Obligation.NO_ONWARD_SHARING
    return {
        "URI": f"{uri}#{clause.id}",
        "Identifier": {"value": f"{agreement.id}/{clause.id}", "System": SYSTEM},
        "Name": agreement.title,
        "Contact": agreement.contact or "",
        "Party": [_party(party, clause) for party in agreement.parties],
        "Data": [CATEGORY + code for code in sorted(clause.categories)],
        "Purpose": [PURPOSE + clause.purpose] if clause.purpose else [],
        "StartDate": start.isoformat() if start else "",
        "EndDate": end.isoformat() if end else "",
        "PermittedUse": [READ],
        "Restrictions": [NO_TRANSFER] if no_transfer in clause.obligations else [],
        "DataRecipientResponsibilities": sorted(clause.obligations - {no_transfer}),
        "SecurityMeasure": [agreement.security] if agreement.security else [],
        "LegalCompliance": [
            f"{prefix}{value}"
            for name, prefix in LEGAL.items()
            if (value := getattr(clause, name)) is not None
        ],
    }


def _party(party: Party, clause: Clause) -> dict[str, Any]:
    """A party by what it is, and once more by what lets it see."""
    own = {KIND + party.kind: party.kind in clause.kinds}
    if party.agency_id:
        own[f"{AGENCY}{party.agency_id}"] = party.agency_id in clause.agencies
    seeing = [name + RECIPIENT for name, sees in own.items() if sees]
    return {"Name": party.name, "CatalogueID": [*own, *seeing]}


def _differences(agreement: Agreement, again: Agreement) -> Iterator[str]:
    """Where the agreement says what `again` does not."""
    yield from _between("", agreement.model_dump(), again.model_dump())


def _between(pointer: str, said: Any, again: Any) -> Iterator[str]:
    if said == again:
        return
    if isinstance(said, dict) and isinstance(again, dict):
        for name, value in said.items():
            yield from _between(f"{pointer}/{name}", value, again.get(name))
    elif isinstance(said, tuple) and isinstance(again, tuple) and len(said) == len(again):
        for place, (one, other) in enumerate(zip(said, again, strict=True)):
            yield from _between(f"{pointer}/{place}", one, other)
    else:
        yield pointer
