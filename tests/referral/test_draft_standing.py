"""Whatever somebody has typed so far, a draft is told what it lacks, or why it cannot be kept."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.site import AUTHORITY
from services.referral.domain.drafts import (
    complete,
    refuse_what_cannot_be_kept,
    standing_of,
)
from services.referral.domain.thresholds import refuse_unknown
from shared.authority.loading import load
from shared.errors import Unprocessable
from tests.builders import a_need, a_parent, a_submission, an_address

TODAY = date(2026, 11, 23)
COUNCIL = load(AUTHORITY)
WHOLE = a_submission(
    need=a_need(level="2", indicators=["missing_school"]),
    household=[a_parent(addresses=[an_address()])],
)
ODD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts),
    max_leaves=6,
)


def _places(said: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a document."""
    inside = said.items() if isinstance(said, dict) else enumerate(said)
    deeper = [
        place
        for step, part in inside
        if isinstance(part, dict | list)
        for place in _places(part, (*path, step))
    ]
    return [(*path, step) for step, _ in _steps(said)] + deeper


def _steps(said: Any) -> list[tuple[Any, Any]]:
    return list(said.items() if isinstance(said, dict) else enumerate(said))


def _changed(place: tuple[Any, ...], to: Any) -> Any:
    """The whole submission with one value another, or taken out where `to` is nothing."""
    document = json.loads(json.dumps(WHOLE))
    inside = document
    for step in place[:-1]:
        inside = inside[step]
    if to is ...:
        del inside[place[-1]]
    else:
        inside[place[-1]] = to
    return document


def _pointer(place: tuple[Any, ...]) -> str:
    return "/" + "/".join(map(str, place))


def test_a_whole_submission_lacks_nothing() -> None:
    standing = standing_of(WHOLE, COUNCIL, TODAY)

    assert (standing.complete, standing.missing, standing.wrong) == (True, (), ())
    assert complete(WHOLE, TODAY).children


@given(place=st.sampled_from(_places(WHOLE)))
def test_what_is_taken_out_is_missing_where_a_referral_needs_it(place: tuple[Any, ...]) -> None:
    content = _changed(place, ...)

    refuse_what_cannot_be_kept(content)
    standing = standing_of(content, COUNCIL, TODAY)

    assert standing.complete == _can_be_sent(content)
    assert set(standing.missing) <= {_pointer(place), _pointer(place[:-1])}


@given(place=st.sampled_from(_places(WHOLE)), to=ODD)
def test_whatever_stands_in_a_field_is_kept_and_told_or_refused(
    place: tuple[Any, ...], to: Any
) -> None:
    content = _changed(place, to)
    try:
        refuse_what_cannot_be_kept(content)
    except Unprocessable:
        assert not _can_be_sent(content)
        return

    standing = standing_of(content, COUNCIL, TODAY)

    assert standing.complete == _can_be_sent(content)
    pointers = [*standing.missing, *(error.pointer for error in standing.wrong)]
    assert all(_leads_somewhere(pointer, content) for pointer in pointers)


def _can_be_sent(content: Any) -> bool:
    try:
        refuse_unknown(COUNCIL, complete(content, TODAY).need)
    except Unprocessable:
        return False
    return True


def _leads_somewhere(pointer: str, content: Any) -> bool:
    """All but the last step of a pointer stands in the document."""
    for step in pointer.split("/")[1:-1]:
        content = content[int(step) if isinstance(content, list) else step]
    return True
