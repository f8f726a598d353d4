"""What somebody has typed or pasted, as it was meant: what all questions share."""

import unicodedata
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from services.directory.domain.readers import DAYS

_NAMES = "monday tuesday wednesday thursday friday saturday sunday".split()
_DAYS = {name: day for day, name in zip(DAYS, _NAMES, strict=True)}
_DAYS |= {name[:3]: day for name, day in _DAYS.items()} | {day.lower(): day for day in DAYS}
_UNSEEN, _MEANT_FOR_OTHERS = "Cf", ("Co", "Cn")
"""Zero width, soft hyphens, marks of direction; letters of somebody's own, as icons are."""


def typed(said: object) -> object:
    """Every kind of blank is one blank, and what nobody sees is gone."""
    if not isinstance(said, str):
        return said
    kinds = ((letter, unicodedata.category(letter)) for letter in said)
    seen = (" " if kind in _MEANT_FOR_OTHERS else x for x, kind in kinds if kind != _UNSEEN)
    return " ".join("".join(seen).split())


def _readable(said: str) -> str:
    if not said.isprintable():
        raise ValueError("Send text without control characters")
    return said


def _weekday(said: object) -> object:
    """MO, mo, Mon and Monday are the same."""
    return _DAYS.get(said.strip().lower(), said) if isinstance(said, str) else said


def _local(at: time) -> time:
    if at.tzinfo:
        raise ValueError("Send the time as a clock shows it, without an offset")
    return at


Words = Annotated[str, BeforeValidator(typed), Field(max_length=500), AfterValidator(_readable)]
Day = Annotated[Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"], BeforeValidator(_weekday)]
Clock = Annotated[time, AfterValidator(_local)]


def _unless_blank(said: object) -> object:
    return False if is_blank(said) else said


Flag = Annotated[bool, BeforeValidator(_unless_blank)]


def is_blank(said: object) -> bool:
    """Nothing is said by it."""
    return isinstance(said, str) and not typed(said)


class Question(BaseModel):
    """A parameter that is sent empty asks nothing, as forms send what nobody filled in."""

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, said: Any) -> Any:
        if not isinstance(said, Mapping):
            return said
        told = {name: _told(value) for name, value in said.items()}
        return {n: v for n, v in told.items() if n not in cls.model_fields or v not in ("", [])}


def _told(said: object) -> object:
    if isinstance(said, list):
        return [one for one in said if not is_blank(one)]
    return "" if is_blank(said) else said
