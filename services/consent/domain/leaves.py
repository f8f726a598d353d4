"""What the audit log keeps: one leaf for each decision, release, write and erasure.

A leaf is kept for ever, so it carries ids, codes and the names of fields, never what a field says.
What was said, for instance why a safeguarding lead went past a refusal, is its *detail*: sealed
beside the log together with a salt. The leaf holds their salted hash alone: when the detail is
erased, salt and all, nobody can tell any more what it was, and every proof holds as before.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from services.consent.domain.canonical import canonical
from services.consent.domain.facts import Answer, Answers
from shared.auth import Caller

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=100)]
"""A code of the hub's own, e.g. `identity.name`: no sentence, and no number of a person."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:/@#()+-]{0,199}$")]
"""The key of a clause, an article of law, a hash. No spaces: a sentence is none."""
FieldName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*|\[\])*$", max_length=200)
]
"""Where a field stands in an answer, e.g. `people[].nhs_number`."""
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
SALT_BYTES = 32


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class By(_Part):
    """Who asked or acted: through which system, of which agency, which worker."""

    client_id: Text
    agency_id: UUID | None = None
    worker_id: UUID | None = None

    @classmethod
    def caller(cls, caller: Caller) -> "By":
        """As the internal token says it."""
        return cls(
            client_id=caller.client_id, agency_id=caller.agency_id, worker_id=caller.worker_id
        )


class _Leaf(_Part):
    v: Literal[1] = 1
    """The form of the leaf. A verifier hashes what is stored, whatever its form."""
    at: Instant
    by: By
    people: tuple[UUID, ...] = ()
    """Whom it is about: by them a person's own log is found, and their details are erased."""


class Answered(_Part):
    """The same answer for these people and these categories, and what it rests on."""

    people: tuple[UUID, ...]
    categories: tuple[Word, ...]
    permitted: bool
    why: Word
    clauses: tuple[Code, ...] = ()
    bases: tuple[Code, ...] = ()
    conditions: tuple[Code, ...] = ()
    obligations: tuple[Word, ...] = ()

    @classmethod
    def each(cls, answers: Answers) -> tuple["Answered", ...]:
        """Every answer, each once: a family's record has many categories and few answers."""
        alike: dict[int, list[UUID]] = {}
        for person, of_person in answers.items():  # equal facts have one and the same answers
            alike.setdefault(id(of_person), []).append(person)
        people: dict[tuple[Answer, tuple[str, ...]], list[UUID]] = {}
        for persons in alike.values():
            categories: dict[Answer, list[str]] = {}
            for category, answer in answers[persons[0]].items():
                categories.setdefault(answer, []).append(category)
            for answer, named in categories.items():
                people.setdefault((answer, tuple(sorted(named))), []).extend(persons)
        return tuple(
            cls(
                people=tuple(of),
                categories=named,
                permitted=answer.permitted,
                why=answer.why,
                clauses=answer.clauses,
                bases=answer.bases,
                conditions=answer.conditions,
                obligations=answer.obligations,
            )
            for (answer, named), of in people.items()
        )


class Decided(_Leaf):
    """Somebody asked to see, and what was permitted and what was not.

    Source: the decision records of LEAP, IHE PCF and fides, as IHE BALP audits them.
    """

    kind: Literal["decision"] = "decision"
    purpose: Word
    to_agency_id: UUID | None = None
    """Who receives it, where that is not the agency that asks."""
    operation: Word | None = None
    """For which operation of the service that asks."""
    records: tuple[UUID, ...] = ()
    """Which records of that service it is about."""
    stated: tuple[Word, ...] = ()
    """What that service has said of the agency and these people, beside what is known here."""
    answers: tuple[Answered, ...]
    consent_ids: tuple[UUID, ...] = ()
    override_ids: tuple[UUID, ...] = ()
    """Each of them that has released something: of any it may be unsafe to tell the family."""
    policy_hash: Code | None = None
    """Of the policies that decided: with it the decision can be made again."""


class Released(_Leaf):
    """What left on a decision: the names of the fields and how many values, not the values."""

    kind: Literal["release"] = "release"
    decision_index: Annotated[int, Field(ge=0)]
    """The leaf of the decision."""
    operation: Word
    fields: tuple[FieldName, ...]
    values: Annotated[int, Field(ge=0)]


class Written(_Leaf):
    """Something was decided, given, withdrawn, published … and changed the consent service."""

    kind: Literal["write"] = "write"
    operation: Word
    """What was done, e.g. `agreement.withdraw`."""
    records: tuple[UUID, ...] = ()
    fields: tuple[FieldName, ...] = ()
    """Which fields were written."""
    code: Word | None = None
    """The coded reason, where the operation has one."""


class Erased(_Leaf):
    """The details of a person were erased; the leaves they belonged to stay."""

    kind: Literal["erasure"] = "erasure"
    leaves: tuple[int, ...]


Leaf = Decided | Released | Written | Erased


@dataclass(frozen=True)
class Record:
    """A leaf to append, with what was said in words.

    The detail of a leaf goes when one of its `people` is erased: for words about one of several
    people append one leaf for each.
    """

    leaf: Leaf
    detail: Mapping[str, Any] | None = None

    def entry(self, salt: bytes) -> dict[str, Any]:
        """What the log stores; with a detail its salted hash, under `detail`."""
        entry = self.leaf.model_dump(mode="json", exclude_none=True)
        if self.detail is not None:
            entry["detail"] = committed(self.detail, salt).hex()
        return entry


def committed(detail: Mapping[str, Any], salt: bytes) -> bytes:
    """The salted hash of a detail: HMAC-SHA-256, 32 bytes. Without the salt it tells nothing."""
    return hmac.digest(salt, canonical(detail), "sha256")
