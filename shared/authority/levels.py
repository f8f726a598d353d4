"""The continuum of need: levels, groups of need, and the rules of the decision aid."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.authority.sources import Code, Setting, Source, Words


class Level(Setting):
    """A level of need, in the order of the file from the least to the most."""

    name: Words
    words: Words
    part_of: Code | None = None
    """The level that this one is a part of."""
    early_help: bool = False
    """Whether a family at this level is helped by early help."""
    source: Source


class AgeScope(Setting):
    """Whom early help is for."""

    before_birth: bool
    until: Annotated[int, Field(ge=1, le=30)]
    """Up to and including this age, in years."""
    until_with_send: Annotated[int, Field(ge=1, le=30)] | None = None
    """The same for special educational needs or disabilities, where it is longer."""
    source: Source


class NeedGroup(Setting):
    """The authority's words for a group of needs."""

    name: Words
    source: Source


class Indicator(Setting):
    """Something that the referrer can say of a family; `level` where it alone suggests one."""

    words: Words
    need_group: Code
    level: Code | None = None
    source: Source


class Rule(Setting):
    """Several indicators together: `at_least` so many of `of` (of all, where it says none).

    A rule without a level is only told: it names a programme, or what to look at.
    """

    at_least: Annotated[int, Field(ge=1)]
    of: tuple[Code, ...] = ()
    level: Code | None = None
    words: Words
    source: Source

    @model_validator(mode="after")
    def can_be_met(self) -> Self:
        """More cannot be asked than there are."""
        if self.of and self.at_least > len(self.of):
            raise ValueError(f"at_least {self.at_least} of {len(self.of)} indicators never comes")
        return self


class Thresholds(Setting):
    """What the decision aid weighs. It suggests and gives reasons; a person decides."""

    indicators: dict[Code, Indicator] = {}
    rules: tuple[Rule, ...] = ()
    source: Source
