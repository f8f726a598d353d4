"""A draft: a referral that is still being written, told what it lacks as it grows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from services.referral.domain.submission import NOT_YET, Need, Submission, refuse_days_to_come
from services.referral.domain.thresholds import refuse_unknown
from shared.auth import Caller
from shared.authority import Authority
from shared.errors import Conflict, FieldError, Unprocessable, field_error

Content = dict[str, Any]
"""A submission that may lack anything, as it was typed."""


class DraftSubmitted(Conflict):
    slug = "draft-submitted"
    title = "This draft has become a referral"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft as it stands. `version` is its ETag."""

    id: UUID
    code: str
    """With what any referrer of the agency goes on."""
    agency_id: UUID
    worker_id: UUID
    """Who wrote last."""
    authority: str
    content: Content | None
    """Nothing once it was sent."""
    version: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    referral_id: UUID | None = None

    def rewritten(self, content: Content, *, by: Caller, now: datetime, days: int) -> "Draft":
        """The whole content anew; its days begin again. Raises DraftSubmitted."""
        return replace(
            self.still_written(),
            content=content,
            worker_id=by.acting()[1],
            version=self.version + 1,
            updated_at=now,
            expires_at=now + timedelta(days=days),
        )

    def sent(self, referral_id: UUID, *, by: Caller, now: datetime) -> "Draft":
        """It has become a referral, which holds its words from now on. Raises DraftSubmitted."""
        return replace(
            self.still_written(),
            content=None,
            worker_id=by.acting()[1],
            version=self.version + 1,
            updated_at=now,
            referral_id=referral_id,
        )

    def still_written(self) -> "Draft":
        """The draft itself. Raises DraftSubmitted when it was sent."""
        if self.referral_id is not None:
            raise DraftSubmitted(
                "Follow the referral, and amend that", referral_id=str(self.referral_id)
            )
        return self


def begin(
    content: Content,
    *,
    draft_id: UUID,
    code: str,
    by: Caller,
    council: str,
    now: datetime,
    days: int,
) -> Draft:
    """A new draft of the authority `council`; `days` after the last change it is gone."""
    agency_id, worker_id = by.acting()
    return Draft(
        id=draft_id,
        code=code,
        agency_id=agency_id,
        worker_id=worker_id,
        authority=council,
        content=content,
        version=1,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=days),
    )


@dataclass(frozen=True)
class Standing:
    """How far a draft is: what must still be said, and what was said wrongly."""

    missing: tuple[str, ...]
    """JSON pointers into the content."""
    wrong: tuple[FieldError, ...]

    @property
    def complete(self) -> bool:
        """Whether it could be sent."""
        return not self.missing and not self.wrong


def refuse_what_cannot_be_kept(content: Content) -> None:
    """Fields that nobody knows, and what is no JSON: NaN, half a sign. Raises Unprocessable."""
    if _is_deeper(content, DEEPEST):
        raise Unprocessable("Send no lists and objects inside each other without end")
    try:
        json.dumps(content, allow_nan=False, ensure_ascii=False).encode()
    except ValueError as error:
        raise Unprocessable("Send JSON whose numbers and signs everybody can read") from error
    found = _errors_of(content)
    unknown = [field_error(error, content) for error in found if error["type"] == "extra_forbidden"]
    if unknown:
        raise Unprocessable("Take out the fields that nobody knows", errors=unknown)


DEEPEST = 10
"""Lists and objects inside each other; a submission has half as many."""


def _is_deeper(said: Any, levels: int) -> bool:
    parts = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return levels == 0 or any(_is_deeper(part, levels - 1) for part in parts)


def standing_of(content: Content, council: Authority, today: date) -> Standing:
    """What is there is validated as a submission, and kept all the same.

    `today` is the day in England.
    """
    found = _errors_of(content)
    missing = [field_error(error, content).pointer for error in found if _is_missing(error)]
    wrong = [field_error(error, content) for error in found if not _is_missing(error)]
    wrong += [*_unknown_codes(content, council), *_days_to_come(content, today)]
    return Standing(tuple(missing), tuple(wrong))


def complete(content: Content, today: date) -> Submission:
    """The draft as a submission. Raises Unprocessable with the errors of a referral."""
    try:
        submission = Submission.model_validate(content)
    except ValidationError as error:
        raise Unprocessable(
            "Put right the fields named in `errors` and send it again",
            errors=[field_error(found, content) for found in error.errors()],
        ) from error
    refuse_days_to_come(submission, today)
    return submission


def service_named(content: Content) -> UUID | None:
    """The service of the directory that a draft asks for; None also where that is no id."""
    try:
        return _SERVICE.validate_python(content.get("requested_service_id"))
    except ValidationError:
        return None


def _errors_of(content: Content) -> list[Mapping[str, Any]]:
    try:
        Submission.model_validate(content)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


_SERVICE: TypeAdapter[UUID | None] = TypeAdapter(UUID | None)
_NOTHING: tuple[Any, ...] = (None, "", [], {})
"""What a form sends for a field that nobody has filled in yet."""


def _is_missing(error: Mapping[str, Any]) -> bool:
    """Whether something was not said yet, rather than said wrongly."""
    said = error["input"].strip() if isinstance(error["input"], str) else error["input"]
    return error["type"] in ("missing", "union_tag_not_found") or said in _NOTHING


def _unknown_codes(content: Content, council: Authority) -> Sequence[FieldError]:
    """Levels, groups and indicators that the authority does not have."""
    try:
        refuse_unknown(council, Need.model_validate(content.get("need")))
    except ValidationError:
        return ()  # told already
    except Unprocessable as refused:
        return refused.errors
    return ()


_DAY: TypeAdapter[date] = TypeAdapter(date)


def _days_to_come(content: Content, today: date) -> Iterator[FieldError]:
    """`refuse_days_to_come` for what may lack anything."""
    for where, said in _days_said(content):
        try:
            day = _DAY.validate_python(said)
        except ValidationError:
            continue  # told already: it is no day
        if day > today:
            yield FieldError(where, NOT_YET)


def _days_said(content: Content) -> Iterator[tuple[str, Any]]:
    for group in ("children", "household"):
        people = content.get(group)
        for place, person in enumerate(people if isinstance(people, list) else ()):
            if isinstance(person, dict):
                yield f"/{group}/{place}/date_of_birth", person.get("date_of_birth")
    basis = content.get("basis")
    if isinstance(basis, dict):
        yield "/basis/on", basis.get("on")
