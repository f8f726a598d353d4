"""Rows without the weight of ORM objects, and the one statement that writes many of them.

A statement for a shape of rows is built once from the SQLModel tables, compiled to PostgreSQL's
text once, and sent as it is from then on: building and compiling cost more than running it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

Shape = tuple[tuple[Table, bool], ...]
"""The tables of a statement, and for each whether it gets several rows."""


class Row(NamedTuple):
    """A row to insert; what it does not name is null."""

    table: Table
    values: Mapping[str, Any]

    @classmethod
    def of(cls, model: type[SQLModel], **values: Any) -> "Row":
        """A row of the table behind `model`."""
        return cls(table_of(model), values)


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a SQLModel class."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


async def add(connection: AsyncConnection, *rows: Row | SQLModel) -> None:
    """Insert each row, in the transaction that `connection` is in."""
    for table, values in map(_plain, rows):
        await connection.execute(insert(table).values(values))


class Statement(NamedTuple):
    """PostgreSQL's text, what its constants are, and how each argument is bound, in order."""

    text: str
    constants: Mapping[str, Any]
    bound: Sequence[tuple[str, Callable[[Any], Any] | None]]

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments for the driver."""
        known = {**self.constants, **values}
        return tuple(bind(known[name]) if bind else known[name] for name, bind in self.bound)


def together(
    rows: Sequence[Row | SQLModel], unless: Select[Any] | None, dialect: Dialect
) -> tuple[Statement, dict[str, Any]]:
    """The statement that inserts `rows`, and its values; `holding` is left to the caller.

    Rows of one table must stand side by side. A table with array columns may give one row:
    PostgreSQL's `unnest` flattens arrays of arrays.
    """
    groups = [
        (table, list(group))
        for table, group in groupby(map(_plain, rows), key=lambda row: row.table)
    ]
    values: dict[str, Any] = {}
    for table, group in groups:
        for name in _given(table):
            bound = [row.values.get(name) for row in group]
            values[f"{table.name}__{name}"] = bound if len(group) > 1 else bound[0]
    shape = tuple((table, len(group) > 1) for table, group in groups)
    return _written(shape, unless, dialect), values


@lru_cache(maxsize=256)
def _written(shape: Shape, unless: Select[Any] | None, dialect: Dialect) -> Statement:
    compiled: Any = _inserts(shape, unless).compile(dialect=dialect)
    bound = [
        (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup
    ]
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return Statement(str(compiled), constants, bound)


def _inserts(shape: Shape, unless: Select[Any] | None) -> Select[Any]:
    """A chain of CTEs that insert only where the lock is free and `unless` finds nothing."""
    lock = func.pg_try_advisory_xact_lock(bindparam("holding", type_=BigInteger()))
    free = lock if unless is None else and_(lock, not_(exists(unless)))
    held = select(free.label("free")).cte("held")
    statement: Select[Any] = select(held.c.free)
    for table, several in shape:
        columns = [table.columns[name] for name in _given(table)]
        names = [f"{table.name}__{column.name}" for column in columns]
        if several:
            arrays = [
                bindparam(name, type_=ARRAY(column.type))
                for name, column in zip(names, columns, strict=True)
            ]
            given = func.unnest(*arrays).table_valued(*_given(table)).render_derived()
            source = select(given).select_from(held.join(given, held.c.free))
        else:
            single = [
                bindparam(name, type_=column.type).label(column.name)
                for name, column in zip(names, columns, strict=True)
            ]
            source = select(*single).select_from(held).where(held.c.free)
        into = insert(table).from_select([column.name for column in columns], source)
        statement = statement.add_cte(into.cte(f"into_{table.name}"))
    return statement


def _plain(row: Row | SQLModel) -> Row:
    if isinstance(row, Row):
        return row
    table = table_of(type(row))
    return Row(table, {name: getattr(row, name) for name in _given(table)})


@lru_cache(maxsize=256)
def _given(table: Table) -> tuple[str, ...]:
    """The columns that a row brings; PostgreSQL numbers the others."""
    return tuple(column.name for column in table.columns if column.identity is None)
