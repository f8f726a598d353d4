"""What an import found: what is carried, what was refused and why, what families will miss."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from services.directory.domain.entries import Entry, Kind
from services.directory.domain.readers import fit
from services.directory.domain.shapes import Json, Note, Verdict

STALE = timedelta(days=365)
"""After so long nobody knows whether an entry is still true."""
_EXAMPLES = 5
_LONGEST = 200
"""Letters of a field's name."""
_WANTED = {
    "a description": ("description",),
    "a way to get in touch": ("phones", "contacts", "email", "url"),
    "a place or an area": ("service_at_locations", "service_areas"),
    "for which ages it is": ("minimum_age", "maximum_age", "eligibility_description"),
    "what need it meets": ("attributes",),
    "when it was last assured": ("assured_date",),
    "when it is open": ("schedules",),
    "who gives it": ("organization_id",),
}
"""What families need to know of a service: each is there if one of its fields is."""


@dataclass(frozen=True)
class Written:
    """What became of some entries."""

    new: int
    changed: int
    same: int
    kept: list[str]
    not_ours: list[str]


@dataclass
class Report:
    """Counted as an import goes on, and kept with its origin."""

    records: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Where a record stands, and why it is not imported."""
    fields: dict[tuple[Verdict, str, str], int] = field(default_factory=Counter)
    examples: dict[tuple[Verdict, str, str], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)
    """Entries that were edited here, and stay as they were edited."""
    not_ours: list[str] = field(default_factory=list)
    """Entries that another origin has brought already, and services with a place of another."""
    gone: list[str] = field(default_factory=list)
    """Entries that the origin had once, and has no more."""
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def say(self, where: str, notes: Iterable[Note]) -> None:
        """Count what became of a record's fields."""
        for note in notes:
            key = (note.verdict, fit(note.field)[:_LONGEST], note.reason)
            self.fields[key] = self.fields.get(key, 0) + 1
            if len(self.examples[key]) < _EXAMPLES:
                self.examples[key].append(fit(where))

    def refuse(self, where: str, reason: str) -> None:
        """Count a record that is not imported."""
        self.refused.append((fit(where), fit(reason)))

    def count(self, written: Written) -> None:
        """Count entries that were written, or left as they stand."""
        for name, more in vars(written).items():
            setattr(self, name, getattr(self, name) + more)

    def look_at(self, where: str, entry: Entry, today: date) -> None:
        """What families will miss in a service."""
        if entry.kind is not Kind.SERVICE:
            return
        said = entry.content
        nothing = [what for what, any_of in _WANTED.items() if not any(map(said.get, any_of))]
        self.say(where, (Note(Verdict.MISSING, "service", what) for what in nothing))
        assured = said.get("assured_date")
        if assured and date.fromisoformat(assured) < today - STALE:
            self.stale.append(said["id"])

    def as_json(self) -> Json:
        """To be kept and shown."""
        return {
            "records": self.records,
            "entries": {"new": self.new, "changed": self.changed, "same": self.same},
            "refused": [{"where": where, "reason": why} for where, why in self.refused],
            "fields": [
                {"verdict": verdict, "field": name, "reason": reason, "count": count}
                | {"examples": self.examples[(verdict, name, reason)]}
                for (verdict, name, reason), count in sorted(self.fields.items())
            ],
            **{name: getattr(self, name) for name in ("kept", "not_ours", "gone", "stale")},
            "duplicates": [list(pair) for pair in self.duplicates],
        }
