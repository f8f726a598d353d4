"""Code lists with their sources (`codes.json`), as types that know their codes."""

import json
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

_LISTS: dict[str, dict[str, str]] = json.loads(
    files("services.referral.domain").joinpath("codes.json").read_text()
)


def _one_of(name: str) -> Any:
    """The type of a code of the list `name`: validated, and listed in OpenAPI."""
    codes = _LISTS[name]

    def known(code: str) -> str:
        if code not in codes:
            raise ValueError(f"Use a code of the list {name}")
        return code

    described = {"type": "string", "enum": list(codes), "description": f"Code list: {name}"}
    return Annotated[str, AfterValidator(known), WithJsonSchema(described)]


NeedGroup = _one_of("need_groups")
Factor = _one_of("factors")
Ethnicity = _one_of("ethnicity")
Disability = _one_of("disability")
ReferralSource = _one_of("referral_source")

NO_FACTORS = "21"
"""Excludes every other factor (census rule)."""
NO_DISABILITY = "NONE"
"""Excludes every other disability (census rule)."""


class Sex(StrEnum):
    """As the census asks since 2024-25."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class OtherBasis(StrEnum):
    """Why a family's data is shared without its agreement; always with the reason in words."""

    DUTY_TO_SHARE = "duty_to_share"
    PUBLIC_TASK = "public_task"
    VITAL_INTERESTS = "vital_interests"
    SAFEGUARDING = "safeguarding_of_children"


class WithdrawalReason(StrEnum):
    """Why the referrer takes a referral back."""

    FAMILY_DECLINED = "family_declined"
    NEEDS_MET = "needs_met_another_way"
    MOVED_AWAY = "moved_out_of_area"
    MISTAKEN = "mistaken_or_duplicate"
    OTHER = "other"
