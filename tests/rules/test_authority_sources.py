"""Every figure of an authority says where it comes from, and no strategy is misquoted."""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from services.referral.domain.codes import code_lists
from shared.authority import Authorities, Authority, ClockSetting
from shared.authority.sources import SEEDS, Setting, Source, plain
from shared.settings import SHIPPED
from tests.real_data import seed

SHIPPED_AUTHORITIES = Authorities.load(sorted(SHIPPED.glob("*.yaml")))
COUNCILS = ("hounslow", "herefordshire", "tower-hamlets", "barnet", "reading")
EACH = pytest.mark.parametrize("authority", SHIPPED_AUTHORITIES.values(), ids=SHIPPED_AUTHORITIES)
SAID = ("name", "words")
"""What is said in the words of its source."""


def parts(setting: Any, place: str = "") -> Iterator[tuple[str, Setting]]:
    """Every part of the settings, with where it stands."""
    if isinstance(setting, Setting):
        yield place, setting
        for name in type(setting).model_fields:
            yield from parts(getattr(setting, name), f"{place}.{name}")
    elif isinstance(setting, dict):
        for code, item in setting.items():
            yield from parts(item, f"{place}.{code}")
    elif isinstance(setting, tuple):
        for number, item in enumerate(setting):
            yield from parts(item, f"{place}.{number}")


def kinds(of: type[Setting]) -> Iterator[type[Setting]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def plain_fields(kind: type[BaseModel]) -> set[str]:
    """The fields that hold a figure or a word, and no part with a source of its own."""

    def inside(annotation: Any) -> Iterator[Any]:
        if get_origin(annotation) in (tuple, dict, Union, UnionType):
            for argument in get_args(annotation):
                yield from inside(argument)
        else:
            yield annotation

    found = set()
    for name, field in kind.model_fields.items():
        leaves = list(inside(field.annotation))
        if not any(isinstance(leaf, type) and issubclass(leaf, Setting) for leaf in leaves):
            found.add(name)
    return found


def test_the_five_and_the_sample_are_shipped() -> None:
    assert set(SHIPPED_AUTHORITIES) == {*COUNCILS, "sample"}
    assert all((SHIPPED / f"{name}.yaml").exists() for name in SHIPPED_AUTHORITIES)


def test_whatever_holds_a_figure_must_say_its_source() -> None:
    every = [kind for kind in kinds(Setting) if kind not in (Source, Authority)]
    assert ClockSetting in every
    unsaid = [k for k in every if plain_fields(k) and not k.model_fields.get("source")]
    optional = [
        k
        for k in every
        if "source" in k.model_fields and not k.model_fields["source"].is_required()
    ]
    assert (unsaid, optional) == ([], [])
    assert plain_fields(Authority) == {"id", "name"}


@cache
def text(number: int) -> str:
    return plain(seed(number))


def misquoted(authority: Authority) -> list[str]:
    """What is put into a strategy's mouth that is not in its text."""
    return [
        f"{place}: {part.quote}"
        for place, part in parts(authority)
        if isinstance(part, Source) and part.quote and part.seed is not None
        if plain(part.quote) not in text(part.seed)
    ]


@pytest.mark.real_data
@EACH
def test_every_quotation_is_found_word_for_word(authority: Authority) -> None:
    assert misquoted(authority) == []
    quoted = sum(isinstance(part, Source) and part.seed is not None for _, part in parts(authority))
    assert quoted > 15 if authority.id in COUNCILS else quoted == 0


@pytest.mark.real_data
def test_a_wrong_word_would_be_found() -> None:
    reading = SHIPPED_AUTHORITIES["reading"]
    offer = reading.clocks["offer"]
    assert offer.source.quote
    wrong = offer.source.model_copy(update={"quote": offer.source.quote.replace("10", "12")})
    clocks = {"offer": offer.model_copy(update={"source": wrong})}
    assert len(misquoted(reading.model_copy(update={"clocks": clocks}))) == 1


@EACH
def test_a_council_is_quoted_from_its_own_strategy_alone(authority: Authority) -> None:
    quoted = {p.seed for _, p in parts(authority) if isinstance(p, Source)} - {None}
    own = {COUNCILS.index(authority.id)} if authority.id in COUNCILS else set()
    assert quoted == own
    if own:
        assert SEEDS[own.pop()].startswith(authority.id.replace("-", " ").title())


@EACH
def test_names_and_words_are_in_their_quotation(authority: Authority) -> None:
    """A heading of the hub's own beside a true quotation would be a lie all the same."""
    wrong = []
    for place, part in parts(authority):
        source = getattr(part, "source", None)
        if source is None or source.quote is None:
            continue
        quote = plain(source.quote).casefold()
        for field in SAID:
            said = getattr(part, field, None)
            if isinstance(said, str) and plain(said).casefold() not in quote:
                wrong.append(f"{place}.{field}: {said}")
    assert wrong == []


@EACH
def test_a_clocks_length_is_in_its_quotation(authority: Authority) -> None:
    for name, clock in authority.clocks.items():
        if clock.source.quote:
            told = {f"{clock.length:g} ", f"{clock.length / 7:g} weeks"}
            assert any(words in clock.source.quote for words in told), name


@EACH
def test_no_telephone_is_a_real_one_unless_a_strategy_prints_it(authority: Authority) -> None:
    for place, part in parts(authority):
        number = getattr(part, "number", None)
        if number is not None:
            source = part.source  # type: ignore[attr-defined]
            fiction = number.startswith("01632 960") and source.sample is not None
            assert fiction or (source.quote and number in source.quote), place


@EACH
def test_need_groups_have_the_hubs_codes(authority: Authority) -> None:
    assert set(authority.need_groups) == set(code_lists()["need_groups"]["codes"])


@EACH
def test_colours_are_nobodys_until_they_are_set(authority: Authority) -> None:
    assert authority.brand.source.sample or "colour" in (authority.brand.source.note or "")
