"""What is asked of a list of the feed, and how its pages are counted."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from services.directory.domain.postcodes import Located

PER_PAGE = 50
"""Objects on a page unless the reader says otherwise."""
MOST = 1000
"""Objects on a page at most; whoever wants all asks for lines."""


class Form(StrEnum):
    """How much of each object is sent."""

    MINIMAL = "minimal"
    BRIEF = "brief"
    WHOLE = "whole"


@dataclass(frozen=True)
class Wanted:
    """Which objects: every condition holds at once."""

    collection: str
    search: str | None = None
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str | None = None
    start_time: time | None = None
    end_time: time | None = None
    near: Located | None = None
    """What is covered must lie here."""
    around: Located | None = None
    within: float | None = None
    """Metres from `around`."""
    tagged: tuple[tuple[str, ...], ...] = ()
    """Of each group one term must be tagged: by its id, code or name, in small letters."""
    vocabularies: tuple[str, ...] = ()
    """From one of these taxonomies a term must be tagged: by its id or name."""
    attribute_type: str | None = None
    top_only: bool = False
    parent_id: UUID | None = None


@dataclass(frozen=True)
class Page:
    """Which of them are sent; `size` None: all on one page."""

    number: int = 1
    size: int | None = PER_PAGE

    def offset(self) -> int:
        """How many stand before it."""
        return (self.number - 1) * (self.size or 0)

    def envelope(self, total: int, on_it: int) -> dict[str, int | bool]:
        """The seven things that are said of a page: of one behind the last too."""
        pages = -(-total // self.size) if self.size else min(total, 1)
        return {
            "total_items": total,
            "total_pages": pages,
            "page_number": self.number,
            "size": on_it,
            "first_page": self.number == 1,
            "last_page": self.number >= pages,
            "empty": on_it == 0,
        }
