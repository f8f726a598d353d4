"""The way of an agreement: published version after version, signed, left, suspended."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import HttpUrl

from services.consent.domain.agreements import Agreement, Party, Published, review_near
from services.consent.domain.publishing import Circumstances, publish
from shared.auth import Caller, Role
from shared.contracts.consent import AgreementPublished, AgreementReviewDueSoon
from shared.errors import Conflict, NotFound


class Absence(StrEnum):
    """Why an agency takes no part in an agreement that it has signed."""

    LEFT = "left"
    SUSPENDED = "suspended"


class AgreementSuspended(Conflict):
    slug, title = "agreement-suspended", "The agreement, or your agency's part in it, is suspended"


class AgreementNotSuspended(Conflict):
    slug, title = "agreement-not-suspended", "The agreement is not suspended"


class NotThisVersion(Conflict):
    slug, title = "not-this-version", "Another version of the agreement is in use"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An agreement as it stands. `version` is its ETag."""

    id: UUID
    authority: str
    draft: Agreement
    version: int
    url: str
    published: Published | None = None
    """The version that is in use."""
    suspended_at: datetime | None = None

    def in_use(self) -> Published:
        """Raises AgreementSuspended, NotThisVersion."""
        if self.published is None:
            raise NotThisVersion("No version of it is published yet")
        if self.suspended_at is not None:
            raise AgreementSuspended("Wait until it is taken up again")
        return self.published

    def party(self, agency_id: UUID, caller: Caller) -> Party | None:
        """As which party the caller's agency takes part in the version in use."""
        if self.published is None or caller.agency_kind is None:
            return None
        return self.published.agreement.party_of(agency_id, caller.agency_kind)

    def drafted_by(self, caller: Caller) -> bool:
        """Whether the caller is who answers for the authority's agreements."""
        leads = Role.INFORMATION_GOVERNANCE_LEAD in caller.roles
        return leads and caller.authority == self.authority


def next_version(
    standing: Standing, number: int, around: Circumstances, now: datetime
) -> tuple[Standing, list[AgreementPublished]]:
    """The draft as the version that is in use from now on. Raises NotPublishable."""
    version = publish(standing.draft, number, around, now)
    moved = replace(standing, published=version, version=standing.version + 1)
    event = AgreementPublished(
        authority=standing.authority,
        record_id=standing.id,
        detail_url=HttpUrl(standing.url),
        agreement=version.key,
        hash=version.hash,
    )
    return moved, [event]


def review_due_soon(standing: Standing, today: date) -> list[AgreementReviewDueSoon]:
    """What is told of the version in use, where its review is near."""
    version = standing.published
    near = review_near(version.agreement, today) if version else None
    if version is None or near is None:
        return []
    event = AgreementReviewDueSoon(
        authority=standing.authority,
        record_id=standing.id,
        detail_url=HttpUrl(standing.url),
        agreement=version.key,
        review_due=near,
    )
    return [event]


def signable(standing: Standing, caller: Caller, number: int, absent: Absence | None) -> Published:
    """The version that the caller's agency may sign.

    Raises NotFound where it is no party, NotThisVersion, AgreementSuspended.
    """
    agency_id, _ = caller.acting()
    if standing.party(agency_id, caller) is None:
        raise NotFound("Your agency is a party to no agreement of this name")
    version = standing.in_use()
    if version.version != number:
        raise NotThisVersion(f"Read and sign version {version.version}", version=version.version)
    if absent is Absence.SUSPENDED:
        raise AgreementSuspended("Ask the information governance lead who has suspended it")
    return version


def suspended(standing: Standing, now: datetime) -> Standing:
    """Suspended since `now`. Raises AgreementSuspended, NotThisVersion where nothing is in use."""
    if standing.suspended_at is not None:
        raise AgreementSuspended("It is suspended already")
    standing.in_use()
    return replace(standing, suspended_at=now, version=standing.version + 1)


def reinstated(standing: Standing) -> Standing:
    """Taken up again. Raises AgreementNotSuspended."""
    if standing.suspended_at is None:
        raise AgreementNotSuspended("It can be signed and works: there is nothing to take up")
    return replace(standing, suspended_at=None, version=standing.version + 1)


def takes_part(principles: Collection[UUID], absences: Collection[UUID]) -> bool:
    """Whether an agency that is absent from `absences` is absent from none of the principles."""
    return not set(principles) & set(absences)
