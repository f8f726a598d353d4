"""An entry of the directory: what it is, how far it is agreed, and for whom it is meant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.directory.domain.shapes import MARK, Json


class Kind(StrEnum):
    """What an entry is; Open Referral's own words."""

    SERVICE = "service"
    ORGANIZATION = "organization"
    LOCATION = "location"
    TAXONOMY = "taxonomy"
    TAXONOMY_TERM = "taxonomy_term"


class Stage(StrEnum):
    """How far an entry is agreed."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """For whom an entry is meant."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True)
class Entry:
    """One entry as it stands, with all that is nested in it."""

    kind: Kind
    content: Json
    stage: Stage = Stage.PUBLISHED
    audience: Audience = Audience.PUBLIC
    shown_from: date | None = None
    shown_until: date | None = None

    @property
    def id(self) -> UUID:
        """The id under which the whole world knows it."""
        return UUID(self.content["id"])

    @property
    def marked(self) -> Json:
        """What it says, with the mark where it is confidential: so its keepers read and write."""
        return marked(self.content, self.audience)

    def saying(self, content: Json) -> "Entry":
        """The same entry with other words; one that was never agreed is published.

        What was withdrawn stays so: who hid it says when it is shown again.

        The mark of the whole makes it confidential, or public again; unsaid, its audience stays.
        """
        audience, mark = self.audience, content.get(MARK)
        if mark:
            audience = Audience.CONFIDENTIAL
        elif mark is not None and audience is Audience.CONFIDENTIAL:
            audience = Audience.PUBLIC
        said = _without_mark(content)
        gone = self.stage is Stage.WITHDRAWN
        stage = Stage.WITHDRAWN if gone else Stage.PUBLISHED
        return replace(self, content=said, stage=stage, audience=audience)

    def hides(self, before: "Entry") -> bool:
        """Whether nobody is shown more than before, whatever the day."""
        order = [*Audience]
        return (
            self.stage in (before.stage, Stage.WITHDRAWN)
            and order.index(self.audience) >= order.index(before.audience)
            and (self.shown_from, self.shown_until) == (before.shown_from, before.shown_until)
        )

    def is_shown(self, today: date) -> bool:
        """Whether everybody may read it on this day."""
        return (
            self.stage is Stage.PUBLISHED
            and self.audience is Audience.PUBLIC
            and (self.shown_from is None or self.shown_from <= today)
            and (self.shown_until is None or today <= self.shown_until)
        )


def marked(content: Json, audience: Audience) -> Json:
    """What an entry says to its keepers, by its audience."""
    hidden = {MARK: True} if audience is Audience.CONFIDENTIAL else {}
    return _without_mark(content) | hidden


def _without_mark(content: Json) -> Json:
    return {name: value for name, value in content.items() if name != MARK}


@dataclass(frozen=True)
class Parted:
    """What of an entry may be shown one day; where something may not, the whole of it apart."""

    content: Json
    withheld: Json | None


_CODES = {"id", "status", "location_type", "organization_id", "taxonomy_id", "parent_id"}
"""All that stays readable of a confidential entry: ids and codes, no name and no place."""


def parted(entry: Entry) -> Parted:
    """Without what is marked as confidential; of a confidential entry ids and codes stay alone."""
    if entry.audience is Audience.CONFIDENTIAL:
        kept = {name: value for name, value in entry.content.items() if name in _CODES}
        if entry.kind in (Kind.ORGANIZATION, Kind.SERVICE, Kind.TAXONOMY, Kind.TAXONOMY_TERM):
            kept["name"] = ""
        return Parted(kept, entry.content)
    if not _has_mark(entry.content):
        return Parted(entry.content, None)
    return Parted(_unmarked(entry.content), entry.content)


def whole(parts: Parted) -> Json:
    """An entry's content as it was before it was parted."""
    return parts.content if parts.withheld is None else parts.withheld


def _has_mark(node: Any) -> bool:
    if isinstance(node, list):
        return any(map(_has_mark, node))
    if isinstance(node, dict):
        return MARK in node or any(map(_has_mark, node.values()))
    return False


_POINT = {"latitude", "longitude", "external_identifier", "external_identifier_type"}
"""What tells where a place is as exactly as its address does; a UPRN names one building."""


def _unmarked(node: Mapping[str, Any]) -> Json:
    """Without the marked objects, however deep they are nested; the point goes with its address."""
    found: Json = {}
    hidden = {MARK}
    if any(one.get(MARK) for one in node.get("addresses", ())):
        hidden |= _POINT
    for name, value in node.items():
        if name in hidden:
            continue
        if isinstance(value, list):
            value = [_unmarked(one) for one in value if not one.get(MARK)]
            if not value:
                continue
        elif isinstance(value, dict):
            value = _unmarked(value)
        found[name] = value
    return found


def named(content: Json) -> list[UUID]:
    """The other entries that this one names: its organization, places, terms, what stands above."""
    own = content["id"]
    found = dict.fromkeys(_references(content))
    return [UUID(one) for one in found if one != own]


REFERENCES = (
    "organization_id",
    "location_id",
    "taxonomy_term_id",
    "taxonomy_id",
    "parent_id",
    "parent_organization_id",
)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _references(one)
    elif isinstance(node, dict):
        yield from (node[name] for name in REFERENCES if node.get(name))
        for value in node.values():
            if isinstance(value, dict | list):
                yield from _references(value)
