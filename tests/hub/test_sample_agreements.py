"""The sample agreements are lawful, are marked as samples, and differ in what each kind sees."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from hub import sample_agreements
from hub.site import DUTY_COMMENCEMENT
from services.consent.domain.agreements import Agreement, Clause, Published, Review, review_state
from services.consent.domain.bases import BY_CONSENT, Basis, Condition
from services.consent.domain.decision_table import decision_table
from services.consent.domain.publishing import Circumstances, faults_in
from shared.auth import AgencyKind
from shared.authority import Authorities, Authority
from shared.authority.sources import Source, plain
from shared.categories import CATEGORIES, Group, is_in
from shared.purposes import Purpose
from shared.settings import SHIPPED
from tests.real_data import seed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
COUNCILS = Authorities.load(sorted(SHIPPED.glob("*.yaml")))
EACH = pytest.mark.parametrize("council", COUNCILS.values(), ids=COUNCILS)
OWN = [file for file in sample_agreements.FOLDER.glob("*.yaml") if file.stem in COUNCILS]


def for_sharing(council: Authority, today: date = TODAY) -> Agreement:
    """The tier 2 agreement."""
    _, second = sample_agreements.of(council, today)
    return second


def by_consent(clause: Clause) -> bool:
    return clause.basis is Basis.CONSENT


def seen_by(kind: str, purpose: str, *, asking: bool = True) -> set[str]:
    """What a kind of agency can ever see of a child in Sampleton; without `asking`, with no
    consent, reason or contract."""
    depends = {"consent", "explicit", "contract", "welfare", "paragraph_18"}
    return {
        cell.category
        for cell, terms in decision_table(for_sharing(COUNCILS["sample"])).items()
        if (cell.recipient, cell.purpose, cell.person) == (kind, purpose, "child")
        and (asking or any(depends.isdisjoint(one.asks) for one in terms))
    }


@EACH
@pytest.mark.parametrize("years", [0, 1, 5])
def test_they_can_be_published_and_are_in_date_whenever_a_hub_is_first_started(
    council: Authority, years: int
) -> None:
    today = TODAY + timedelta(days=365 * years)
    first, second = sample_agreements.of(council, today)
    principles = Published.of(first, 1, NOW)

    assert faults_in(first, Circumstances(None, DUTY_COMMENCEMENT)) == []
    assert faults_in(second, Circumstances(principles, DUTY_COMMENCEMENT)) == []
    assert {review_state(one, today) for one in (first, second)} == {Review.IN_DATE}
    assert all(one.start and one.start < today for one in (first, second))


@EACH
def test_they_say_that_they_are_samples_and_whose(council: Authority) -> None:
    for said in sample_agreements.of(council, TODAY):
        assert said.title.startswith("Sample: ")
        assert council.name in said.title
        assert "sample" in (said.contact or "")
    assert all("Sample" in (one.dpia or "") for one in for_sharing(council).clauses)


@EACH
def test_every_kind_of_agency_is_a_party_and_every_purpose_has_a_clause(council: Authority) -> None:
    said = for_sharing(council)

    assert {party.kind for party in said.parties} == set(AgencyKind)
    assert {clause.purpose for clause in said.clauses} == set(Purpose)


@pytest.mark.parametrize("file", OWN, ids=lambda file: str(file.stem))
@pytest.mark.real_data
def test_what_differs_for_a_council_quotes_its_strategy_and_says_what_is_made_up(
    file: Path,
) -> None:
    source = Source.model_validate(yaml.safe_load(file.read_text())["source"])

    assert source.seed is not None
    assert plain(source.quote or "") in plain(seed(source.seed))
    assert "sample" in (source.note or "")


def test_councils_differ_where_their_strategies_ask_for_it_and_nowhere_else() -> None:
    alike = for_sharing(COUNCILS["sample"]).clauses

    differing = {name for name, one in COUNCILS.items() if for_sharing(one).clauses != alike}

    assert differing == {file.stem for file in OWN} == {*COUNCILS} - {"sample", "tower-hamlets"}


def test_the_front_door_sees_all_that_is_not_sealed_to_weigh_a_referral_without_any_consent() -> (
    None
):
    unsealed = {code for code in CATEGORIES if not is_in(code, Group.SEALED)}

    assert seen_by("front_door", "front_door", asking=False) == unsealed


def test_the_police_see_no_health_for_any_purpose_and_of_early_help_only_whom_to_meet() -> None:
    assert {"identity.name", "contact.address", "police.incidents", "needs.level"} <= seen_by(
        "police", "early_help"
    )
    for purpose in Purpose:
        assert not {code for code in seen_by("police", purpose) if code.startswith("health")}
    assert "needs.groups" not in seen_by("police", "early_help")


def test_schools_and_health_see_education_needs_and_plan_and_words_by_consent_alone() -> None:
    for kind in ("school", "health"):
        without = seen_by(kind, "early_help", asking=False)
        assert {"education.attendance", "send.support", "needs.factors", "plan.actions"} <= without
        assert seen_by(kind, "early_help") - without == {
            code for code in CATEGORIES if code.startswith("narrative")
        }
    assert "health.mental" in seen_by("health", "early_help", asking=False)
    assert "health.mental" not in seen_by("school", "early_help")


@pytest.mark.parametrize("kind", ["voluntary", "housing"])
def test_voluntary_bodies_and_landlords_see_codes_and_the_rest_by_consent_or_contract(
    kind: str,
) -> None:
    codes = {"needs.level", "needs.groups", "involvement", "referral"}

    assert seen_by(kind, "early_help", asking=False) == codes
    assert {"identity.name", "contact.address", "household.housing"} <= seen_by(kind, "early_help")


def test_a_voluntary_body_learns_no_name_without_consent_whatever_purpose_it_states() -> None:
    codes = {"needs.level", "needs.groups", "plan.outcomes", "involvement", "referral"}
    alone = {"consent", "explicit"}
    table = decision_table(for_sharing(COUNCILS["sample"]))

    without = {
        cell.category
        for cell, terms in table.items()
        if cell.recipient == "voluntary" and any(alone.isdisjoint(one.asks) for one in terms)
    }

    assert without == codes


def test_special_category_data_by_consent_needs_it_in_express_words() -> None:
    for council in COUNCILS.values():
        for clause in filter(by_consent, for_sharing(council).clauses):
            assert clause.condition in (None, Condition.EXPLICIT_CONSENT), clause.id
            assert clause.ground_paragraph in (None, BY_CONSENT)


def test_planning_names_nobody() -> None:
    for council in COUNCILS.values():
        cells = decision_table(for_sharing(council))
        planned = {cell.category for cell in cells if cell.purpose == Purpose.PLANNING}
        assert planned
        assert not any(is_in(code, Group.IDENTIFYING) for code in planned)
