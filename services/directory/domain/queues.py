"""What waits for an editor: problems that families report, and services that look alike."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Stale

WITHIN = timedelta(hours=1)
OF_ONE_SERVICE = 5
"""So many problems are taken within so long of one service, whatever is said of others.

What is counted here is what was reported, never who; the door lets one address send only so often.
"""


class ReportedProblem(StrEnum):
    """What somebody says is wrong with a service's entry."""

    WRONG_DETAILS = "wrong_details"
    NO_ANSWER = "no_answer"
    CLOSED_DOWN = "closed_down"
    NOT_AS_DESCRIBED = "not_as_described"
    LISTED_TWICE = "listed_twice"
    OTHER = "other"


class ProblemOutcome(StrEnum):
    """What an editor made of a reported problem."""

    PUT_RIGHT = "put_right"
    NOTHING_WRONG = "nothing_wrong"
    NOT_ABOUT_THE_ENTRY = "not_about_the_entry"


class LookAlikeOutcome(StrEnum):
    """What two services that look alike really are."""

    DIFFERENT = "different"
    FIRST_KEPT = "first_kept"
    SECOND_KEPT = "second_kept"


class SettledAlready(Conflict):
    slug, title = "settled-already", "An editor has settled this already"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A reported problem."""

    id: UUID
    service_id: UUID
    what: ReportedProblem
    words: str | None
    reported_at: datetime
    outcome: ProblemOutcome | None = None
    settled_by: UUID | None = None
    version: int = 1

    def settled(self, outcome: ProblemOutcome, *, by: UUID, version: int) -> "Problem":
        """Off the queue. Raises Stale, SettledAlready."""
        refuse_settled(self.outcome, self.version, version)
        return replace(self, outcome=outcome, settled_by=by, version=version + 1)


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """Two services that an import found alike."""

    id: UUID
    first_id: UUID
    second_id: UUID
    origin: str
    found_at: datetime
    outcome: LookAlikeOutcome | None = None
    settled_by: UUID | None = None
    version: int = 1

    def settled(self, outcome: LookAlikeOutcome, *, by: UUID, version: int) -> "LookAlike":
        """Off the queue. Raises Stale, SettledAlready."""
        refuse_settled(self.outcome, self.version, version)
        return replace(self, outcome=outcome, settled_by=by, version=version + 1)

    @property
    def gone(self) -> UUID | None:
        """Which of the two goes out of the lists."""
        gone = {
            LookAlikeOutcome.FIRST_KEPT: self.second_id,
            LookAlikeOutcome.SECOND_KEPT: self.first_id,
        }
        return None if self.outcome is None else gone.get(self.outcome)


def refuse_settled(outcome: StrEnum | None, version: int, seen: int) -> None:
    """Raises Stale, SettledAlready."""
    if seen != version:
        raise Stale("List the queue again: somebody has settled this")
    if outcome is not None:
        raise SettledAlready("Go on with what waits")
