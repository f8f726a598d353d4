"""Every column says what it keeps and why; docs/data.md is printed from that."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from hub.classification import collected
from hub.site import SERVICES
from shared.db import Kept
from shared.rows import table_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "data.md"
MODULES = {"gateway": "gateway.tables"} | {
    service: f"services.{service}.tables" for service in SERVICES if service != "gateway"
}
INTRODUCTION = """\
# What is kept, where and why

Printed from the tables' own declarations by `make docs`; a column without a classification fails
the tests. The kinds: `public` anybody may know; `operational` is needed to work and says nothing
about a family; `pseudonymous` are ids, codes and times that concern a person and name nobody;
`personal` is readable personal data; `sealed` is personal data, encrypted for its own row and
column (AES-256-GCM) and readable with the service's data keys alone.
"""


def models(service: str) -> list[type[SQLModel]]:
    """The classes of a service's tables, by the name of the table."""
    found: list[type[SQLModel]] = import_module(MODULES[service]).Table.__subclasses__()
    return sorted(found, key=lambda model: table_of(model).name)


def every_table() -> dict[str, list[Table]]:
    """The tables of each service."""
    return {service: [table_of(model) for model in models(service)] for service in MODULES}


def _columns() -> Iterator[tuple[str, Column[object]]]:
    for service, tables in every_table().items():
        for table in tables:
            for column in table.columns:
                yield f"{service}.{table.name}.{column.name}", column


def test_every_service_with_tables_is_looked_at() -> None:
    folders = [*(ROOT / "services").glob("*/tables*"), *ROOT.glob("*/tables.py")]

    assert {folder.parent.name for folder in folders} == set(MODULES)
    for service, tables in every_table().items():
        metadata = import_module(MODULES[service]).Table.metadata
        assert {table.name for table in tables} == set(metadata.tables)


@pytest.mark.parametrize(("name", "column"), [pytest.param(n, c, id=n) for n, c in _columns()])
def test_every_column_says_what_it_keeps_and_why(name: str, column: Column[object]) -> None:
    assert column.info.get("kept") in get_args(Kept), f"{name}: classify it with kept(…)"
    assert len(column.info["because"].split()) > 0


def test_what_is_sealed_is_bytes_and_no_readable_personal_data_is_kept() -> None:
    columns = dict(_columns())
    sealed = [column for column in columns.values() if column.info["kept"] == "sealed"]

    assert len(sealed) > 5
    assert {column.type.python_type for column in sealed} == {bytes}
    assert [n for n, c in columns.items() if c.info["kept"] == "personal"] == []


LEAVING = """\
# What can leave, and of which category it is

Every field of an answer that can carry data about a person says its category beside its type; one
that does not stops the service at its start. It leaves where the consent service permits that
category of that person, or, for what is about the referral as a whole, of each of its children.
Where two categories stand, the data beside it decides which it is. What is about nobody stands
under why.
"""


def _leaving() -> Iterator[str]:
    """What each service can release, by category."""
    for service, by in collected().items():
        yield f"## {service}\n"
        rows = [
            f"| {of} | {', '.join(f'`{path}`' for path in paths)} |" for of, paths in by.items()
        ]
        yield "\n".join(["| category | where it stands |", "|---|---|", *rows, ""])


def printed() -> str:
    """docs/data.md as the code would have it."""
    parts = [INTRODUCTION, *_of_tables(), LEAVING, *_leaving()]
    return "\n".join(parts)


def _of_tables() -> list[str]:
    parts: list[str] = []
    for service in MODULES:
        parts.append(f"## {service}\n")
        for model in models(service):
            table = table_of(model)
            said = (model.__doc__ or "").strip().splitlines()
            parts.append(
                "\n".join([f"### {service}.{table.name}\n", *said[:1], "" * len(said[:1])])
            )
            rows = [
                f"| `{c.name}` | {c.info['kept']} | {c.info['because']} |" for c in table.columns
            ]
            parts.append("\n".join(["| column | kept as | because |", "|---|---|---|", *rows, ""]))
    return parts


def test_the_data_page_says_what_the_tables_say() -> None:
    if os.environ.get("REWRITE") == "1":
        DATA.write_text(printed())

    assert DATA.read_text() == printed(), "Run `make docs`"
