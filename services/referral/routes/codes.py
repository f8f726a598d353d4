"""The code lists over HTTP: for whoever fills in a form, or reads an old history."""

from typing import Annotated, Any, ClassVar, Self

from fastapi import APIRouter

from services.referral.domain.codes import code_lists
from services.referral.routes.answers import Answer
from shared.auth import Caller, Scope, requires

router = APIRouter(prefix="/api/v1/codes", tags=["Code lists"])

_Anybody = Annotated[Caller, requires(Scope.REFERRALS_READ, worker=False)]
"""Code lists say nothing about anybody: no worker is asked for."""


class CodeOut(Answer):
    """A code with its words, and what the census calls the same thing."""

    code: str
    label: str
    census: str | None = None
    """Its code in the census's list; none where the census asks for no such thing."""
    retired_in: int | None = None
    """The version from which on it is read in old histories, and no longer written."""


class CodeListOut(Answer):
    """A list of codes. `version` rises whenever a code is added or retired."""

    about_nobody: ClassVar[str] = "code lists are public"
    name: str
    version: int
    source: str
    census: str | None = None
    """The census's list that its codes are mapped to."""
    codes: list[CodeOut]

    @classmethod
    def of(cls, name: str, said: dict[str, Any]) -> Self:
        codes = [CodeOut(code=code, **told) for code, told in said["codes"].items()]
        return cls(name=name, **said | {"codes": codes})


class CodesOut(Answer):
    lists: list[CodeListOut]


@router.get("", response_model_exclude_none=True)
async def code_lists_of_the_hub(_: _Anybody) -> CodesOut:
    """Every code list: labels, versions, sources, and the codes that are retired."""
    return CodesOut(lists=[CodeListOut.of(name, said) for name, said in code_lists().items()])
