"""What a referrer sends: the family, the need, the safeguarding answers, the basis for sharing.

One document, the same for every partner; kept as it was sent, each part sealed on its own.
"""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from stdnum.exceptions import ValidationError as WrongNumber
from stdnum.gb import nhs, upn

from services.referral.domain.codes import (
    NO_DISABILITY,
    NO_FACTORS,
    Disability,
    Ethnicity,
    Factor,
    NeedGroup,
    OtherBasis,
    ReferralSource,
    Sex,
)
from shared.authority.sources import Code
from shared.errors import FieldError, Unprocessable

Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Line = Annotated[
    str,
    Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$"),
]


def _nhs_number(number: str) -> str:
    try:
        return str(nhs.validate(number))
    except WrongNumber:
        raise ValueError("This is no NHS number: one of its ten digits is wrong") from None


_UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]", re.ASCII)


def _upn(number: str) -> str:
    """Form and check letter alone: the library knows no authority that was made since 2019."""
    compact = number.replace(" ", "").upper()
    if not _UPN.fullmatch(compact) or upn.calc_check_digit(compact[1:]) != compact[0]:
        raise ValueError("This is no UPN: one of its thirteen characters is wrong")
    return compact


NhsNumber = Annotated[str, AfterValidator(_nhs_number), Field(examples=["999 000 0042"])]
Upn = Annotated[str, AfterValidator(_upn), Field(examples=["X873999900001"])]


def _each_once(codes: list[str]) -> list[str]:
    """Census rule: a code said twice is a mistake."""
    if len(set(codes)) != len(codes):
        raise ValueError("Give each code once")
    return codes


def _alone(none: str) -> AfterValidator:
    """Census rule: the code that says `none` excludes every other."""

    def checked(codes: list[str]) -> list[str]:
        if none in codes and len(codes) > 1:
            raise ValueError(f"Code {none} (none) excludes every other code")
        return codes

    return AfterValidator(checked)


NeedGroups = Annotated[
    list[NeedGroup], Field(min_length=1, max_length=10), AfterValidator(_each_once)
]
Indicators = Annotated[list[Code], Field(max_length=50), AfterValidator(_each_once)]
Factors = Annotated[
    list[Factor], Field(max_length=42), AfterValidator(_each_once), _alone(NO_FACTORS)
]
Disabilities = Annotated[
    list[Disability], Field(max_length=13), AfterValidator(_each_once), _alone(NO_DISABILITY)
]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Address(Part):
    """Where somebody lives or stays. A confidential one is shown to the front door alone."""

    lines: Annotated[list[Line], Field(min_length=1, max_length=6)]
    postcode: Annotated[str, Field(max_length=10)] | None = None
    confidential: bool = False


class Person(Part):
    given_name: Line
    family_name: Line
    also_known_as: Line | None = None
    date_of_birth: date | None = None
    sex: Sex = Sex.UNKNOWN
    ethnicity: Ethnicity = "NOBT"
    first_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    """ISO 639 code."""
    interpreter_needed: bool = False
    nhs_number: NhsNumber | None = None
    addresses: Annotated[list[Address], Field(max_length=5)] = []


class Child(Person):
    """A child, or an unborn one: either a date of birth or an expected date."""

    expected_date: date | None = None
    upn: Upn | None = None
    disabilities: Disabilities = []
    school: Line | None = None
    gp: Line | None = None

    @model_validator(mode="after")
    def born_or_expected(self) -> Self:
        """Exactly one of the two dates."""
        if (self.date_of_birth is None) == (self.expected_date is None):
            raise ValueError("Give the date of birth or, for an unborn child, the expected date")
        return self


class HouseholdMember(Person):
    relationship: Line
    """To the children, in the referrer's words: mother, uncle, lodger …"""
    parental_responsibility: bool = False
    telephone: Line | None = None
    email: Line | None = None
    safe_to_contact: bool = True


class Referrer(Part):
    """How the referring worker is reached; who it is stands in the token."""

    source: ReferralSource | None = None
    telephone: Line | None = None
    email: Line | None = None
    contact_safely: Text | None = None
    """How and when the family is reached without danger, in its words."""
    do_not_contact: Text | None = None
    """When and how it must not be reached: who would see or hear it."""


class Need(Part):
    reason: Text
    groups: NeedGroups
    factors: Factors = []
    tried_before: Text | None = None
    childs_words: Text | None = None
    familys_words: Text | None = None
    level: Code | None = None
    """The referrer's own view: a level of the authority."""
    indicators: Indicators = []
    """What of the authority's indicators the referrer sees; they suggest a level."""


class Safeguarding(Part):
    immediate_danger: bool
    """Is a child in immediate danger? The answer tells what to do now."""
    concern: Text | None = None
    child_is_now: Text | None = None
    """Where the child is and how it is, as far as the referrer knows."""


class Agreed(Part):
    """The family agrees to the referral and to sharing what it says."""

    kind: Literal["agreed"]
    by: Line
    on: date


class OnOtherBasis(Part):
    """A referral is never lost because agreement is missing: it goes on another lawful basis."""

    kind: Literal["other"]
    code: OtherBasis
    reason: Annotated[str, Field(min_length=20, max_length=10_000)]


Basis = Annotated[Agreed | OnOtherBasis, Field(discriminator="kind")]


class Submission(Part):
    """A referral as it is sent."""

    referrer: Referrer = Referrer()
    children: Annotated[list[Child], Field(min_length=1, max_length=20)]
    household: Annotated[list[HouseholdMember], Field(max_length=30)] = []
    need: Need
    safeguarding: Safeguarding
    basis: Basis
    despite_open_referral: Annotated[str, Field(min_length=20, max_length=2_000)] | None = None
    """Why this is sent although the same child has an open referral of the same agency."""
    requested_service_id: UUID | None = None
    """The service of the directory that is asked for: one that says that it takes referrals."""

    def people(self) -> list[Child | HouseholdMember]:
        """Everybody named, the children first."""
        return [*self.children, *self.household]


NOT_YET = "This day has not come yet"


def refuse_days_to_come(submission: Submission, today: date) -> None:
    """Nobody was born and nobody agreed after today. Raises Unprocessable."""
    days: list[tuple[str, date | None]] = [
        (f"/{group}/{place}/date_of_birth", person.date_of_birth)
        for group, people in (
            ("children", submission.children),
            ("household", submission.household),
        )
        for place, person in enumerate(people)
    ]
    if isinstance(submission.basis, Agreed):
        days.append(("/basis/on", submission.basis.on))
    to_come = [FieldError(where, NOT_YET) for where, day in days if day and day > today]
    if to_come:
        raise Unprocessable(
            "Put right the fields named in `errors` and send it again", errors=to_come
        )


def identity_of(child: Child) -> list[tuple[str, ...]]:
    """What makes two children the same for the duplicate check: a number, or names and date."""
    born = child.date_of_birth or child.expected_date
    names = (_plain(child.given_name), _plain(child.family_name), str(born))
    found: list[tuple[str, ...]] = [("names", *names)]
    if child.nhs_number:
        found.append(("nhs", child.nhs_number))
    if child.upn:
        found.append(("upn", child.upn))
    return found


def _plain(name: str) -> str:
    """Letters alone, so that `O'Made-Up` and `o made up`, `Zoë` and `Zoe` are the same name."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in apart if sign.isalnum()) or name


def as_stored(part: BaseModel) -> Any:
    """JSON-ready data of one part, without what was not said."""
    return part.model_dump(mode="json", exclude_none=True)
