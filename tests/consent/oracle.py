"""What is released, decided by hand: plain Python over plain words, and nothing of the hub's.

Slow and long on purpose: each rule stands here as one would tell it, so that the policies can be
held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.consent.shapes import Agreement, Clause, Consent, Person, Refusal, World

LONDON = ZoneInfo("Europe/London")
SPECIAL = """
equality equality.ethnicity equality.religion
health health.physical health.mental health.substances health.services
send send.support send.disability needs.factors
narrative narrative.voice narrative.concerns
""".split()
OFFENCE = "police police.incidents police.convictions".split()
SEALED = ["contact.confidential_address"]
NUMBER = ["identity.consistent_identifier"]
IDENTIFYING = """
identity identity.name identity.date_of_birth identity.sex identity.language identity.numbers
identity.consistent_identifier
contact contact.telephone contact.address contact.confidential_address
household.relationships narrative narrative.voice narrative.concerns third_parties
""".split()
OTHERS = """
household household.housing household.money education education.place education.attendance
education.attainment needs needs.level needs.groups needs.strengths plan plan.actions plan.reviews
plan.outcomes involvement referral
""".split()
EVERY = sorted({*SPECIAL, *OFFENCE, *IDENTIFYING, *OTHERS})
PURPOSES = "front_door early_help safeguarding statutory quality planning".split()
DUTY, CONTRACTORS = "children_act_2004_16LA", "children_act_2004_16LA_4_c"
PUBLIC = "school gp health police children_services council front_door".split()
GUARDS = (
    "agency_suspended principles_unsigned sealed planning_sensitive planning_identifying "
    "refused_to_share not_designated not_involved"
).split()


@dataclass(frozen=True)
class Told:
    why: str
    clauses: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()


def decide(world: World, person: Person, category: str, without: str | None = None) -> Told:
    """The answer; `without` leaves one guard-rail out."""
    if early := _told_at_once(world, person, category):
        return early
    for guard in GUARDS:
        if guard != without and _stands(guard, world, person, category):
            return Told(guard)
    clauses = [
        clause
        for agreement in world.agreements
        for clause in agreement.clauses
        if clause.purpose == world.purpose
    ]
    hurdles = {one.key: next(_hurdles(world, one, person, category), None) for one in clauses}
    if permitting := [clause for clause in clauses if hurdles[clause.key] is None]:
        told = _resting_on(permitting, category)
        return told if _works_with(world, person) else _less_untold(told, world, person, category)
    if world.purpose == "safeguarding" and _is_overridden(world, person, category):
        basis = "6(1)(e)" if world.kind in PUBLIC else "6(1)(ea)"
        obliged = ("record_why", "tell_the_family")
        told = Told("permitted_by_override", (), (basis,), ("9(2)(g)/18",), obliged)
        return _less_untold(told, world, person, category)
    return Told(max((found for found in hurdles.values() if found), default=(0, "no_clause"))[1])


def _told_at_once(world: World, person: Person, category: str) -> Told | None:
    """What no rule needs to be asked for."""
    if world.purpose not in PURPOSES:
        return Told("unknown_purpose")
    if category not in EVERY:
        return Told("unknown_category")
    if world.has_sent:
        return Told("sealed" if category in SEALED else "own_submission")
    return Told("facts_missing") if _something_unknown(world, person) else None


def _something_unknown(world: World, person: Person) -> bool:
    known = (world.takes_part, world.within_contract, world.designated)
    return None in (*known, person.involved, person.welfare, person.protected)


def _stands(guard: str, world: World, person: Person, category: str) -> bool:
    planning = world.purpose == "planning"
    match guard:
        case "agency_suspended":
            return not world.takes_part
        case "principles_unsigned":
            own = world.principles
            return own.key not in world.signed or not _works(own, None, world.now)
        case "sealed":
            return category in SEALED
        case "planning_sensitive":
            return planning and category in SPECIAL + OFFENCE
        case "planning_identifying":
            return planning and category in IDENTIFYING
        case "refused_to_share":
            return any(_holds_back(one, world, person, category) for one in world.refusals)
        case "not_designated":
            return category in NUMBER and not world.designated
        case _:
            rescued = world.purpose == "safeguarding" and _is_overridden(world, person, category)
            return not (_works_with(world, person) or planning or rescued)


def _works_with(world: World, person: Person) -> bool:
    return bool(person.involved or (world.works_with and not person.parted))


def _less_untold(told: Told, world: World, person: Person, category: str) -> Told:
    """Where an override of which the family is not told lets it out, nobody is to tell it."""
    untold = replace(world, overrides=[one for one in world.overrides if not one.told])
    if world.purpose != "safeguarding" or not _is_overridden(untold, person, category):
        return told
    left = tuple(one for one in told.obligations if one != "tell_the_family")
    return replace(told, obligations=left)


def _hurdles(
    world: World, clause: Clause, person: Person, category: str
) -> Iterator[tuple[int, str]]:
    """What keeps the clause from permitting, in order; the later, the nearer it came."""
    agreement = next(one for one in world.agreements if clause in one.clauses)
    if world.kind not in clause.kinds and world.agency not in clause.agencies:
        yield 0, "no_clause"
    if not _covers(clause.categories, category):
        yield 1, "no_clause"
    if person.kind not in clause.people:
        yield 2, "person_not_covered"
    if category in SPECIAL and clause.condition is None:
        yield 3, "no_condition"
    if category in OFFENCE and clause.ground is None:
        yield 4, "no_ground"
    if agreement.key not in world.signed:
        yield 5, "not_signed"
    if not _works(agreement, clause, world.now):
        yield 6, "not_in_force"
    yield from _of_the_duty(world, clause, person)
    yield from _of_consent(world, clause, person, category)


def _of_consent(
    world: World, clause: Clause, person: Person, category: str
) -> Iterator[tuple[int, str]]:
    special, offence = category in SPECIAL, category in OFFENCE
    consented, explicit = _consented(world, person, category)
    if clause.basis == "6(1)(a)" and not consented:
        yield 10, "no_consent"
    if offence and clause.ground_paragraph == 29 and not consented:
        yield 11, "no_consent"
    if special and clause.condition == "9(2)(a)" and not explicit:
        yield 12, "no_explicit_consent"
    relies = (special and clause.paragraph == 18) or (offence and clause.ground_paragraph == 18)
    if relies and not (person.reason and person.protected):
        yield 13, "paragraph_18_not_met"


def _of_the_duty(world: World, clause: Clause, person: Person) -> Iterator[tuple[int, str]]:
    if clause.law not in (DUTY, CONTRACTORS):
        return
    today = world.now.astimezone(LONDON).date()
    if world.commencement is None or today < world.commencement:
        yield 7, "basis_not_in_force"
    if clause.law == CONTRACTORS and not world.within_contract:
        yield 8, "outside_contract"
    if not person.welfare:
        yield 9, "not_marked_relevant"


def _resting_on(clauses: list[Clause], category: str) -> Told:
    conditions, obligations = set(), set()
    for clause in clauses:
        obligations |= set(clause.obligations)
        if category in SPECIAL:
            conditions.add(_with(str(clause.condition), clause.paragraph))
        if category in OFFENCE:
            conditions.add(_with(str(clause.ground), clause.ground_paragraph))
    return Told(
        "permitted",
        tuple(sorted(clause.key for clause in clauses)),
        tuple(sorted({clause.basis for clause in clauses})),
        tuple(sorted(conditions)),
        tuple(sorted(obligations)),
    )


def _with(name: str, paragraph: int | None) -> str:
    return name if paragraph is None else f"{name}/{paragraph}"


def _covers(named: list[str], category: str) -> bool:
    return category in named or category.split(".")[0] in named


def _works(agreement: Agreement, clause: Clause | None, now: datetime) -> bool:
    """By England's days: from the first to the last, and not three months after the review."""
    today = now.astimezone(LONDON).date()
    for part in (agreement, clause):
        if part is None:
            continue
        if part.start and today < part.start:
            return False
        if part.end and today > part.end:
            return False
        if part.review and today >= _three_months_after(part.review):
            return False
    return True


def _three_months_after(day: date) -> date:
    year, month = (day.year, day.month + 3) if day.month <= 9 else (day.year + 1, day.month - 9)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError(day)


def _is_overridden(world: World, person: Person, category: str) -> bool:
    for one in world.overrides:
        begun = one.declared <= world.now
        over = world.now >= one.until or world.now >= one.declared + timedelta(days=1)
        if one.ended is not None and world.now >= one.ended:
            over = True
        names = one.agency == world.agency and person.number in one.people
        if begun and not over and names and _covers(one.categories, category):
            return True
    return False


def _holds_back(one: Refusal, world: World, person: Person, category: str) -> bool:
    if one.agencies and world.agency not in one.agencies:
        return False
    if one.purposes and world.purpose not in one.purposes:
        return False
    lifted = one.lifted is not None and one.lifted <= world.now
    said = one.said <= world.now
    return said and not lifted and person.number in one.people and _covers(one.categories, category)


def _consented(world: World, person: Person, category: str) -> tuple[bool, bool]:
    """Whether there is consent, and whether it is explicit: the last word of each who may speak."""
    last: dict[int, tuple[datetime, int, int]] = {}
    for one in world.consents:
        meant = person.number in one.people and world.agency in one.agencies
        if not meant or world.purpose not in one.purposes or not _may_speak(one, person):
            continue
        if one.lacks in ("people", "categories", "agencies", "purposes"):
            continue  # it says nothing of anything
        if not _covers(one.categories, category):
            continue
        for word in _words_of(one, world.now):
            last[one.giver] = max(last.get(one.giver, word), word)
    yes = bool(last) and not any(no for _, no, _ in last.values())
    return yes, yes and not any(plain for _, _, plain in last.values())


def _words_of(one: Consent, now: datetime) -> Iterator[tuple[datetime, int, int]]:
    """When it was said, 1 for a no, 1 where it was not explicit: at one instant the less counts."""
    withdrawn = one.withdrawn is not None and one.withdrawn <= now
    if withdrawn and one.withdrawn:
        yield one.withdrawn, 1, 1
    replaced = one.superseded is not None and one.superseded <= now
    if one.said > now or (replaced and not withdrawn):
        return
    if one.refuses:
        yield one.said, 1, 1
    elif one.lacks is None:
        yield one.said, int(withdrawn or one.until <= now), int(not one.explicit)


def _may_speak(one: Consent, person: Person) -> bool:
    if person.is_child and not person.competent:
        return one.capacity == "parental_responsibility" and one.giver in person.parents
    if one.capacity == "attorney":
        return not person.is_child and one.giver in person.attorneys
    own = "competent_child" if person.is_child else "self"
    return one.capacity == own and one.giver == person.number
