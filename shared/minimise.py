"""Answers are built up from what may leave, and never stripped down: what is not classified stays.

A field says its category beside its type, `Annotated[str | None, Of("identity.name")]`; what says
nothing about anybody is `Open`. Whose data it is, a model says by `whose`: the field that names the
person; what stands outside of such a model is about the record as a whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, SerializeAsAny
from pydantic.fields import FieldInfo

from shared.categories import CATEGORIES, Group, is_in

Json = dict[str, Any]
Permits = Callable[[str, UUID | None], bool]
"""Whether a category of a person may leave; without a person, of the record as a whole."""


class Unclassified(Exception):
    """A field of an answer has no category: the service must not start."""


@dataclass(frozen=True)
class Otherwise:
    """The category is another one where the field beside it holds one of these values."""

    field: str
    values: frozenset[Any]
    category: str


@dataclass(frozen=True)
class Of:
    """What a field, and everything in it, is about."""

    category: str
    otherwise: Otherwise | None = None

    def categories(self) -> frozenset[str]:
        """Each that it can be of."""
        also = {self.otherwise.category} if self.otherwise else set()
        return frozenset({self.category, *also})

    def of(self, source: Mapping[str, Any]) -> str:
        """The one that it is of, by what stands beside it."""
        other = self.otherwise
        if other is not None and source.get(other.field) in other.values:
            return other.category
        return self.category


@dataclass(frozen=True)
class Open:
    """A field that says nothing about anybody, and why that is so."""

    because: str


Mark = Of | Open


def built(
    model: type[BaseModel], source: Mapping[str, Any], permits: Permits, whose: UUID | None = None
) -> Json:
    """The part of `source` that may leave as `model`, built from nothing.

    Of the parts of it, and of people, only those appear of which something is permitted.
    """
    answer, _ = _built(model, source, permits, whose)
    return answer


def part_of(
    model: type[BaseModel], source: Mapping[str, Any], permits: Permits, whose: UUID | None = None
) -> Json | None:
    """The same of something that is not there where nothing of it may leave."""
    answer, released = _built(model, source, permits, whose)
    return answer if released else None


def _built(
    model: type[BaseModel], source: Mapping[str, Any], permits: Permits, whose: UUID | None
) -> tuple[Json, bool]:
    """The answer, and whether anything in it is of a category."""
    if named := getattr(model, "whose", None):
        whose = UUID(str(source[named]))
    answer: Json = {}
    released = False
    for name, field in model.model_fields.items():
        value = source.get(name)
        if value is None:
            continue
        mark = mark_of(field)
        if isinstance(mark, Open):
            answer[name] = value
        elif isinstance(mark, Of):
            if _may_leave(model, mark, source, permits, whose):
                answer[name], released = value, True
        else:
            inner = _inside(field, value, permits, whose)
            released = released or bool(inner)
            if inner is not None:
                answer[name] = inner
    return answer, released


def _inside(field: FieldInfo, value: Any, permits: Permits, whose: UUID | None) -> Any:
    """A part of the answer, or a list of them, without those of which nothing is permitted.

    Where nothing in the list could be permitted, it does not say that it is empty either.
    """
    [model] = models_in(field.annotation)
    if not isinstance(value, list | tuple):
        return part_of(model, value, permits, whose)
    parts = (part_of(model, one, permits, whose) for one in value)
    found = [one for one in parts if one is not None]
    if not found and not any(permits(category, whose) for category in categories(model)):
        return None
    return found


def _may_leave(
    model: type[BaseModel],
    mark: Of,
    source: Mapping[str, Any],
    permits: Permits,
    whose: UUID | None,
) -> bool:
    """Also what the category hangs on must be permitted: else that the field is there tells it."""
    category = mark.of(source)
    if is_in(category, Group.SEALED) or not permits(category, whose):
        return False
    if mark.otherwise is None:
        return True
    beside = mark_of(model.model_fields[mark.otherwise.field])
    return isinstance(beside, Open) or (
        isinstance(beside, Of) and permits(beside.of(source), whose)
    )


def mark_of(field: FieldInfo) -> Mark | None:
    """How a field is classified; None: by what is in it."""
    return next((one for one in field.metadata if isinstance(one, Of | Open)), None)


def marks(model: type[BaseModel], at: str = "") -> Iterator[tuple[str, Mark]]:
    """Every path of an answer with its mark. Raises Unclassified, which names the path.

    A model that says `about_nobody`, and why, is not looked into.
    """
    if "about_nobody" in vars(model):
        return
    here = at or model.__name__
    if model.model_config.get("extra") == "allow" or model.model_computed_fields:
        raise Unclassified(f"{here}: lets fields leave that no class names")
    for name, field in model.model_fields.items():
        path = f"{here}.{name}"
        mark = mark_of(field)
        if mark is None:
            for inner in models_in(field.annotation, path):
                many = "[]" if _is_list(field.annotation) else ""
                yield from marks(inner, f"{path}{many}")
            continue
        _refuse_anything(field, path)
        unknown = mark.categories() - CATEGORIES.keys() if isinstance(mark, Of) else ()
        if unknown:
            raise Unclassified(f"{path}: there is no category {', '.join(sorted(unknown))}")
        yield path, mark


def models_in(annotation: Any, path: str = "") -> list[type[BaseModel]]:
    """The models of which a type is made. Raises Unclassified where it holds anything else."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inside = inside[:1]
    elif origin not in (list, tuple, Union, UnionType):
        raise Unclassified(f"{path}: say of which category it is, shared/minimise.py says how")
    parts = [part for part in inside if part not in (type(None), Ellipsis)]
    return [model for part in parts for model in models_in(part, path)]


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple) or any(
        get_origin(part) in (list, tuple) for part in get_args(annotation)
    )


def _refuse_anything(field: FieldInfo, path: str) -> None:
    """A type that lets through what nobody has named would carry it under this category."""
    if any(map(_is_open_ended, (*field.metadata, field.annotation))):
        raise Unclassified(f"{path}: its type must name everything that can be in it")


def _is_open_ended(annotation: Any) -> bool:
    if isinstance(annotation, SerializeAsAny):  # type: ignore[misc]  # an alias to mypy alone
        return True
    if annotation in (Any, object, dict, list, tuple) or get_origin(annotation) in (dict, Mapping):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.values()
        loose = annotation.model_config.get("extra") == "allow"
        return loose or any(_is_open_ended(field.annotation) for field in fields)
    return any(map(_is_open_ended, get_args(annotation)))


def classification(models: Iterable[type[BaseModel]]) -> dict[str, str]:
    """Each path that can leave, and its category or why it is open. Raises Unclassified."""
    return {
        path: " or ".join(sorted(mark.categories())) if isinstance(mark, Of) else mark.because
        for model in models
        for path, mark in marks(model)
    }


def categories(*models: type[BaseModel]) -> frozenset[str]:
    """Every category of which something can stand in such answers, but what is sealed."""
    found = (mark for model in models for _, mark in marks(model) if isinstance(mark, Of))
    named = (category for mark in found for category in mark.categories())
    return frozenset(category for category in named if not is_in(category, Group.SEALED))
