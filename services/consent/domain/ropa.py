"""Records of processing activities (UK GDPR, article 30): one row for each clause, made from it."""

from dataclasses import dataclass

from services.consent.domain.agreements import Agreement, Clause, PartyRole, leaves
from services.consent.domain.policies import conditions_of
from shared.categories import Group, is_in


@dataclass(frozen=True)
class Row:
    """What article 30(1) asks for, of one clause."""

    clause: str
    purpose: str
    people: tuple[str, ...]
    categories: tuple[str, ...]
    special: tuple[str, ...]
    """Those of the categories that are special, or about offences."""
    providers: tuple[str, ...]
    recipients: tuple[str, ...]
    """Names of parties, or kinds of agency."""
    basis: str
    conditions: tuple[str, ...]
    retention: str
    security: str
    dpia: str


def rows(agreement: Agreement) -> list[Row]:
    """A row for every clause; in a draft what is missing is empty."""
    return [_row(agreement, clause) for clause in agreement.clauses]


def _row(agreement: Agreement, clause: Clause) -> Row:
    categories = sorted(leaves(clause))
    provide = (PartyRole.PROVIDER, PartyRole.BOTH)
    named = {party.name if party else str(kind) for kind, party in agreement.recipients_of(clause)}
    return Row(
        clause=f"{agreement.id}/{clause.id}",
        purpose=str(clause.purpose or ""),
        people=tuple(sorted(clause.people)),
        categories=tuple(categories),
        special=tuple(
            one for one in categories if is_in(one, Group.SPECIAL) or is_in(one, Group.OFFENCE)
        ),
        providers=tuple(party.name for party in agreement.parties if party.role in provide),
        recipients=tuple(sorted(named)),
        basis=str(clause.basis or ""),
        conditions=conditions_of(clause),
        retention=agreement.retention or "",
        security=agreement.security or "",
        dpia=clause.dpia or "",
    )
