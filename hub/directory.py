"""`hub directory …`: imports, with their progress and what they found."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from hub.databases import open_database, reachable
from hub.site import Site
from hub.trouble import Trouble
from services.directory.actions import placing, scheduled
from services.directory.actions.scheduled import CannotBeRead, NotRecognised
from services.directory.domain.imports.forms import FORMS
from services.directory.store import entries as store
from shared.crypto import FieldCipher
from shared.db import Database

SHOWN = 20
"""Lines of each part of a report that are printed; the whole of it is kept."""


class Wanted(NamedTuple):
    """What is to be imported."""

    address: str
    form: str | None
    name: str | None
    every_hours: int | None


@asynccontextmanager
async def _opened(site: Site) -> AsyncIterator[tuple[Database, FieldCipher]]:
    with reachable(site) as urls:
        if "directory" not in urls:
            raise Trouble("Name the directory service's database: DIRECTORY_DATABASE_URL=…")
        keys = Path(os.environ.get("DIRECTORY_FIELD_KEYS", site.keys / "directory.fields.json"))
        async with open_database(urls["directory"]) as db:
            yield db, FieldCipher(keys)


async def bring(site: Site, console: Console, wanted: Wanted) -> None:
    """Import, and print what that found. Raises Trouble where the source cannot be read."""
    if wanted.form not in (None, *FORMS):
        known = "; ".join(f"{name}: {form.meaning}" for name, form in FORMS.items())
        raise Trouble(f"There is no form {wanted.form}. There is: {known}.")
    address = wanted.address
    async with _opened(site) as (db, cipher):
        with _bar(console) as bar:
            task = bar.add_task("Reading …", total=None)
            try:
                report = await scheduled.bring(
                    db,
                    cipher,
                    address,
                    form=wanted.form,
                    name=wanted.name,
                    every_hours=wanted.every_hours,
                    progress=lambda done, of: bar.update(
                        task, description="Saving", completed=done, total=of
                    ),
                )
            except NotRecognised:
                raise Trouble(
                    f"Nobody can tell how {address} is written. Say it: --form {'|'.join(FORMS)}"
                ) from None
            except CannotBeRead as error:
                raise Trouble(f"{address} cannot be read: {error}.") from error
    show_report(console, report.as_json())


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    )


async def show(site: Site, console: Console, name: str) -> None:
    """Print the report of an origin's last import."""
    async with _opened(site) as (db, _), db.reading() as connection:
        row = await store.origin(connection, name)
    if row is None or row.report is None:
        raise Trouble(f"Nothing was ever imported from {name}.")
    console.print(f"{row.name}: imported {row.imported_at:%F %T} UTC from {row.address}")
    show_report(console, row.report)


def show_report(console: Console, said: Mapping[str, Any]) -> None:
    """What an import found, the refusals first."""
    entries = said["entries"]
    console.print(
        f"[green]✓[/] {said['records']} records: {entries['new']} entries are new, "
        f"{entries['changed']} changed, {entries['same']} stayed as they were; "
        f"{len(said['refused'])} records were refused."
    )
    _table(console, "Records that were refused", ("where", "reason"), said["refused"])
    for verdict, title in (
        ("refused", "Fields that are not carried, and why"),
        ("missing", "What families will miss"),
        ("put_right", "Put right"),
    ):
        rows = [row for row in said["fields"] if row["verdict"] == verdict]
        _table(console, title, ("field", "reason", "count"), rows)
    for name, title in (
        ("kept", "Edited here, and kept as edited"),
        ("not_ours", "Imported from elsewhere already"),
        ("gone", "No longer in the source"),
        ("stale", "Not assured for a year"),
        ("duplicates", "Look the same"),
    ):
        rows = [{"ids": one if isinstance(one, str) else " = ".join(one)} for one in said[name]]
        _table(console, title, ("ids",), rows)


def _table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    table = Table(*columns, title=f"{title} ({len(rows)})", title_justify="left", box=None)
    for row in sorted(rows, key=lambda row: -row.get("count", 0))[:SHOWN]:
        table.add_row(*(str(row[name]) for name in columns))
    console.print(table)
    if len(rows) > SHOWN:
        console.print(f"… and {len(rows) - SHOWN} more")


async def places(site: Site, console: Console, files: Sequence[Path]) -> None:
    """Import where postcodes and places are, and build anew what stands on that."""
    async with _opened(site) as (db, _):
        with _bar(console) as bar:
            task = bar.add_task("Reading …", total=None)
            try:
                found = await placing.bring(
                    db, files, lambda done: bar.update(task, completed=done, total=None)
                )
            except (OSError, UnicodeDecodeError) as error:
                raise Trouble(f"A file cannot be read: {type(error).__name__}.") from error
    for file, reason in found.refused[:SHOWN]:
        console.print(f"{file}: {reason}")
    console.print(
        f"[green]✓[/] {found.postcodes} postcodes and {found.places} places; "
        f"{found.relisted} lists changed; {len(found.refused)} rows or files were refused."
    )
