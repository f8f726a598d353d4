"""The very statements that a service sends for one request, sent again by the bare driver."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.ids import new_id

Heard = tuple[str, tuple[Any, ...]]
"""A statement and its arguments."""


class Sent(NamedTuple):
    """A statement with its arguments; ids that are new at every request are new again."""

    text: str
    arguments: tuple[Any, ...]
    new_ids: frozenset[int]

    @classmethod
    def of(cls, once: Heard, again: Heard) -> "Sent":
        """Of what was heard at two requests for the same: the ids that differ are ever new."""
        (text, first), (other, second) = once, again
        assert text == other, "the two requests have sent something else"
        differ = {at for at, value in enumerate(first) if value != second[at]}
        ids = frozenset(at for at in differ if isinstance(first[at], UUID))
        return cls(text, first, ids)

    def again(self) -> list[Any]:
        """The arguments of another request."""
        return [new_id() if at in self.new_ids else a for at, a in enumerate(self.arguments)]


@contextmanager
def hearing() -> Iterator[list[Heard]]:
    """Every statement that this process sends meanwhile."""
    heard: list[Heard] = []

    def hear(_: Any, __: Any, text: str, arguments: Any, *___: Any) -> None:
        heard.append((text, tuple(arguments)))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def send(pool: asyncpg.Pool, statements: Sequence[Sent]) -> None:
    """All of them in one transaction, as the service does."""
    async with pool.acquire() as connection, connection.transaction():
        for one in statements:
            await connection.fetch(one.text, *one.again())
