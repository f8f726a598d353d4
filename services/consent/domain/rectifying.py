"""Data of a person was wrong and is put right: whoever received it is told (UK GDPR, article 19).

The wrong value itself lies in the service that keeps it, and is put right there; what is recorded
here is which categories were wrong since when, and who had been permitted to see them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.overrides import WORDS
from shared.categories import CATEGORIES
from shared.contracts.consent import ConsentEvent, DataRectified
from shared.errors import FieldError, Unprocessable


class RectificationIncomplete(Unprocessable):
    slug, title = "rectification-incomplete", "The rectification cannot be recorded like this"


@dataclass(frozen=True, kw_only=True)
class Rectification:
    """What was wrong since when, and who had received it."""

    id: UUID
    authority: str
    person: UUID
    categories: frozenset[str]
    since: datetime
    because: str
    recipients: frozenset[UUID] = frozenset()
    recorded_by: UUID
    by_agency: UUID
    recorded_at: datetime
    url: str


def rectify(new: Rectification) -> tuple[Rectification, list[ConsentEvent]]:
    """The rectification, if it says what it must. Raises RectificationIncomplete."""
    if wrong := [*_wrong_in(new)]:
        raise RectificationIncomplete("Say what a rectification must say", errors=wrong)
    event = DataRectified(authority=new.authority, record_id=new.id, detail_url=HttpUrl(new.url))
    return new, [event]


def _wrong_in(new: Rectification) -> Iterator[FieldError]:
    if not new.categories or not new.categories <= CATEGORIES.keys():
        yield FieldError("/categories", "Name what was wrong, of the categories there are")
    if len(new.because.strip()) < WORDS:
        yield FieldError("/because", f"Say what was wrong in at least {WORDS} characters")
    if new.since > new.recorded_at:
        yield FieldError("/since", "It was wrong before it is put right")
