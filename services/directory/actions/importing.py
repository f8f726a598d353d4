"""Importing: every record is read, told of, and then saved whole or not at all."""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.exc import DBAPIError

from services.directory.actions.saving import save_in
from services.directory.actions.showing import today
from services.directory.domain.alike import look_alikes, not_apart, together
from services.directory.domain.entries import Audience, Entry, Kind
from services.directory.domain.imports.forms import FORMS
from services.directory.domain.imports.records import Mapped, Record, why
from services.directory.domain.report import Report, Written
from services.directory.domain.shapes import Note, Verdict
from services.directory.store import alike, claims, queues
from services.directory.store import entries as store
from services.directory.store.entries import By
from shared.crypto import FieldCipher
from shared.db import Database

IMPORTER = "hub directory import"
"""Who stands in the history of what was imported and not touched since."""
_AT_ONCE = 200
"""Entries that are saved together."""
Progress = Callable[[int, int], None]
"""Told how many entries are saved, and how many there are."""


_UNFIT = (DBAPIError, TypeError, AttributeError, LookupError, ValueError, RecursionError)
"""What goes wrong where an entry cannot be written, or cannot be shown."""


class NothingRead(Exception):
    """Of a source not one record can be read; it says why."""


@dataclass(frozen=True)
class Origin:
    """From where is imported."""

    name: str
    address: str
    form: str
    every_hours: int | None = None

    @property
    def within(self) -> UUID:
        """The namespace of ids for what the source gives none."""
        return uuid5(NAMESPACE_URL, f"early-help-hub/directory/{self.name}")


@dataclass
class _Collected:
    """What the records say: shared entries once, put together from all that name them."""

    report: Report
    shared: dict[UUID, Entry] = field(default_factory=dict)
    services: dict[UUID, str] = field(default_factory=dict)
    """As text, so that fifty thousand fit."""
    standing: dict[UUID, Entry] = field(default_factory=dict)
    read: int = 0
    """Records that are there to be read; of a source without one nothing is known."""
    partial: bool = False
    """A part of the source could not be read: what it holds is not gone."""

    def add(self, where: str, mapped: Mapped, day: datetime) -> None:
        """A record that could be read."""
        texts = {entry.id: json.dumps(entry.content) for entry in mapped.entries}
        self.report.say(where, mapped.notes)
        for entry in mapped.entries:
            if entry.kind is Kind.SERVICE:
                self.report.look_at(where, entry, today(day))
                self.services[entry.id] = texts[entry.id]
                self.standing[entry.id] = replace(entry, content={})
            else:
                self._share(where, entry)

    def _share(self, where: str, entry: Entry) -> None:
        known = self.shared.get(entry.id)
        if known is None:
            self.shared[entry.id] = entry
            return
        differs = [n for n, v in entry.content.items() if known.content.get(n, v) != v]
        said = (
            Note(Verdict.REFUSED, f"{entry.kind}.{n}", "is said otherwise before") for n in differs
        )
        self.report.say(where, said)
        together = {**entry.content, **known.content}
        strict = max(known, entry, key=lambda one: list(Audience).index(one.audience))
        self.shared[entry.id] = Entry(entry.kind, together, known.stage, strict.audience)

    def every(self) -> Iterator[Entry]:
        """All of them, those first on which others stand."""
        order = [Kind.TAXONOMY, Kind.TAXONOMY_TERM, Kind.ORGANIZATION, Kind.LOCATION]
        yield from sorted(self.shared.values(), key=lambda entry: order.index(entry.kind))
        for id_, text in self.services.items():
            yield replace(self.standing[id_], content=json.loads(text))

    def __len__(self) -> int:
        return len(self.shared) + len(self.services)


async def import_from(
    db: Database,
    cipher: FieldCipher,
    origin: Origin,
    records: AsyncIterator[Record],
    *,
    now: datetime,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Bring in what the source says; what it said before and has not changed stays untouched.

    Raises NothingRead before anything is written.
    """
    report = Report()
    collected = _Collected(report)
    async for record in records:
        _collect(collected, record, origin, now)
    if report.refused and not collected.read:
        raise NothingRead(" ".join(report.refused[0]))
    by = By(IMPORTER, f"imported from {origin.name}", origin=origin.name)
    done = 0
    for batch in _batches(collected.every()):
        await _save(db, cipher, batch, by, report)
        done += len(batch)
        progress(done, len(collected))
    await _finish(db, origin, collected, now)
    return report


def _collect(collected: _Collected, record: Record, origin: Origin, now: datetime) -> None:
    """All of a record, or why nothing of it."""
    collected.report.records += 1
    if record.fault is not None:
        collected.report.refuse(record.where, record.fault)
        collected.partial = True
        return
    collected.read += 1
    try:
        collected.add(record.where, FORMS[origin.form].mapped(record, origin.within), now)
    except Exception as error:  # whatever is wrong with a record, the others come in
        collected.report.refuse(record.where, why(error))


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


async def _save(
    db: Database, cipher: FieldCipher, batch: list[Entry], by: By, report: Report
) -> None:
    """Those that are ours to change; where the database refuses one, it alone is left out."""
    try:
        report.count(await _write(db, cipher, batch, by))
        return
    except _UNFIT as error:
        _refuse_lost(error)
    for entry in batch:
        try:
            report.count(await _write(db, cipher, [entry], by))
        except _UNFIT as error:
            _refuse_lost(error)
            known = error.orig if isinstance(error, DBAPIError) else error
            reason = f"the database refuses it: {type(known).__name__}"
            report.refuse(f"{entry.kind} {entry.id}", reason)


def _refuse_lost(error: Exception) -> None:
    """Where the database is gone, no entry is at fault."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error


async def _write(db: Database, cipher: FieldCipher, batch: list[Entry], by: By) -> Written:
    """Nobody changes an entry between the question whose it is and the writing."""
    ids = [entry.id for entry in batch]
    async with db.transaction() as connection:
        await store.one_writer(connection)
        origins = await store.origins_of(connection, ids)
        edited = await store.edited_by_others(connection, ids, IMPORTER)
        others = {id_ for id_, origin in origins.items() if origin != by.origin} - edited
        others |= await claims.with_others_places(connection, batch) - edited
        ours = [entry for entry in batch if entry.id not in edited | others]
        changed = await save_in(connection, cipher, ours, by)
    return Written(
        new=sum(id_ not in origins for id_ in changed),
        changed=sum(id_ in origins for id_ in changed),
        same=len(ours) - len(changed),
        kept=[str(id_) for id_ in ids if id_ in edited],
        not_ours=[str(id_) for id_ in ids if id_ in others],
    )


async def _finish(db: Database, origin: Origin, collected: _Collected, now: datetime) -> None:
    """What is gone from the source, what looks the same; and the report beside the origin."""
    report = collected.report
    entries = [json.loads(text) for text in collected.services.values()]
    said = ((e["id"], e.get("name", ""), e.get("organization_id", "")) for e in entries)
    within = look_alikes(said)
    async with db.transaction() as connection:
        named = await alike.named_alike(connection, list(collected.services))
        documents = await alike.documents(connection, {id_ for pair in named for id_ in pair})
        report.duplicates += together(within, not_apart(named, documents))
        had = await store.of_origin(connection, origin.name, Kind.SERVICE)
        if not collected.partial:
            report.gone += sorted(str(id_) for id_ in had - collected.services.keys())
        row = {
            "name": origin.name,
            "address": origin.address,
            "form": origin.form,
            "every_hours": origin.every_hours,
            "imported_at": now,
            "report": report.as_json(),
        }
        await store.note_origin(connection, row)
        await queues.note_look_alikes(connection, report.duplicates, origin.name, now)
