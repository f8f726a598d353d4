"""Views: worklists that a worker keeps under a name, or a manager shares with the agency."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.referral.domain.worklist import Worklist
from shared.auth import Caller, Role
from shared.errors import Conflict, Forbidden

SHARING = frozenset({Role.FRONT_DOOR_MANAGER, Role.AGENCY_ADMINISTRATOR})
"""Who may give the whole agency a view."""
MOST = 50
"""Views of one worker."""


class ViewNameTaken(Conflict):
    slug, title = "view-name-taken", "There is a view of this name"


class TooManyViews(Conflict):
    slug, title = "too-many-views", "The worker has as many views as one can look through"


class Viewed(BaseModel):
    """What a worker keeps."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True
    )

    name: Annotated[
        str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]+$", examples=["Late today"])
    ]
    """What it is called. Name the work, never a family: names of views are not sealed."""
    worklist: Worklist
    """Filters and order, named as in the list of referrals; `me` is whoever uses the view"""
    shared: bool = False
    """Whether the whole agency sees it; for its administrators and managers"""


@dataclass(frozen=True)
class View:
    """One view as it is kept. `version` is its ETag."""

    id: UUID
    agency_id: UUID
    worker_id: UUID
    said: Viewed
    version: int

    @property
    def worklist(self) -> Worklist:
        """Filters and order."""
        return self.said.worklist


def may_keep(said: Viewed, by: Caller) -> None:
    """Raises Forbidden where the caller may not share a view with its agency."""
    if said.shared and by.roles.isdisjoint(SHARING):
        raise Forbidden(f"Only these may share a view: {', '.join(sorted(SHARING))}")


def may_change(view: View, by: Caller) -> None:
    """A shared view is changed by whoever may share; the own by its worker. Raises Forbidden."""
    if view.worker_id != by.worker_id and by.roles.isdisjoint(SHARING):
        raise Forbidden(f"Only these may change a shared view: {', '.join(sorted(SHARING))}")
