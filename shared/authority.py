"""One council's settings: what differs between councils is data, and says where it comes from."""

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from shared.calendar import ENGLAND, add_working_days, is_working_day


class _Setting(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clock(_Setting):
    """How long something may take. `source` names the seed, statute, guidance or `sample`."""

    starts: str
    working_days: Annotated[int, Field(ge=0, le=400)]
    source: str

    def due(self, start: datetime) -> datetime:
        """The instant this clock runs out when it starts at `start`."""
        return add_working_days(start, self.working_days)


class Clocks(_Setting):
    decide: Clock


class CoverHours(_Setting):
    """When the front door answers its telephone: working days, England's time."""

    opens: time
    closes: time
    source: str

    def includes(self, now: datetime) -> bool:
        """Whether somebody at the front door answers at `now`."""
        local = now.astimezone(ENGLAND)
        return is_working_day(local.date()) and self.opens <= local.time() < self.closes


class Telephone(_Setting):
    name: str
    number: str
    source: str


class Emergency(_Setting):
    """What to do at once when a child is in danger, and who answers at which hour."""

    advice: str
    front_door: Telephone
    out_of_hours: Telephone
    source: str


class Authority(_Setting):
    """The settings of one council, read from `deploy/authorities/<name>.yaml`."""

    id: str
    name: str
    clocks: Clocks
    cover: CoverHours
    emergency: Emergency
    levels: dict[str, str]
    """Level of need: its code and the words of this council."""

    def answers_now(self, now: datetime) -> Telephone:
        """The telephone that somebody answers at `now`."""
        open_now = self.cover.includes(now)
        return self.emergency.front_door if open_now else self.emergency.out_of_hours


def load(path: Path) -> Authority:
    """Raises pydantic's ValidationError, which names each wrong field of the file."""
    content: Any = yaml.safe_load(path.read_text())
    return Authority.model_validate(content)
