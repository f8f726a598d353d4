"""An answer is built up of what may leave: nothing else in the source ever changes it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from shared.minimise import Of, Open, Otherwise, Unclassified, built, categories, classification

Json = dict[str, Any]


class Address(BaseModel):
    """Where somebody lives."""

    line: Annotated[
        str | None,
        Of(
            "contact.address",
            Otherwise("confidential", frozenset({True}), "contact.confidential_address"),
        ),
    ] = None
    confidential: Annotated[bool | None, Of("contact.address")] = None


class Somebody(BaseModel):
    """A person of a record."""

    whose: ClassVar[str] = "id"
    id: Annotated[UUID, Open("names the person")]
    name: Annotated[str | None, Of("identity.name")] = None
    born: Annotated[date | None, Of("identity.date_of_birth")] = None
    addresses: list[Address] | None = None


class Told(BaseModel):
    """Some words, and of what kind they are."""

    kind: Annotated[str | None, Of("referral")] = None
    words: Annotated[
        str | None,
        Of("narrative.concerns", Otherwise("kind", frozenset({"end"}), "plan.outcomes")),
    ] = None


class Settings(BaseModel):
    """What is about nobody."""

    about_nobody: ClassVar[str] = "public"
    anything: dict[str, Any] = {}


class Record(BaseModel):
    """Everything that a record can be made of."""

    id: Annotated[int, Open("names the record")]
    level: Annotated[str | None, Of("needs.level")] = None
    people: list[Somebody] | None = None
    told: Told | None = None
    nobody: Settings | None = None


EVERY = sorted(categories(Record))
PEOPLE = [UUID(int=number) for number in (1, 2, 3)]
_texts = st.none() | st.text(max_size=5)
_addresses = st.lists(
    st.fixed_dictionaries({"line": _texts, "confidential": st.booleans() | st.none()}), max_size=2
)


def _person(who: UUID) -> st.SearchStrategy[Json]:
    said = {"name": _texts, "born": st.none() | st.dates(), "addresses": _addresses}
    return st.fixed_dictionaries({"id": st.just(who)} | said)


_kinds = st.sampled_from([None, "begin", "end"])
_records = st.fixed_dictionaries(
    {
        "id": st.just(7),
        "level": _texts,
        "told": st.none() | st.fixed_dictionaries({"kind": _kinds, "words": _texts}),
        "people": st.tuples(*map(_person, PEOPLE)).map(list),
        "never_classified": st.text(),
    }
)
_grants = st.dictionaries(st.sampled_from([None, *PEOPLE]), st.frozensets(st.sampled_from(EVERY)))
Grants = Mapping[UUID | None, frozenset[str]]


def _seen(record: Json, grants: Grants) -> Json:
    return built(Record, record, lambda category, whose: category in grants.get(whose, frozenset()))


def _leaf(of: Json, field: str, category: str, grant: frozenset[str]) -> Any:
    """What a reader with `grant` may know of one leaf: a hand-written second opinion."""
    return of.get(field) if category in grant else None


def _may_know(record: Json, grants: Grants) -> Any:
    """Everything that the reader may know of a record, found without the model."""
    whole = grants.get(None, frozenset())
    told = record["told"] or {}
    kind = _leaf(told, "kind", "referral", whole)
    about = "plan.outcomes" if told.get("kind") == "end" else "narrative.concerns"
    known = {"level": _leaf(record, "level", "needs.level", whole), "kind": kind}
    known["words"] = _leaf(told, "words", about, whole) if "referral" in whole else None
    for person in record["people"]:
        own = grants.get(person["id"], frozenset())
        lives = person["addresses"] if "contact.address" in own else []
        known[person["id"]] = (
            _leaf(person, "name", "identity.name", own),
            _leaf(person, "born", "identity.date_of_birth", own),
            [{} if one["confidential"] else {"line": one["line"]} for one in lives],
            [one["confidential"] for one in lives],
        )
    return known


def _released(answer: Any) -> set[tuple[Any, ...]]:
    """Every leaf that has left, by its path; people by their ids."""
    found: set[tuple[Any, ...]] = set()

    def walk(value: Any, path: tuple[Any, ...]) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, (*path, name))
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                walk(inner, (*path, inner.get("id", place)))
        else:
            found.add(path)

    walk(answer, ())
    return found


@given(_records, _records, _grants)
def test_two_records_that_differ_in_what_may_not_be_seen_alone_give_the_same_answer(
    record: Json, other: Json, grants: Grants
) -> None:
    """Each part of `other` that the reader may not see is put into `record`."""
    scrambled = _with_hidden(record, other, grants)

    assert _may_know(scrambled, grants) == _may_know(record, grants)
    assert repr(_seen(scrambled, grants)) == repr(_seen(record, grants))


def _with_hidden(record: Json, other: Json, grants: Grants) -> Json:
    whole = grants.get(None, frozenset())
    mixed = record | {"never_classified": other["never_classified"]}
    if "needs.level" not in whole:
        mixed["level"] = other["level"]
    if "referral" not in whole:
        mixed["told"] = other["told"]
    elif record["told"] and _may_know(record, grants)["words"] is None:
        mixed["told"] = record["told"] | {"words": None}
    mixed["people"] = [
        _person_with_hidden(person, theirs, grants.get(person["id"], frozenset()))
        for person, theirs in zip(record["people"], other["people"], strict=True)
    ]
    return mixed


def _person_with_hidden(person: Json, other: Json, own: frozenset[str]) -> Json:
    fields = {"name": "identity.name", "born": "identity.date_of_birth"}
    hidden = {name: other[name] for name, category in fields.items() if category not in own}
    if "contact.address" not in own:
        return person | hidden | {"addresses": other["addresses"]}
    addresses = [
        one | {"line": "somewhere else"} if one["confidential"] else one
        for one in person["addresses"]
    ]
    return person | hidden | {"addresses": addresses}


@given(_records, _grants, _grants)
def test_more_that_is_permitted_never_releases_less_and_nothing_that_is_not(
    record: Json, grants: Grants, more: Grants
) -> None:
    both = {
        who: grants.get(who, frozenset()) | more.get(who, frozenset()) for who in (None, *PEOPLE)
    }

    less, all_of_it = _released(_seen(record, grants)), _released(_seen(record, both))

    assert less <= all_of_it
    assert _released(_seen(record, {})) == {("id",)}
    assert not any("never_classified" in path for path in all_of_it)


@given(_records, _grants)
def test_building_the_answer_again_changes_nothing(record: Json, grants: Grants) -> None:
    once = _seen(record, grants)

    assert _seen(once, grants) == once


def test_a_sealed_address_leaves_to_nobody_whatever_is_permitted() -> None:
    home, refuge = {"line": "1 Open Road"}, {"line": "9 Hidden Court", "confidential": True}
    record = {"id": 7, "people": [{"id": PEOPLE[0], "addresses": [home, refuge]}]}

    seen = built(Record, record, lambda category, whose: True)

    assert seen["people"][0]["addresses"] == [home, {"confidential": True}]


def test_of_a_person_of_whom_nothing_may_leave_not_even_the_id_leaves() -> None:
    record = {"id": 7, "people": [{"id": who, "name": "Zebedee"} for who in PEOPLE]}
    grants: Grants = {PEOPLE[1]: frozenset({"identity.name"})}

    assert _seen(record, grants) == {"id": 7, "people": [{"id": PEOPLE[1], "name": "Zebedee"}]}


class _Loose(BaseModel):
    model_config = ConfigDict(extra="allow")


class _Inner(BaseModel):
    shoe_size: int


@pytest.mark.parametrize(
    ("annotation", "named"),
    [
        (str, "Drifted.new"),
        (_Inner, "Drifted.new.shoe_size"),
        (list[_Inner], r"Drifted.new\[\].shoe_size"),
        (list[_Inner] | None, r"Drifted.new\[\].shoe_size"),
        (_Loose, "Drifted.new"),
        (dict[str, Any], "Drifted.new"),
        (Annotated[Any, Of("referral")], "Drifted.new"),
        (Annotated[dict[str, str], Of("referral")], "Drifted.new"),
        (Annotated[list[Any] | None, Of("referral")], "Drifted.new"),
        (Annotated[_Loose, Of("referral")], "Drifted.new"),
        (Annotated[SerializeAsAny[_Inner], Of("referral")], "Drifted.new"),
        (Annotated[list[SerializeAsAny[_Inner]], Of("referral")], "Drifted.new"),
        (Annotated[str, Of("shoe.size")], "Drifted.new"),
        (Annotated[str, Field(max_length=3)], "Drifted.new"),
    ],
)
def test_what_is_not_classified_is_refused_by_its_path(annotation: Any, named: str) -> None:
    assert classification([Record])["Record.people[].name"] == "identity.name"
    namespace = {"__annotations__": {"new": annotation}, "__module__": __name__}

    drifted = type("Drifted", (BaseModel,), namespace)

    with pytest.raises(Unclassified, match=named):
        classification([drifted])
