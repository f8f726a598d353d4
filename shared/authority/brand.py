"""What the authority calls things, and how it looks to families."""

import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.authority.sources import Setting, Source, Words

_ENOUGH = 4.5
"""Contrast of text that everybody can read (WCAG 2.2, success criterion 1.4.3)."""
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Word(Setting):
    """The authority's word for something that has one key in the hub."""

    name: Words
    short: Words | None = None
    source: Source

    def __str__(self) -> str:
        return self.name


class Vocabulary(Setting):
    """The words that differ between authorities."""

    front_door: Word
    assessment: Word
    plan: Word
    lead_professional: Word
    team_around_the_family: Word
    levels: Word
    """What the continuum of need is called."""
    offer: Word
    """Where families and workers find help."""


class Brand(Setting):
    """What families see: the council's own name and colours; the crown is the government's."""

    name: Words
    colour: Colour
    text: Colour = "#ffffff"
    """The colour of letters on `colour`."""
    source: Source

    @model_validator(mode="after")
    def readable(self) -> Self:
        """Letters must stand out, and nobody looks like GOV.UK."""
        if re.search(r"gov\.?uk", self.name, re.IGNORECASE):
            raise ValueError("the name is the council's own, without GOV.UK")
        found = contrast(self.colour, self.text)
        if found < _ENOUGH:
            raise ValueError(f"contrast is {found:.2f} and must be at least {_ENOUGH}")
        return self


_HERE = r"http://(?:localhost|127\.0\.0\.1)"
_HOST = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+"
Origin = Annotated[str, Field(pattern=rf"^(?:https://{_HOST}|{_HERE})(?::[0-9]{{1,5}})?$")]
"""A website without a path: this very host and no other, encrypted unless it is on this machine."""


class Websites(Setting):
    """The council's own websites that may show the directory's pages inside theirs."""

    origins: tuple[Origin, ...]
    source: Source


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
