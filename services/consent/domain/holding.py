"""Overrides and refusals to share as they are kept: declared, reviewed, lifted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.overrides import Override, RefusalToShare, declare
from shared.auth import Caller
from shared.categories import CATEGORIES
from shared.contracts.consent import ConsentEvent, OverrideDeclared, OverrideReviewOverdue
from shared.errors import Conflict, FieldError, Forbidden, NotFound, Unprocessable

WHY = 20
"""Characters of reasons for a refusal at least, as for an override."""


class AlreadyReviewed(Conflict):
    slug, title = "already-reviewed", "It was reviewed before"


class AlreadyLifted(Conflict):
    slug, title = "already-lifted", "It does not hold any more"


class RefusalIncomplete(Unprocessable):
    slug, title = "refusal-incomplete", "The refusal cannot be recorded like this"


@dataclass(frozen=True, kw_only=True)
class KeptOverride:
    """An override with its review; `version` is its ETag."""

    said: Override
    authority: str
    url: str
    reviewed_by: UUID | None = None
    justified: bool | None = None
    review_words: str | None = None
    overdue_announced_at: datetime | None = None
    version: int = 1

    def _named(self) -> dict[str, object]:
        url = HttpUrl(self.url)
        return {"authority": self.authority, "record_id": self.said.id, "detail_url": url}


def declared(
    new: KeptOverride, by: Caller, earlier: Iterable[Override], limit: timedelta
) -> tuple[KeptOverride, list[ConsentEvent]]:
    """The override, if it may be declared. Raises as `overrides.declare` does."""
    said = declare(new.said, by, earlier, limit)
    due = said.review_due()
    event = OverrideDeclared.model_validate(
        new._named() | {"by_agency_id": said.agency, "review_due": due}
    )
    return new, [event]


def reviewed(
    kept: KeptOverride, by: Caller, *, justified: bool, words: str, now: datetime
) -> KeptOverride:
    """With what the review found. Nobody reviews what it has declared or approved.

    One that was not justified releases nothing from now on.

    Raises AlreadyReviewed, Forbidden.
    """
    if kept.said.reviewed_at is not None:
        raise AlreadyReviewed("Its review stands beside it")
    if by.worker_id in (kept.said.declared_by, kept.said.second_approver):
        raise Forbidden("Somebody else than who declared it reviews it")
    return replace(
        kept,
        said=replace(kept.said, reviewed_at=now, ended_at=None if justified else now),
        reviewed_by=by.worker_id,
        justified=justified,
        review_words=words,
        version=kept.version + 1,
    )


def overdue(kept: KeptOverride, now: datetime) -> tuple[KeptOverride, list[ConsentEvent]]:
    """Told once that nobody has reviewed it in time."""
    event = OverrideReviewOverdue.model_validate(
        kept._named() | {"review_due": kept.said.review_due()}
    )
    return replace(kept, overdue_announced_at=now), [event]


@dataclass(frozen=True, kw_only=True)
class KeptRefusal:
    """A refusal to share as it is kept; `version` is its ETag."""

    said: RefusalToShare
    authority: str
    by_agency: UUID
    version: int = 1


def refuse(new: KeptRefusal, works_with: Iterable[UUID]) -> KeptRefusal:
    """The refusal, if it says what it must.

    `works_with`: those of its people whom the caller's agency works with. Raises NotFound where
    there are others, RefusalIncomplete.
    """
    said = new.said
    if not said.people or not said.people <= set(works_with):
        raise NotFound("Your agency does not work with everybody who is named here")
    wrong = []
    if len(said.because.strip()) < WHY:
        wrong.append(FieldError("/because", f"Say why in at least {WHY} characters"))
    if not said.categories or not said.categories <= CATEGORIES.keys():
        wrong.append(
            FieldError("/categories", "Name what is held back, of the categories there are")
        )
    if said.until and said.until <= said.refused_at:
        wrong.append(FieldError("/until", "It ends before it begins"))
    if wrong:
        raise RefusalIncomplete("Say what a refusal must say", errors=wrong)
    return new


def lifted(kept: KeptRefusal, now: datetime) -> KeptRefusal:
    """From now on it holds nothing back. Raises AlreadyLifted."""
    if kept.said.lifted_at is not None:
        raise AlreadyLifted("Record a new refusal where there is need")
    said = replace(kept.said, lifted_at=now)
    return replace(kept, said=said, version=kept.version + 1)
