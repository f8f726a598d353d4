"""A draft of an agreement from documents in the machine-readable form of `sharing_form`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.consent.domain.agreements import Agreement, Clause, Obligation, Party, Tier
from services.consent.domain.bases import Basis, Condition, Ground
from shared.auth import AgencyKind
from shared.categories import CATEGORIES
from shared.purposes import Purpose

AGENCY, KIND, CATEGORY, PURPOSE = (
    f"urn:uk:earlyhelp:{noun}:" for noun in ("agency", "kind", "category", "purpose")
)
RECIPIENT = "#recipient"
"""After an id of a party: the clause lets it see."""
READ = "odrl:read"
NO_TRANSFER = "odrl:transfer"
"""Among the restrictions: what must not be done."""
LEGAL: Mapping[str, str] = {
    "basis": "UK-GDPR-6:",
    "law": "law:",
    "condition": "UK-GDPR-9:",
    "paragraph": "DPA-2018-Schedule-1:",
    "ground": "UK-GDPR-10:",
    "ground_paragraph": "DPA-2018-Schedule-1-offences:",
    "dpia": "DPIA:",
}
"""How each part of a clause's legal compliance begins."""
_CODES: Mapping[str, Collection[str]] = {
    "basis": list(Basis),
    "condition": list(Condition),
    "ground": list(Ground),
    "paragraph": [str(number) for number in range(1, 38)],
    "ground_paragraph": [str(number) for number in range(1, 38)],
}
Document = Mapping[str, Any]


class NotOneAgreement(ValueError):
    """The documents are not the clauses of one agreement."""


@dataclass
class Imported:
    """The draft, and what of the documents is not in it, each with the field that said it."""

    draft: Agreement
    not_understood: list[str]


@dataclass
class _Reader:
    strange: dict[str, None] = field(default_factory=dict)
    """In the order in which it was met, each once."""

    def set_aside(self, where: str, said: object) -> None:
        self.strange[f"{where}: {said}"] = None

    def known(
        self, document: Document, name: str, prefix: str, codes: Collection[str]
    ) -> Iterator[str]:
        """Which of the field's values are `prefix` and one of `codes`, without the prefix."""
        for said in document.get(name, []):
            code = str(said).removeprefix(prefix)
            if str(said).startswith(prefix) and code in codes:
                yield code
            else:
                self.set_aside(name, said)

    def clause(self, document: Document) -> Clause:
        purposes = [*self.known(document, "Purpose", PURPOSE, list(Purpose))]
        for more in purposes[1:]:
            self.set_aside("Purpose", PURPOSE + more)
        for _ in self.known(document, "PermittedUse", "", [READ]):
            pass
        obligations = {*self.known(document, "DataRecipientResponsibilities", "", list(Obligation))}
        if [*self.known(document, "Restrictions", "", [NO_TRANSFER])]:
            obligations.add(Obligation.NO_ONWARD_SHARING)
        seeing = [one for one in _ids(document) if one.endswith(RECIPIENT)]
        return Clause.model_validate(
            {
                "id": str(document["Identifier"]["value"]).rpartition("/")[2],
                "kinds": _after(KIND, seeing),
                "agencies": _after(AGENCY, seeing),
                "categories": {*self.known(document, "Data", CATEGORY, [*CATEGORIES])},
                "purpose": next(iter(purposes), None),
                "obligations": obligations,
                "start": document["StartDate"] or None,
                "end": document["EndDate"] or None,
                **self.legal(document),
            }
        )

    def legal(self, document: Document) -> dict[str, str]:
        found: dict[str, str] = {}
        for said in map(str, document.get("LegalCompliance", [])):
            named = [name for name, prefix in LEGAL.items() if said.startswith(prefix)]
            value = said.removeprefix(LEGAL[named[0]]) if named else ""
            if named and named[0] not in found and value in _CODES.get(named[0], [value]):
                found[named[0]] = value
            else:
                self.set_aside("LegalCompliance", said)
        return found

    def parties(self, document: Document) -> Iterator[Party]:
        for party in document["Party"]:
            ids = [str(one) for one in party["CatalogueID"]]
            agencies, kinds = _after(AGENCY, ids), _after(KIND, ids) & set(AgencyKind)
            if kinds and all(map(_is_id, agencies)):
                agency = UUID(min(agencies)) if agencies else None
                yield Party(name=party["Name"], kind=AgencyKind(min(kinds)), agency_id=agency)
            else:
                self.set_aside("Party", party["Name"])


def read(documents: Sequence[Document]) -> Imported:
    """A draft as incomplete as the form is: publishing asks for what is missing.

    Raises NotOneAgreement where they differ in identifier, name, contact, parties or security.
    """
    if len({_common(one) for one in documents}) != 1:
        raise NotOneAgreement("Give the documents of one agreement, and all of them")
    reader, first = _Reader(), documents[0]
    clauses = [reader.clause(one) for one in documents]
    security = [str(one) for one in first.get("SecurityMeasure", [])]
    for more in security[1:]:
        reader.set_aside("SecurityMeasure", more)
    start = min((one.start for one in clauses if one.start), default=None)
    end = max((one.end for one in clauses if one.end), default=None)
    draft = Agreement(
        id=_name(first),
        tier=Tier.PURPOSE,
        title=first["Name"],
        contact=first["Contact"] or None,
        parties=tuple(reader.parties(first)),
        clauses=tuple(
            clause.model_copy(
                update={
                    "start": None if clause.start == start else clause.start,
                    "end": None if clause.end == end else clause.end,
                }
            )
            for clause in clauses
        ),
        security=next(iter(security), None),
        start=start,
        end=end,
    )
    return Imported(draft, [*reader.strange])


def _common(document: Document) -> tuple[str, ...]:
    names = ("Name", "Contact", "SecurityMeasure")
    parties = sorted(str(party["Name"]) for party in document["Party"])
    return (_name(document), *(str(document.get(name)) for name in names), *parties)


def _name(document: Document) -> str:
    return str(document["Identifier"]["value"]).partition("/")[0]


def _ids(document: Document) -> list[str]:
    return [str(one) for party in document["Party"] for one in party["CatalogueID"]]


def _after(prefix: str, ids: Sequence[str]) -> set[str]:
    return {
        one.removeprefix(prefix).removesuffix(RECIPIENT) for one in ids if one.startswith(prefix)
    }


def _is_id(said: str) -> bool:
    try:
        return bool(UUID(said))
    except ValueError:
        return False
