"""What somebody types into the form for what is wrong with a service."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import parse_qsl
from uuid import UUID

from services.directory.domain.queues import ReportedProblem
from services.directory.routes.callers import MOST_WORDS
from shared.auth import Caller
from shared.idempotency import Once

_SAME = timedelta(minutes=10)
"""So long the same words about the same service are the same report: a finger was impatient."""
_NOT_FOR_PEOPLE = "website"
"""A field that people do not see: whoever fills it in is a robot."""


@dataclass(frozen=True)
class Reported:
    """What stands in the form."""

    problem: str = ""
    words: str = ""
    robot: bool = False

    @classmethod
    def of(cls, body: bytes) -> Self:
        """As a browser sends it; what no field is called is not heeded."""
        said: Mapping[str, str] = dict(parse_qsl(body.decode("utf-8", "replace")))
        words = said.get("words", "").replace("\r\n", "\n").replace("\0", "").strip()
        return cls(said.get("problem", ""), words, bool(said.get(_NOT_FOR_PEOPLE)))

    @property
    def faults(self) -> dict[str, str]:
        """By the field what must be put right, as a key of the catalogue."""
        found = {}
        if self.problem not in list(ReportedProblem):
            found["problem"] = "choose_what_is_wrong"
        if len(self.words) > MOST_WORDS:
            found["words"] = "too_many_words"
        if self.robot:
            found[_NOT_FOR_PEOPLE] = "not_for_you"
        return found

    def once(self, service_id: UUID, now: datetime) -> Once:
        """The report as it is counted: nothing that says who sends it, and nothing at random.

        The page may be kept by others for a minute, so it can hold no number of a reader's own.
        """
        turn = int(now.timestamp() // _SAME.total_seconds())
        asked = f"{service_id}\x1f{self.problem}\x1f{self.words}\x1f{turn}".encode()
        key = hashlib.sha256(asked).hexdigest()
        return Once.of(Caller.anonymous.client_id, key, b"problem.report.page", asked)
