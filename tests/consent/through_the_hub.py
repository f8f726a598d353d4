"""A made-up world told to the hub: its agreements as data, its records as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID, uuid5

from services.consent.domain import agreements as hub
from services.consent.domain import bases, consents, overrides
from services.consent.domain.conditions import ASKS, Ask
from services.consent.domain.deciding import decide
from services.consent.domain.facts import Answers, OfCaller, OfPerson, Why, is_in_force
from services.consent.domain.people import is_involved
from services.consent.domain.policies import GUARD_RAILS, Policies, compiled
from shared.auth import AgencyKind
from shared.people import PersonKind
from shared.purposes import Purpose
from tests.consent.shapes import Agreement, Clause, Consent, Override, Person, Refusal, World

_SPACE = UUID("00000000-0000-4000-8000-000000000001")
NOTICE = consents.Notice("2026-01", "en")


def id_of(number: int) -> UUID:
    """The id of the person or the agency with a number."""
    return uuid5(_SPACE, str(number))


def ids_of(numbers: Sequence[int]) -> frozenset[UUID]:
    return frozenset(map(id_of, numbers))


def policies_of(
    world: World,
    guard_rails: Mapping[Why, str] = GUARD_RAILS,
    asks: Mapping[str, Ask] = ASKS,
) -> Policies:
    return compiled([version_of(one) for one in world.agreements], guard_rails, asks)


def version_of(plain: Agreement, tier: hub.Tier = hub.Tier.PURPOSE) -> hub.Published:
    name, _, version = plain.key.partition("@")
    agreement = hub.Agreement(
        id=name,
        tier=tier,
        title="made up",
        start=plain.start,
        end=plain.end,
        review=plain.review,
        clauses=tuple(clause_of(clause) for clause in plain.clauses),
    )
    return hub.Published.of(agreement, int(version), datetime(2026, 1, 1, tzinfo=UTC))


def clause_of(plain: Clause) -> hub.Clause:
    said = asdict(plain)
    name = said.pop("key").rpartition("/")[2]
    return hub.Clause.model_validate(
        {
            **said,
            "id": name,
            "agencies": ids_of(said["agencies"]),
            "dpia": "made up",
        }
    )


def answers(world: World, policies: Policies) -> Answers:
    """What the hub says of everybody and everything that is asked for."""
    people = {id_of(person.number): _facts(world, person) for person in world.people}
    return decide(policies, _caller(world), people, world.asked)


def _caller(world: World) -> OfCaller:
    principles = version_of(world.principles, hub.Tier.PRINCIPLES)
    return OfCaller(
        agency=id_of(world.agency),
        kind=AgencyKind(world.kind),
        purpose=world.purpose,
        now=world.now,
        takes_part=world.takes_part,
        principles=hub.principles_in_force([principles], world.signed, world.now),
        signed=frozenset(world.signed),
        commenced=is_in_force(world.commencement, world.now),
        within_contract=world.within_contract,
        designated=world.designated,
        has_sent=world.has_sent,
    )


def _facts(world: World, person: Person) -> OfPerson:
    agency, at, number = id_of(world.agency), world.now, id_of(person.number)
    known = world.purpose in list(Purpose)
    purpose = Purpose(world.purpose) if known else Purpose.QUALITY
    consented = consents.live(
        [_consent(one) for one in world.consents],
        _speakers(person),
        agency=agency,
        purpose=purpose,
        at=at,
        categories=world.asked,
    )
    held_back = overrides.refused(
        [_refusal(one) for one in world.refusals],
        agency=agency,
        purpose=purpose,
        person=number,
        at=at,
        categories=world.asked,
    )
    released = [_override(one) for one in world.overrides]
    untold = [one for one in released if not one.family_told]
    return OfPerson(
        kind=PersonKind(person.kind),
        involved=is_involved(person.involved, stated=world.works_with, parted=person.parted),
        consented=consented.categories,
        explicit=consented.explicit,
        held_back=held_back,
        overridden=overrides.overridden(released, agency=agency, person=number, at=at),
        welfare=person.welfare,
        reason=bases.Reason(person.reason) if person.reason else None,
        protected=person.protected,
        untold=overrides.overridden(untold, agency=agency, person=number, at=at),
    )


def _speakers(person: Person) -> consents.Speakers:
    return consents.Speakers(
        person=id_of(person.number),
        is_child=person.is_child,
        is_competent=person.competent,
        parents=ids_of(person.parents),
        attorneys=ids_of(person.attorneys),
    )


_NOTHING: dict[str, object] = {
    "people": frozenset(),
    "categories": frozenset(),
    "agencies": frozenset(),
    "purposes": frozenset(),
}


def _consent(plain: Consent) -> consents.Consent:
    said: dict[str, object] = {
        "people": ids_of(plain.people),
        "categories": frozenset(plain.categories),
        "agencies": ids_of(plain.agencies),
        "purposes": frozenset(Purpose(one) for one in plain.purposes if one in list(Purpose)),
        "recorded_by": id_of(99),
        "notice": NOTICE,
        "channel": consents.Channel.IN_WRITING,
        "evidence": "signed",
        "until": plain.until,
    }
    if plain.lacks:
        said[plain.lacks] = _NOTHING.get(plain.lacks)
    return consents.Consent(
        id=id_of(98),
        given_by=id_of(plain.giver),
        capacity=consents.Capacity(plain.capacity),
        said_at=plain.said,
        refuses=plain.refuses,
        explicit=plain.explicit,
        withdrawn_at=plain.withdrawn,
        superseded_at=plain.superseded,
        **said,  # type: ignore[arg-type]
    )


def _refusal(plain: Refusal) -> overrides.RefusalToShare:
    return overrides.RefusalToShare(
        id=id_of(97),
        people=ids_of(plain.people),
        agencies=ids_of(plain.agencies),
        purposes=frozenset(Purpose(one) for one in plain.purposes if one in list(Purpose)),
        categories=frozenset(plain.categories),
        because="made up",
        refused_by=id_of(99),
        refused_at=plain.said,
        lifted_at=plain.lifted,
    )


def _override(plain: Override) -> overrides.Override:
    return overrides.Override(
        id=id_of(96),
        agency=id_of(plain.agency),
        people=ids_of(plain.people),
        categories=frozenset(plain.categories),
        danger=overrides.Danger.IMMEDIATE_DANGER,
        words="made up, and long enough to be read",
        reason=bases.Reason.CANNOT_BE_GIVEN,
        protects=overrides.Protected.UNDER_18,
        declared_by=id_of(99),
        declared_at=plain.declared,
        until=plain.until,
        ended_at=plain.ended,
        family_told=plain.told,
    )
