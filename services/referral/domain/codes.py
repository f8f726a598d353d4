"""Code lists with their sources, as types that know their codes.

`codes.json` holds the census's own lists; `reasons.json` the hub's, each with its version, what the
census calls the same thing, and the codes that are retired: those are read, and no longer written.
"""

import json
from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

_FOLDER = files("services.referral.domain")
_LISTS: dict[str, dict[str, str]] = json.loads(_FOLDER.joinpath("codes.json").read_text())
REASONS: dict[str, dict[str, Any]] = json.loads(_FOLDER.joinpath("reasons.json").read_text())
OTHER = "other"
"""In every list of reasons: says nothing alone, so words must stand beside it."""


def _one_of(name: str, codes: list[str]) -> Any:
    """The type of a code of the list `name`: validated, and listed in OpenAPI."""

    def known(code: str) -> str:
        if code not in codes:
            raise ValueError(f"Use a code of the list {name}: {', '.join(codes)}")
        return code

    described = {"type": "string", "enum": codes, "description": f"Code list: {name}"}
    return Annotated[str, AfterValidator(known), WithJsonSchema(described)]


def _census(name: str) -> Any:
    return _one_of(name, list(_LISTS[name]))


def _reason(name: str) -> Any:
    """Only codes that are not retired can be given."""
    codes = REASONS[name]["codes"]
    return _one_of(name, [code for code, said in codes.items() if "retired_in" not in said])


NeedGroup = _census("need_groups")
Factor = _census("factors")
Ethnicity = _census("ethnicity")
Disability = _census("disability")
ReferralSource = _census("referral_source")
DeclineReason = _reason("decline")
WithdrawalReason = _reason("withdrawal")
ClosingOutcome = _reason("closing")
HoldReason = _reason("hold")
OtherBasis = _reason("other_basis")

NO_FACTORS = "21"
"""Excludes every other factor (census rule)."""
NO_DISABILITY = "NONE"
"""Excludes every other disability (census rule)."""
SELF = "1C"
"""The source of a referral with which a family asks for itself."""


PRIVATE_SOURCES = frozenset({"1A", "1B", SELF, "1D", "9", "10"})
"""Sources that are, or may be, no worker of an agency: relatives, neighbours, who is not named."""


class Sex(StrEnum):
    """As the census asks since 2024-25."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


def code_lists() -> dict[str, dict[str, Any]]:
    """Every list there is, for whoever fills in or reads a form: labels, versions, sources."""
    census = {
        name: {"version": 1, "source": source, "codes": _labelled(_LISTS[name])}
        for name, source in _LISTS["_sources"].items()
    }
    return census | REASONS


def _labelled(codes: dict[str, str]) -> dict[str, dict[str, str]]:
    return {code: {"label": words} for code, words in codes.items()}
