"""How long something may take, and what starts, pauses and stops it."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from shared.authority.sources import Setting, Source, some
from shared.calendar import Unit
from shared.contracts.lifecycle import Action, Status

Actions = Annotated[tuple[Action, ...], AfterValidator(some)]


class ClockSetting(Setting):
    """A clock of the authority. `length` and `near` (how long before its end it is near) in `unit`.

    It starts with one of the actions `starts`, stops with one of `stops`, and stands still while
    the referral's status is in `paused_while`.
    """

    starts: Actions
    leading_to: tuple[Status, ...] = ()
    """Where given: those starts count that lead to one of these statuses, and no others."""
    stops: Actions
    length: Annotated[float, Field(gt=0, le=10_000)]
    unit: Unit
    near: Annotated[float, Field(ge=0)] = 0
    paused_while: tuple[Status, ...] = (Status.INFORMATION_REQUESTED,)
    source: Source

    @model_validator(mode="after")
    def possible(self) -> Self:
        """An action cannot start and stop the same clock, and near comes after the start."""
        if both := set(self.starts) & set(self.stops):
            raise ValueError(f"{', '.join(sorted(both))} cannot both start and stop the clock")
        if self.near >= self.length:
            raise ValueError("near must be shorter than length")
        return self
