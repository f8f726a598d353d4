"""Refusals the caller can act on, answered as RFC 9457 problem+json.

A refusal is expected and typed; what is neither is a fault (`shared/faults.py`).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from fastapi.responses import Response

MEDIA_TYPE = "application/problem+json"
BODY_LIMIT = 1_048_576
"""Bytes; a referral with everything filled in has about 20,000."""


@dataclass(frozen=True)
class FieldError:
    """One field that must be put right: `pointer` is its JSON pointer, `detail` says how."""

    pointer: str
    detail: str


class Refusal(Exception):
    """What the caller asked is refused, and the detail says what the caller can do."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be understood"

    def __init__(
        self,
        detail: str,
        *,
        pointer: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = [*errors, *([FieldError(pointer, detail)] if pointer else [])]
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The problem document (RFC 9457, section 3)."""
        problem: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            problem["errors"] = [asdict(error) for error in self.errors]
        return problem | self.extra


class BadRequest(Refusal):
    pass


class NotAuthenticated(Refusal):
    status, slug, title = 401, "not-authenticated", "A valid access token is needed"


class Forbidden(Refusal):
    status, slug, title = 403, "not-permitted", "This caller may not do this"


class NotFound(Refusal):
    """Also the answer to what exists but may not be seen: same status, same body."""

    status, slug, title = 404, "not-found", "There is nothing here for this caller"


class MethodNotAllowed(Refusal):
    status, slug, title = 405, "method-not-allowed", "This method is not offered here"


class Conflict(Refusal):
    status, slug, title = 409, "conflict", "Not possible in the present state"


class Gone(Refusal):
    status, slug, title = 410, "gone", "No longer kept"


class Stale(Refusal):
    status, slug, title = 412, "changed-meanwhile", "Somebody changed it meanwhile"


class TooLarge(Refusal):
    status, slug, title = 413, "too-large", "The body is too large"


class Unprocessable(Refusal):
    status, slug, title = 422, "invalid", "Some fields must be put right"


class PreconditionRequired(Refusal):
    status, slug, title = 428, "if-match-missing", "The version you saw is needed"


class TooManyRequests(Refusal):
    status, slug, title = 429, "rate-limited", "Too many requests"


class Unavailable(Refusal):
    status, slug, title = 503, "unavailable", "Not available at the moment"


class ActingWorkerMissing(BadRequest):
    slug, title = "acting-worker-missing", "The worker who acts must be named"


class PurposeMissing(BadRequest):
    slug, title = "purpose-missing", "What for personal data is asked must be said"


class IdempotencyKeyMissing(BadRequest):
    slug, title = "idempotency-key-missing", "An Idempotency-Key is needed"


class IdempotencyKeyReused(Unprocessable):
    slug, title = "idempotency-key-reused", "This Idempotency-Key was used for something else"


class IdempotencyKeyInFlight(Conflict):
    slug, title = "idempotency-key-in-flight", "The first request with this key is still at work"


def problem_response(refusal: Refusal) -> Response:
    return Response(
        json.dumps(refusal.body()), refusal.status, refusal.headers, media_type=MEDIA_TYPE
    )


def problems(*refusals: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI `responses` for the refusals an operation may answer with."""
    described: dict[int | str, dict[str, Any]] = {}
    for refusal in refusals:
        entry = described.setdefault(
            refusal.status,
            {
                "description": refusal.title,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
        if refusal.title not in entry["description"]:
            entry["description"] += f"; {refusal.title}"
        entry.setdefault("x-problems", {})[refusal.slug] = refusal.title
    return described


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong and what the caller can do (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


_FIELD_NAME = re.compile(r"[a-z_]{1,40}")


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body, or the name of the query parameter or header."""
    where, *path = location
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path]
    return "/" + "/".join(steps) if where == "body" else f"{where}:{'.'.join(steps)}"


def field_error(error: Mapping[str, Any], document: Any, *under: str) -> FieldError:
    """One of pydantic's errors about `document`, which stands `under` these fields of the body."""
    where = ("body", *under, *_fields(error, error["loc"], document))
    return _field_error({**error, "loc": where})


def _fields(
    error: Mapping[str, Any], path: Sequence[str | int], document: Any
) -> Iterator[str | int]:
    """The steps of `path` that stand in `document`: not the tag of a union, which is no field."""
    for place, step in enumerate(path, start=1):
        awaited = error["type"] == "missing" and place == len(path)
        if isinstance(document, dict) and step not in document and not awaited:
            continue
        yield step
        document = _inside(document, step)


def _inside(document: Any, step: str | int) -> Any:
    if isinstance(document, dict):
        return document.get(step)
    return document[step] if isinstance(document, list) and isinstance(step, int) else None


def _field_error(error: Mapping[str, Any]) -> FieldError:
    """What was sent is never repeated: not pydantic's `input`, not its words that quote it."""
    where, said = error["loc"], error["msg"]
    if error["type"] == "extra_forbidden":
        # A name that we do not know is repeated only where it looks like the name of a field.
        where = where if _FIELD_NAME.fullmatch(str(where[-1])) else where[:-1]
        said = "A field that is not known here"
    elif error["type"] == "union_tag_invalid":
        said = f"Use one of {error['ctx']['expected_tags']} as {error['ctx']['discriminator']}"
    return FieldError(_pointer(where), said)


def anywhere(error: Mapping[str, Any], body: Any) -> FieldError:
    """One of pydantic's errors about a request: in its body, its query or a header."""
    where, *path = error["loc"]
    return field_error({**error, "loc": path}, body) if where == "body" else _field_error(error)
