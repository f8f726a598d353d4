"""Where a figure comes from: every figure of an authority's settings says it."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_serializer, model_validator

SEEDS = (
    "Hounslow: Early Help Partnership Commitment 2019-2021",
    "Herefordshire: Early Help Strategy 2016-2018",
    "Tower Hamlets: Early Help Strategy 2018-2021",
    "Barnet: Early Help Strategy 2019-2022",
    "Reading: Early Intervention and Prevention Partnership Strategy 2018-2021",
)
"""The published strategies that the hub was built for; a source names one by its place here."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
"""A name for machines: small letters, digits and underscores."""
Words = Annotated[str, Field(min_length=1, max_length=2_000)]


Items = TypeVar("Items", bound=Sequence[object])


def some(items: Items) -> Items:
    """At least one of them; asked last, so that a wrong one is not told twice."""
    if not items:
        raise ValueError("name at least one")
    return items


class Setting(BaseModel):
    """A part of an authority's settings; an unknown key is a mistake, and nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Source(Setting):
    """Exactly one of: a quotation of a strategy, a statute, guidance, local practice, a sample.

    `sample` alone says that a figure was made up to try the hub with, and must be set before use.
    """

    seed: Annotated[int, Field(ge=0, lt=len(SEEDS))] | None = None
    quote: Words | None = None
    """The strategy's exact words; white space apart, they are found in its text."""
    statute: Words | None = None
    guidance: Words | None = None
    local: Words | None = None
    """Public local practice, named so that it can be looked up."""
    sample: Words | None = None
    note: Words | None = None
    """What the source does not say, and what was chosen."""

    @model_validator(mode="before")
    @classmethod
    def plain_sample(cls, given: Any) -> Any:
        """`source: sample` is short for one that needs no more words."""
        if isinstance(given, str):
            if given != "sample":
                raise ValueError("write sample, or one of seed, statute, guidance, local: …")
            return {"sample": "made up to try the hub with"}
        return given

    @model_validator(mode="after")
    def exactly_one(self) -> Self:
        """A strategy is always quoted, and nothing else is."""
        kinds = [self.seed, self.statute, self.guidance, self.local, self.sample]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("give one of seed, statute, guidance, local or sample")
        if (self.seed is None) != (self.quote is None):
            raise ValueError("a seed goes with its quote, and a quote with its seed")
        return self

    @property
    def kind(self) -> str:
        """One of strategy, statute, guidance, local, sample."""
        if self.seed is not None:
            return "strategy"
        named = ("statute", "guidance", "local", "sample")
        return next(kind for kind in named if getattr(self, kind) is not None)

    @model_serializer
    def told(self) -> str:
        """As a reader is told it: one sentence."""
        return str(self)

    def __str__(self) -> str:
        said = self.statute or self.guidance or self.local or f"sample: {self.sample}"
        if self.seed is not None:
            said = f"{SEEDS[self.seed]}: “{self.quote}”"
        return f"{said} ({self.note})" if self.note else said


def plain(words: str) -> str:
    """Words as they are compared: one blank for any white space."""
    return re.sub(r"\s+", " ", words).strip()
