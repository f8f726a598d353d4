"""The caller's own authority over HTTP: its settings, and its thresholds as a decision aid."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.referral.domain.thresholds import Advice, advise, unknown_indicators
from services.referral.routes.answers import Answer
from services.referral.routes.callers import AtDesk
from shared.auth import Caller, Scope, requires
from shared.authority import Authority, ClockSetting
from shared.authority.brand import Brand, Vocabulary
from shared.authority.hours import CoverHours, Languages, RequestedServices, Telephone
from shared.authority.levels import AgeScope, Level, NeedGroup, Thresholds
from shared.authority.places import Hub, Panel
from shared.authority.sources import Code
from shared.errors import Forbidden, Unprocessable, problems

router = APIRouter(prefix="/api/v1", tags=["The authority"])

AnyClient = Annotated[Caller, requires(Scope.REFERRALS_READ, worker=False)]
"""A client of an agency; settings are public, so no worker need be named."""


class EmergencyOut(BaseModel):
    """The council's emergency line when the front door is open, and when it is not."""

    advice: str
    front_door: Telephone
    out_of_hours: Telephone


class AuthorityOut(Answer):
    """The settings that a referrer, a form or a page needs; each figure with its source."""

    about_nobody: ClassVar[str] = "the settings are public"
    id: str
    name: str
    brand: Brand
    language: Languages
    words: Vocabulary
    age_scope: AgeScope
    levels: Mapping[str, Level]
    """From the least need to the most."""
    need_groups: Mapping[str, NeedGroup]
    thresholds: Thresholds
    """What to ask of a family: POST /api/v1/threshold-advice says what the answers suggest."""
    way: list[str]
    """The steps after the decision, in this authority's order."""
    clocks: Mapping[str, ClockSetting]
    panels: Mapping[str, Panel]
    hubs: Mapping[str, Hub]
    cover: CoverHours
    emergency: EmergencyOut
    enquiries: Telephone | None = None
    requested_services: RequestedServices
    """Where a referral goes that names a service of the directory."""
    draft_days: int
    re_referral_months: int

    @classmethod
    def of(cls, council: Authority) -> Self:
        """The settings by their names; what is not named here does not leave."""
        names = [name for name in cls.model_fields if name != "emergency"]
        said = {name: getattr(council, name) for name in names}
        told = council.emergency
        numbers = EmergencyOut(
            advice=told.advice, front_door=told.front_door, out_of_hours=told.out_of_hours
        )
        return cls(**said | {"way": list(council.way), "emergency": numbers})


@router.get("/authority", response_model_exclude_none=True, responses=problems(Forbidden))
async def look_at_the_authority(caller: AnyClient, desk: AtDesk) -> AuthorityOut:
    """The settings of the authority in whose hub the caller's agency takes part."""
    return AuthorityOut.of(desk.council(caller))


class Answers(BaseModel):
    """What is so in the family: codes of the authority's indicators, and nothing about anybody."""

    model_config = ConfigDict(extra="forbid")

    indicators: Annotated[list[Code], Field(max_length=50)]


class ReasonOut(Answer):
    """Why a level is suggested; without a level, something to be looked at."""

    words: str
    level: str | None = None
    indicators: list[str]


class AdviceOut(Answer):
    """A suggestion and its reasons: rules, no score, and a person decides."""

    about_nobody: ClassVar[str] = "of answers about nobody who is named"
    level: str | None = None
    name: str | None = None
    """What the authority calls the level."""
    reasons: list[ReasonOut]
    lit: list[str]
    """The indicators that were taken into account."""

    @classmethod
    def of(cls, advice: Advice, council: Authority) -> Self:
        """The advice in the authority's words."""
        return cls(
            level=advice.level,
            name=council.levels[advice.level].name if advice.level else None,
            reasons=[
                ReasonOut(words=one.words, level=one.level, indicators=list(one.indicators))
                for one in advice.reasons
            ],
            lit=list(advice.lit),
        )


@router.post(
    "/threshold-advice",
    response_model_exclude_none=True,
    responses=problems(Forbidden, Unprocessable),
)
async def ask_what_the_thresholds_suggest(
    caller: AnyClient, answers: Answers, desk: AtDesk
) -> AdviceOut:
    """The level of need that the answers suggest, and why. Nothing is stored."""
    council = desk.council(caller)
    if unknown := [*unknown_indicators(council, answers.indicators, "/indicators")]:
        raise Unprocessable(
            f"Use the codes of {council.name}: GET /api/v1/authority lists them", errors=unknown
        )
    return AdviceOut.of(advise(council, answers.indicators), council)
