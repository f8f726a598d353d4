"""Where somebody is who types a postcode, its first part, or the name of a place."""

from typing import Protocol

from services.directory.domain import postcodes
from services.directory.domain.postcodes import Located, Unlocated
from services.directory.store import places
from shared.db import Database


class Locator(Protocol):
    """Who knows where places are: the hub itself, or a postcodes.io."""

    async def postcode(self, code: str) -> Located | None:
        """Where a full postcode is, written in capitals with its blank."""

    async def outward(self, code: str) -> Located | None:
        """The middle of a postcode's first part."""

    async def place(self, name: str) -> Located | None:
        """A town or village by its name."""


class Imported:
    """What was imported here knows it; nobody outside learns who asks for what."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def postcode(self, code: str) -> Located | None:
        async with self._db.reading() as connection:
            return await places.postcode(connection, code)

    async def outward(self, code: str) -> Located | None:
        async with self._db.reading() as connection:
            return await places.outward(connection, code)

    async def place(self, name: str) -> Located | None:
        async with self._db.reading() as connection:
            return await places.place(connection, name)


async def locate(locator: Locator, said: str, *, places_too: bool = False) -> Located | Unlocated:
    """Where that is, or why nobody can say: it is no postcode, or one that is not known.

    Names of places are looked up only where `places_too`: the feed's parameter is a postcode.
    Raises Away where the council's own postcodes.io does not answer.
    """
    if code := postcodes.written(said):
        return await locator.postcode(code) or Unlocated.UNKNOWN
    if code := postcodes.outward(said):
        return await locator.outward(code) or Unlocated.UNKNOWN
    if places_too and (name := postcodes.place(said)):
        return await locator.place(name) or Unlocated.UNKNOWN_PLACE
    return Unlocated.NOT_A_POSTCODE
