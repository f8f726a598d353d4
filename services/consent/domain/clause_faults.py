"""What is wrong with one clause of a draft, by rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.consent.domain.agreements import Agreement, Clause, Obligation, PartyRole
from services.consent.domain.bases import (
    BY_CONSENT,
    DUTIES,
    GROUND_PARAGRAPHS,
    OFFICIAL,
    PARAGRAPHS,
    SAFEGUARDING,
    UNDER_THE_DUTY,
    Basis,
    Ground,
    Law,
    can_use,
)
from shared.categories import CATEGORIES, Group, holds, is_in
from shared.purposes import Purpose

Faults = Iterator[tuple[str, str]]
"""Rule and detail."""


@dataclass(frozen=True)
class Said:
    """A clause in its agreement, and since when the duty to share is in force."""

    agreement: Agreement
    clause: Clause
    commencement: date | None

    def holds(self, group: Group) -> bool:
        return holds(self.clause.categories, group)


def faults_of_clause(said: Said) -> Faults:
    """Every fault of the clause, with the rule that it offends."""
    for rule in (_what, _who, _when, _basis, _condition, _ground, _able, _duty, _eighteen, _plan):
        yield from rule(said)


def _what(said: Said) -> Faults:
    clause = said.clause
    if not clause.categories:
        yield "R26", "Name the categories of data"
    if unknown := sorted(clause.categories - CATEGORIES.keys()):
        yield "R16", f"There is no such category: {', '.join(unknown)}"
    if sealed := sorted(code for code in clause.categories if is_in(code, Group.SEALED)):
        yield "R18", f"No agreement releases what is sealed: {', '.join(sealed)}"
    if clause.purpose is None:
        yield "R26", "Name the purpose"
    if clause.dpia is None:
        yield "R31", "Say where the data protection impact assessment is found"


def _who(said: Said) -> Faults:
    clause, parties = said.clause, said.agreement.parties
    if not clause.people:
        yield "R26", "Name the people whom the data is about"
    if not clause.kinds and not clause.agencies:
        yield "R26", "Name who may see it"
    receiving = [party for party in parties if party.role is not PartyRole.PROVIDER]
    if strange := sorted(clause.kinds - {party.kind for party in receiving}):
        yield "R26", f"No party of this kind receives data: {', '.join(strange)}"
    known = {party.agency_id for party in receiving}
    if unknown := sorted(str(agency) for agency in clause.agencies - known):
        yield "R26", f"These agencies are no parties that receive data: {', '.join(unknown)}"


def _when(said: Said) -> Faults:
    clause, agreement = said.clause, said.agreement
    start, end = clause.start or agreement.start, clause.end or agreement.end
    if start and end and end < start:
        yield "R26", "It ends before it starts"
    if clause.review and agreement.review and clause.review > agreement.review:
        yield "R28", "It is reviewed later than its agreement"


def _basis(said: Said) -> Faults:
    basis, law = said.clause.basis, said.clause.law
    if basis is None:
        yield "R1", "Name the basis in article 6: no basis is assumed"
    if basis in (Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK) and law is None:
        yield "R1", "Name the law that lays the obligation or gives the task"
    if law in DUTIES and basis not in (None, Basis.LEGAL_OBLIGATION):
        yield "R1", "The duty to share is a legal obligation: 6(1)(c)"


def _condition(said: Said) -> Faults:
    condition, paragraph = said.clause.condition, said.clause.paragraph
    if condition is None:
        if said.holds(Group.SPECIAL):
            yield "R1", "Special category data needs a condition of article 9"
        if paragraph is not None:
            yield "R1", "A paragraph of Schedule 1 stands beside its condition"
        return
    wanted = PARAGRAPHS.get(condition, frozenset())
    if wanted and paragraph not in wanted:
        some = ", ".join(map(str, sorted(wanted)))
        yield "R1", f"{condition} needs one of these paragraphs of Schedule 1: {some}"
    if not wanted and paragraph is not None:
        yield "R1", f"{condition} stands alone, without a paragraph of Schedule 1"


def _ground(said: Said) -> Faults:
    ground, paragraph = said.clause.ground, said.clause.ground_paragraph
    if ground is None and said.holds(Group.OFFENCE):
        yield "R1", "Data about offences needs a ground of article 10"
    if ground is Ground.SCHEDULE_1 and paragraph not in GROUND_PARAGRAPHS:
        yield "R1", "Name the paragraph of Schedule 1 on which data about offences rests"
    if ground is not Ground.SCHEDULE_1 and paragraph is not None:
        yield "R1", "A paragraph of Schedule 1 stands beside the ground schedule_1"


def _able(said: Said) -> Faults:
    """A basis that not every recipient can use is none."""
    basis, ground = said.clause.basis, said.clause.ground
    for kind, party in said.agreement.recipients_of(said.clause):
        task = party is not None and party.public_task is not None
        name = party.name if party else kind
        if basis and not can_use(kind, basis, public_task=task):
            yield "R7", f"{name} ({kind}) cannot rest on {basis}"
        if ground is Ground.OFFICIAL_AUTHORITY and kind not in OFFICIAL:
            yield "R7", f"{name} ({kind}) has no official authority over data about offences"


def _duty(said: Said) -> Faults:
    clause = said.clause
    if clause.law not in DUTIES:
        return
    end = clause.end or said.agreement.end
    if said.commencement is None:
        yield "R6", "The authority's settings do not say since when section 16LA is in force"
    elif end and end < said.commencement:
        yield "R6", f"It ends before section 16LA is in force ({said.commencement})"
    kinds = {kind for kind, _ in said.agreement.recipients_of(clause)} - UNDER_THE_DUTY
    if clause.law == Law.DUTY_TO_SHARE and kinds:
        named = ", ".join(sorted(kinds))
        yield "R5", f"The duty reaches these by contract alone: {named}; cite 16LA(4)(c)"


_PROTECTS_NOBODY = (Purpose.PLANNING, Purpose.QUALITY)


def _eighteen(said: Said) -> Faults:
    """Paragraph 18 protects somebody, where consent cannot be relied on."""
    clause = said.clause
    if SAFEGUARDING not in (clause.paragraph, clause.ground_paragraph):
        return
    if clause.purpose in _PROTECTS_NOBODY:
        yield "R8", f"Paragraph 18 is for protecting somebody, not for {clause.purpose}"
    if clause.basis is Basis.CONSENT or clause.ground_paragraph == BY_CONSENT:
        yield "R8", "Paragraph 18 is for where consent is not relied on"


def _plan(said: Said) -> Faults:
    if said.clause.purpose is not Purpose.PLANNING:
        return
    for group in (Group.SPECIAL, Group.OFFENCE, Group.IDENTIFYING):
        if said.holds(group):
            yield "R19", f"Planning needs nobody's data that is {group}"
    if Obligation.PSEUDONYMISE not in said.clause.obligations:
        yield "R19", "For planning oblige the recipients to pseudonymise"
