"""A draft of an entry: what a provider would have it say, and what an editor made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.directory.domain.entries import Audience, Entry, Kind
from services.directory.domain.hsds_entries import ENTRIES
from services.directory.domain.imports.records import with_ids
from services.directory.domain.nesting import taken_apart
from services.directory.domain.shapes import MARK, Broken, Json, Note, Verdict, read
from shared.errors import Conflict, FieldError, Stale, Unprocessable


class DraftStatus(StrEnum):
    """What has become of a draft of an entry."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DraftEnded(Conflict):
    slug, title = "draft-ended", "This draft was approved, rejected or withdrawn already"


class EntryMoved(Conflict):
    slug, title = "entry-changed-since", "The entry has changed since the draft was written"


class NotAnEntry(Unprocessable):
    slug, title = "not-as-the-standard-has-it", "What is said is not as Open Referral has it"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft: of one entry, by one agency."""

    id: UUID
    entry_id: UUID
    kind: Kind
    agency_id: UUID
    authority: str
    worker_id: UUID
    content: Json
    entry_version: int
    """The entry as it stood when the draft was written; 0: there was none."""
    status: DraftStatus = DraftStatus.WAITING
    reason: str | None = None
    """What the editor says to it."""
    version: int = 1
    created_at: datetime
    changed_at: datetime
    decided_by: UUID | None = None

    def seen(self, version: int) -> "Draft":
        """Itself, for who has seen it as it stands. Raises Stale, or DraftEnded."""
        if version != self.version:
            raise Stale("Look at the draft again: somebody has changed it")
        if self.status is not DraftStatus.WAITING:
            raise DraftEnded("Write a new draft")
        return self

    def rewritten(self, content: Json, *, entry_version: int, by: UUID, now: datetime) -> "Draft":
        """It says something else."""
        return replace(
            self,
            content=content,
            entry_version=entry_version,
            worker_id=by,
            version=self.version + 1,
            changed_at=now,
        )

    def ended(
        self, status: DraftStatus, *, by: UUID, now: datetime, reason: str | None = None
    ) -> "Draft":
        """It waits no more."""
        return replace(
            self,
            status=status,
            reason=reason,
            decided_by=by,
            version=self.version + 1,
            changed_at=now,
        )

    def entry(self, standing: Entry | None) -> Entry:
        """The entry that it becomes: what there was keeps its days."""
        return (standing or Entry(self.kind, {})).saying(self.content)


def read_content(kind: Kind, said: Mapping[str, Any], entry_id: UUID) -> Json:
    """What an entry is to say, as the standard has it: nothing is let fall, all else is refused.

    Raises NotAnEntry.
    """
    notes: list[Note] = []
    whole = dict(said) | {"id": str(entry_id)}
    shape = ENTRIES[kind]
    try:
        found = read(shape, with_ids(shape, whole, entry_id, shape.name), notes)
    except Broken as why:
        raise NotAnEntry(str(why), pointer=_pointer(why.where)) from None
    wrong = [note for note in notes if note.verdict is Verdict.REFUSED]
    if wrong:
        errors = [FieldError(_pointer(note.field), note.reason) for note in wrong]
        raise NotAnEntry("Put these right", errors=errors)
    parts = taken_apart(kind, found, entry_id)
    if len(parts) > 1:
        names = ", ".join(sorted({f"a {of}" for of, _ in parts[:-1]}))
        raise NotAnEntry(f"Name {names} by its id, and write a draft of its own for it")
    return parts[0][1]


def with_mark(content: Json, standing: Entry | None, *, editor: bool) -> Json:
    """The same, saying whether it is confidential wherever it is or was; unsaid, that stays.

    Raises NotAnEntry where anybody but an editor would show what is confidential.
    """
    hidden = standing is not None and standing.audience is Audience.CONFIDENTIAL
    mark = content.pop(MARK, hidden)
    if hidden and not mark and not editor:
        reason = "Only an editor of the council takes this off"
        raise NotAnEntry(reason, pointer=f"/content/{MARK}")
    return content | ({MARK: mark} if hidden or mark else {})


def _pointer(where: str) -> str:
    return "/content/" + "/".join(where.split(".")[1:])
