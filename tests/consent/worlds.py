"""Made-up agreements, and made-up worlds under them: most of what is asked for nearly works."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from tests.consent.oracle import (
    CONTRACTORS,
    DUTY,
    EVERY,
    LONDON,
    NUMBER,
    OFFENCE,
    PURPOSES,
    SEALED,
)
from tests.consent.shapes import (
    Agreement,
    Clause,
    Consent,
    Override,
    Person,
    Refusal,
    World,
)

KINDS = "school gp health police housing voluntary children_services council front_door".split()
BRANCHES = sorted({code.split(".")[0] for code in EVERY})
ODD = sorted([*SEALED, *NUMBER, *NUMBER, *OFFENCE, "equality.religion", "narrative"])
"""Categories that most rules are about: they are asked for more often."""
UNKNOWN = "favourite_colour"
PEOPLE = "child parent household_member third_party".split()
REASONS = "cannot_be_given cannot_reasonably_be_obtained would_prejudice_protection".split()
BASES = "6(1)(a) 6(1)(a) 6(1)(a) 6(1)(d) 6(1)(e) 6(1)(e) 6(1)(ea) 6(1)(c) 6(1)(c)".split()
CONDITIONS = [
    (None, None),
    ("9(2)(a)", None),
    ("9(2)(c)", None),
    ("9(2)(g)", 18),
    ("9(2)(g)", 18),
    ("9(2)(g)", 6),
    ("9(2)(h)", 2),
]
GROUNDS = [
    (None, None),
    ("official_authority", None),
    ("schedule_1", 18),
    ("schedule_1", 29),
    ("schedule_1", 6),
]
OBLIGATIONS = "no_onward_sharing delete_after_use tell_the_family record_why pseudonymise".split()
MISSING = "people categories agencies purposes recorded_by notice channel evidence until".split()
_Item = TypeVar("_Item")


class Maker:
    """Makes up one set of agreements, and worlds in which it is in use."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.day = date(2026, 1, 1) + timedelta(random.randrange(700))
        self.agreements = [self._agreement(number) for number in range(random.randint(1, 3))]
        self.principles = self._agreement(9)
        self.principles.clauses = []
        if self._chance(0.85):
            self.principles.review = self.principles.end = self.day + timedelta(200)

    def _chance(self, often: float) -> bool:
        return self.random.random() < often

    def _some(self, items: list[_Item], most: int) -> list[_Item]:
        return self.random.sample(items, self.random.randint(1, min(most, len(items))))

    def _agreement(self, number: int) -> Agreement:
        near = self.random.choice([0, 1, 2, 30])
        key = f"agreement-{number}@{self.random.randint(1, 3)}"
        places = range(self.random.randint(2, 5))
        return Agreement(
            key=key,
            start=self.day - timedelta(self.random.choice([0, near, 90, 200])),
            end=self.day + timedelta(self.random.choice([0, near, 60, 300, 700])),
            review=self.day + timedelta(self.random.choice([-89, 0, 90, 200])),
            clauses=[self._clause(f"{key}/clause-{place}") for place in places],
        )

    def _clause(self, key: str) -> Clause:
        random = self.random
        condition, paragraph = random.choice(CONDITIONS)
        ground, ground_paragraph = random.choice(GROUNDS)
        basis = random.choice(BASES)
        laws = [DUTY, CONTRACTORS, DUTY, "words"] if basis == "6(1)(c)" else [None]
        return Clause(
            key=key,
            kinds=self._some(KINDS, 4) if self._chance(0.8) else [],
            agencies=self._some(list(range(5)), 2),
            categories=self._some([*BRANCHES, *EVERY], 8),
            people=self._some(PEOPLE, 4),
            purpose=random.choice([*PURPOSES, *PURPOSES[:4]]),
            basis=basis,
            law=random.choice(laws),
            condition=condition,
            paragraph=paragraph,
            ground=ground,
            ground_paragraph=ground_paragraph,
            obligations=self._some(OBLIGATIONS, 2),
            start=self._sometimes(0.2, -19, 0),
            end=self._sometimes(0.2, -1, 29),
            review=self._sometimes(0.1, -100, 9),
        )

    def _sometimes(self, often: float, first: int, last: int) -> date | None:
        """A day near the one on which it is asked, or none."""
        near = self.day + timedelta(self.random.randint(first, last))
        return near if self._chance(often) else None

    def world(self) -> World:
        """One request, aimed at one of the clauses more often than not."""
        random = self.random
        clauses = [clause for one in self.agreements for clause in one.clauses]
        aim = random.choice(clauses)
        on_day = self._chance(0.95)
        day = self.day if on_day else self.day + timedelta(random.choice([-1, 1, 31, 120]))
        minutes = random.choice([0, 1, 719, 1439, random.randrange(1440)])
        now = datetime(day.year, day.month, day.day, tzinfo=LONDON) + timedelta(minutes=minutes)
        kind = random.choice(aim.kinds or KINDS) if self._chance(0.95) else random.choice(KINDS)
        keys = [one.key for one in (*self.agreements, self.principles)]
        world = World(
            agreements=self.agreements,
            principles=self.principles,
            agency=random.choice(aim.agencies) if self._chance(0.5) else random.randrange(6),
            kind=kind,
            purpose=aim.purpose if self._chance(0.95) else random.choice([*PURPOSES, "marketing"]),
            now=now.astimezone(UTC),
            signed=[key for key in keys if self._chance(0.97)],
            commencement=self._commencement(),
            takes_part=self._fact(0.97),
            within_contract=self._fact(0.8),
            designated=self._fact(0.4),
            people=[self._person(number, aim) for number in range(random.randint(1, 3))],
            asked=self._asked(aim),
            consents=[],
            overrides=[],
            refusals=[],
            works_with=self._chance(0.5),
            has_sent=self._chance(0.02),
        )
        self._say(world, aim)
        return world

    def _commencement(self) -> date | None:
        days = self.random.choice([-100, -30, -9, -1, 0, 0, 1, None])
        return None if days is None else self.day + timedelta(days)

    def _fact(self, often: float) -> bool | None:
        return None if self._chance(0.003) else self._chance(often)

    def _asked(self, aim: Clause) -> list[str]:
        near = [code for code in EVERY if {code, code.split(".")[0]} & set(aim.categories)]
        asked = set(self._some(near, 7))
        if self._chance(0.25):
            asked |= set(self._some(EVERY, 1))
        if self._chance(0.3):
            asked |= set(self._some(ODD, 2))
        if self._chance(0.02):
            asked.add(UNKNOWN)
        return sorted(asked)

    def _person(self, number: int, aim: Clause) -> Person:
        random = self.random
        kind = random.choice(aim.people) if self._chance(0.95) else random.choice(PEOPLE)
        is_child = kind == "child"
        return Person(
            number=number,
            kind=kind,
            is_child=is_child,
            competent=self._chance(0.3),
            parents=[10, 11] if is_child else [],
            attorneys=[12] if self._chance(0.3) else [],
            involved=self._fact(0.85),
            parted=self._chance(0.5),
            welfare=self._fact(0.85),
            reason=random.choice(REASONS) if self._chance(0.8) else None,
            protected=self._fact(0.9),
        )

    def _say(self, world: World, aim: Clause) -> None:
        """What was said of the people: consents, refusals to share, overrides."""
        for person in world.people:
            if self._chance(0.9):
                world.consents.append(self._consent(world, person, aim))
            while self._chance(0.3):
                world.consents.append(self._consent(world, person, aim))
            if self._chance(0.15):
                world.refusals.append(self._refusal(world, person))
            if self._chance(0.3 if world.purpose == "safeguarding" else 0.15):
                world.overrides.append(self._override(world, person))
        self.random.shuffle(world.consents)

    def _consent(self, world: World, person: Person, aim: Clause) -> Consent:
        random, now = self.random, world.now
        giver, capacity = self._giver(person)
        said = now - timedelta(hours=random.choice([0, 1, 24, 200, 2000]))
        return Consent(
            giver=giver,
            capacity=capacity,
            people=sorted({person.number, random.randrange(3)}),
            categories=[*(aim.categories if self._chance(0.8) else []), *self._some(EVERY, 3)],
            agencies=[world.agency if self._chance(0.96) else 7, 8],
            purposes=[world.purpose if self._chance(0.96) else "quality"],
            said=said + timedelta(hours=2) if self._chance(0.03) else said,
            until=now + timedelta(hours=random.choice([0, 1, 500, 500, 500, 5000])),
            refuses=self._chance(0.04),
            explicit=self._chance(0.7),
            lacks=random.choice(MISSING) if self._chance(0.05) else None,
            withdrawn=self._later(said, now) if self._chance(0.07) else None,
            superseded=self._later(said, now) if self._chance(0.05) else None,
        )

    def _giver(self, person: Person) -> tuple[int, str]:
        others = ["self", "competent_child", "parental_responsibility", "attorney"]
        if self._chance(0.12):
            return self.random.choice([person.number, 10, 12, 13]), self.random.choice(others)
        if not person.is_child:
            own = (person.number, "self")
            return (12, "attorney") if person.attorneys and self._chance(0.3) else own
        if person.competent:
            return person.number, "competent_child"
        return self.random.choice([10, 10, 11]), "parental_responsibility"

    def _later(self, said: datetime, now: datetime) -> datetime:
        """After it was said, and now and then only after `now`."""
        return self.random.choice([said, now, now - timedelta(minutes=1), now + timedelta(hours=1)])

    def _refusal(self, world: World, person: Person) -> Refusal:
        now = world.now
        return Refusal(
            agencies=self.random.choice([[], [world.agency], [world.agency], [7]]),
            purposes=self.random.choice([[], [world.purpose], [world.purpose], ["quality"]]),
            people=[person.number],
            categories=self._some([*world.asked, *BRANCHES], 4),
            said=now - timedelta(hours=self.random.choice([-1, 0, 5, 500])),
            lifted=self._later(now, now) if self._chance(0.2) else None,
        )

    def _override(self, world: World, person: Person) -> Override:
        declared = world.now - timedelta(hours=self.random.choice([-1, 0, 1, 5, 23, 24, 30]))
        return Override(
            agency=world.agency if self._chance(0.9) else 7,
            people=[person.number, 2],
            categories=self._some([*world.asked, *BRANCHES], 6),
            declared=declared,
            until=declared + timedelta(hours=self.random.choice([1, 12, 24, 24, 48])),
            ended=world.now if self._chance(0.1) else None,
            told=self._chance(0.5),
        )


UNDER_ONE_LAW = 10
"""Worlds with the same agreements: compiling them costs as much as deciding."""


def worlds(count: int, seed: int) -> Iterator[World]:
    """So many worlds; those of one set of agreements come one after another."""
    random = Random(seed)  # noqa: S311 -- not a secret
    for _ in range(-(-count // UNDER_ONE_LAW)):
        maker = Maker(random)
        for _ in range(UNDER_ONE_LAW):
            yield maker.world()
