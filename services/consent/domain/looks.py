"""Who looked at a person's record: each leaf of the audit log as one person is told of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

Entry = Mapping[str, Any]
"""What a leaf says, as it is stored."""


class LookKind(StrEnum):
    """What happened to the person's record."""

    DISCLOSURE = "disclosure"
    """Somebody asked to be shown data, and was or was not."""
    RELEASE = "release"
    """Which fields left on a disclosure."""
    RECORD = "record"
    """Somebody looked at what is held about sharing, or asked what another agency would see."""
    CHANGE = "change"
    """Something about sharing was said or decided: a consent, an override, a refusal …"""
    ERASURE = "erasure"


KINDS: Mapping[str, LookKind] = {
    "decision": LookKind.DISCLOSURE,
    "release": LookKind.RELEASE,
    "look": LookKind.RECORD,
    "write": LookKind.CHANGE,
    "erasure": LookKind.ERASURE,
}
"""By the kind of leaf; `look` is what the access records tell."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The same answer for some categories, and what it rests on."""

    categories: tuple[str, ...]
    permitted: bool
    why: str | None
    """None: not for this reader."""
    clauses: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Look:
    """One thing that happened to one person's record."""

    at: datetime
    kind: LookKind
    person: UUID
    place: str
    """By which a list goes on from here."""
    index: int | None
    """The leaf; None where an access record tells it."""
    client_id: str
    agency: UUID | None
    worker: UUID | None
    purpose: str | None = None
    operation: str | None = None
    answers: tuple[Answered, ...] = ()
    consents: tuple[UUID, ...] = ()
    overrides: tuple[UUID, ...] = ()
    records: tuple[UUID, ...] = ()
    policy_hash: str | None = None

    def categories(self) -> frozenset[str]:
        """Everything it says anything of."""
        return frozenset(code for one in self.answers for code in one.categories)


def look_of(entry: Entry, person: UUID, place: str, index: int | None) -> Look:
    """What a leaf tells this person: of others on the same leaf it says nothing."""
    by = entry["by"]
    return Look(
        at=datetime.fromisoformat(entry["at"]),
        kind=KINDS[entry["kind"]],
        person=person,
        place=place,
        index=index,
        client_id=by["client_id"],
        agency=_id(entry.get("to_agency_id") or by.get("agency_id")),
        worker=_id(by.get("worker_id")),
        purpose=entry.get("purpose"),
        operation=entry.get("operation"),
        answers=tuple(_answers(entry, person)),
        consents=tuple(map(UUID, entry.get("consent_ids", ()))),
        overrides=tuple(_overrides(entry)),
        records=tuple(map(UUID, entry.get("records", ()))),
        policy_hash=entry.get("policy_hash"),
    )


def _id(said: str | None) -> UUID | None:
    return UUID(said) if said else None


def _overrides(entry: Entry) -> Iterable[UUID]:
    """Of any number; leaves that were written before there were several name one at most."""
    one = entry.get("override_id")
    return map(UUID, entry.get("override_ids", [one] if one else []))


def _answers(entry: Entry, person: UUID) -> Iterable[Answered]:
    for one in entry.get("answers", ()):
        if str(person) in one["people"]:
            yield Answered(
                categories=tuple(one["categories"]),
                permitted=one["permitted"],
                why=one["why"],
                **{
                    name: tuple(one.get(name, ()))
                    for name in ("clauses", "bases", "conditions", "obligations")
                },
            )


def tells_of(look: Look, records: Collection[UUID]) -> bool:
    """Whether it is about one of these consents, overrides or refusals, or rests on one."""
    return not {*look.records, *look.overrides}.isdisjoint(records)


PRIVATE = ("refusal_to_share", "access_request", "complaint")
"""What only the agency that did it learns of, and who answers for sharing: that a worker refuses to
share, that a family asks or complains. Nobody learns from a look that it was refused something."""


def is_for(look: Look, agency: UUID, *, leads: bool) -> bool:
    """Whether a worker of this agency may know of it."""
    private = (look.operation or "").partition(".")[0] in PRIVATE
    return leads or not private or look.agency == agency


def for_reader(look: Look, agency: UUID, *, leads: bool) -> Look:
    """As a worker of this agency reads it to the person.

    Why something was *not* shown is told to who asked and to who answers for sharing: to others it
    could tell that a third agency holds something back.
    """
    if leads or look.agency == agency:
        return look
    answers = tuple(one if one.permitted else replace(one, why=None) for one in look.answers)
    return replace(look, answers=answers)
