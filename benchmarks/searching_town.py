"""A directory of 50,000 invented services, and what families and practitioners ask of it.

The services are the neighbours of the tests, as many more. Their listings are made and written by
the service's own code; the entries that they come from, and their history, are not asked for by
anybody here and are left out.
"""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import text

from services.directory.actions.showing import today
from services.directory.domain.entries import Kind
from services.directory.domain.listing import listed
from services.directory.domain.search.codes import Facet
from services.directory.domain.showing import Around
from services.directory.store import listings
from services.directory.store import places as store
from shared.db import Database
from tests.directory.searching.neighbours import DAYS, QUESTIONS, Neighbours

Json = dict[str, Any]
SERVICES = int(os.environ.get("BENCH_SERVICES", "50000"))
TEXT, NEAR, FACETS, ONE = "by text", "by postcode and distance", "with five facets", "one service"
FIVE = (Facet.NEED, Facet.AGE_BAND, Facet.DAY, Facet.COST, Facet.DELIVERY)
MILES = (1, 2, 5, 10)
"""As the DfE's family hubs offer them, but for twenty: that is the whole of this town."""
AREAS = ("E99000001",)
_EACH = 1_000
"""Different questions of each kind; a run asks none of them more than a few times."""
_AT_ONCE = 2_000
_A_MILE = 1609.344
_BANDS = ("0-2", "3-5", "6-11", "12-15", "16-18", "19-25")


class Question(NamedTuple):
    """What is asked of the search, or the id of a service that is opened."""

    kind: str
    asked: Json
    id: str = ""


async def fill(url: str, made: Neighbours) -> None:
    """Straight into what everybody may read."""
    db, now = Database.open(url), datetime.now(UTC)
    codes = [
        {"code": code, "outward": code.split()[0], "latitude": at[0], "longitude": at[1]}
        | {"areas": list(AREAS), "ended": False}
        for code, at in made.codes.items()
    ]
    async with db.transaction() as connection:
        await store.keep_postcodes(connection, codes)
    entries = list(made.entries.values())
    around = Around.of(entries, today(now))
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        shown = [one for entry in some for one in listed(entry, around, today(now))]
        async with db.transaction() as connection:
            await listings.write(connection, [entry.id for entry in some], shown, now)
    async with db.reading() as connection:
        await connection.execute(text("vacuum analyze"))
    await db.close()


def questions(made: Neighbours, seed: int = 6) -> dict[str, list[Question]]:
    """By kind what is asked, the same every time; no two people ask the same."""
    random = Random(seed)  # noqa: S311 -- the same questions in each run
    said = _Said(random, made)
    kinds: dict[str, Callable[[], Question]] = {
        TEXT: lambda: Question(TEXT, {"text": said.words()}),
        NEAR: lambda: Question(NEAR, said.near()),
        FACETS: lambda: Question(FACETS, {"text": said.word(), **said.five()}),
        ONE: lambda: Question(ONE, {}, random.choice(said.services)["id"]),
    }
    return {kind: [ask() for _ in range(_EACH)] for kind, ask in kinds.items()}


class _Said:
    """What people say, drawn at random."""

    def __init__(self, random: Random, made: Neighbours) -> None:
        self._random, self._codes = random, list(made.codes)
        entries = made.entries.values()
        self.services = [one.content for one in entries if one.kind is Kind.SERVICE]
        needs = {e.content["id"]: e.content for e in entries if e.kind is Kind.TAXONOMY_TERM}
        lists = {e.content["id"]: e.content["name"] for e in entries if e.kind is Kind.TAXONOMY}
        self._needs = [
            one for one in needs.values() if lists[one["taxonomy_id"]].startswith("Family hubs")
        ]

    def words(self) -> str:
        """A real question, a need, the name of a service, or words that one says; some misspelt."""
        found = self._random.choice(
            (
                lambda: str(self._random.choice(QUESTIONS)["asked"]["text"]),
                lambda: str(self._random.choice(self._needs)["name"]),
                lambda: str(self._random.choice(self.services)["name"]),
                lambda: " ".join(self._together(self._random.choice(self.services))),
            )
        )()
        return self._misspelt(found) if self._random.random() < 0.1 else found

    def word(self) -> str:
        """One word of a service that says what it is."""
        return max(self._together(self._random.choice(self.services)), key=len)

    def _together(self, service: Json) -> list[str]:
        words = service["description"].replace("<p>", "").replace("</p>", "").split()
        start = self._random.randrange(max(1, len(words) - 2))
        return [word.strip(".,;:'?!") for word in words[start : start + 3]]

    def _misspelt(self, text: str) -> str:
        at = self._random.randrange(len(text))
        return (text[:at] + text[at + 1 :]).strip() or text

    def near(self) -> Json:
        """A postcode, and how far somebody would go."""
        far = round(self._random.choice(MILES) * _A_MILE)
        return {"near": self._random.choice(self._codes), "within_metres": far}

    def five(self) -> Json:
        """A choice in each of five facets."""
        band = self._random.randrange(len(_BANDS) - 1)
        return {
            Facet.NEED: [one["id"] for one in self._random.sample(self._needs, k=8)],
            Facet.AGE_BAND: list(_BANDS[band : band + 2]),
            Facet.DAY: self._random.sample(DAYS, k=3),
            Facet.COST: self._random.choice(["free", "free", "paid"]),
            Facet.DELIVERY: self._random.choice([["in_person"], ["online", "telephone"]]),
        }


def parameters(asked: Json) -> Iterator[tuple[str, str]]:
    """As they stand in an address."""
    for name, value in asked.items():
        for one in value if isinstance(value, list) else [value]:
            yield str(name), str(one)
