"""What can leave is classified, or the service does not start."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.referral.app import classified, create
from services.referral.domain.codes import PRIVATE_SOURCES
from services.referral.domain.submission import (
    Agreed,
    Child,
    HouseholdMember,
    Need,
    OnOtherBasis,
    Referrer,
    Safeguarding,
)
from services.referral.routes import changes, seen
from services.referral.routes.answers import Summary
from services.referral.routes.details import Entry, ReferralOut
from services.referral.routes.steps import STEPS
from shared.bus import InProcessBus
from shared.http import answers_of
from shared.minimise import Unclassified, built, categories, classification
from tests.referral.conftest import settings

ROUTES = Path(__file__).parents[2] / "services" / "referral" / "routes"
SAID: dict[type[BaseModel], list[type[BaseModel]]] = {
    seen.SaidChild: [Child],
    seen.SaidHouseholdMember: [HouseholdMember],
    seen.SeenReferrer: [Referrer],
    seen.SeenNeed: [Need],
    seen.SeenSafeguarding: [Safeguarding],
    seen.SeenBasis: [Agreed, OnOtherBasis],
    seen.Words: [route.said for route in STEPS.values() if route.said],
}
"""As what each thing is shown that was said."""


def test_every_path_that_can_leave_has_its_category() -> None:
    paths = classified()

    assert len(paths) > 200
    assert paths["ReferralOut.children[].given_name"] == "identity.name"
    assert paths["ReferralOut.need.reason"] == "narrative.concerns"
    assert paths["Page.referrals[].need_groups"] == "needs.groups"
    assert paths["Summary.status"] == "referral", "the export's lines are looked at too"


@pytest.mark.parametrize(
    ("model", "path"),
    [
        (Summary, "Page.referrals[].shoe_size"),
        (seen.SeenChild, "ReferralOut.children[].shoe_size"),
        (seen.SeenAddress, "ReferralOut.children[].addresses[].shoe_size"),
        (seen.Words, "History.entries[].words.shoe_size"),
        (changes.ChildLine, "ChangeLog.changes[].shoe_size"),
    ],
)
def test_with_a_field_that_nobody_has_classified_the_service_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
    key_folder: Path,
    databases: Callable[[str], str],
    model: type[BaseModel],
    path: str,
) -> None:
    told = settings(databases("referral"), key_folder)
    create(told, InProcessBus())

    monkeypatch.setitem(model.model_fields, "shoe_size", FieldInfo(annotation=str))

    with pytest.raises(Unclassified) as refused:
        create(told, InProcessBus())
    assert path in str(refused.value)


def test_a_route_that_does_not_say_what_it_answers_is_refused() -> None:
    router = APIRouter(prefix="/api/v1/made-up")

    @router.get("/named")
    async def named() -> Summary:
        raise NotImplementedError

    assert list(answers_of([router])) == [Summary]

    @router.get("/anything", response_model=None)
    async def anything() -> Any:
        return JSONResponse({"name": "Zebedee"})

    with pytest.raises(Unclassified, match="/api/v1/made-up/anything"):
        list(answers_of([router]))


def test_no_route_writes_its_answer_past_its_model() -> None:
    raw = {"JSONResponse", "Response", "PlainTextResponse", "HTMLResponse", "ORJSONResponse"}
    called = {
        (path.name, node.func.id)
        for path in ROUTES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert ("worklists.py", "Csv") in called
    assert {name for _, name in called} & raw == set()


@pytest.mark.parametrize("shown", SAID)
def test_what_can_be_said_can_be_shown_and_is_classified(shown: type[BaseModel]) -> None:
    said = {name for model in SAID[shown] for name in model.model_fields}

    assert said - {"person_id"} <= shown.model_fields.keys()
    assert classification([shown])


def test_a_private_persons_telephone_is_not_a_workers() -> None:
    kind = min(PRIVATE_SOURCES)
    worker, neighbour = (
        {"id": 1, "referrer": {"source": source, "telephone": "01632 960001"}}
        for source in ("2A", kind)
    )

    def permits(category: str, _: Any) -> bool:
        return category == "involvement"

    assert built(ReferralOut, worker, permits)["referrer"]["telephone"] == "01632 960001"
    assert built(ReferralOut, neighbour, permits)["referrer"] == {"source": kind}


def test_the_outcome_of_a_closing_is_in_the_history_what_it_is_in_the_referral() -> None:
    closed = {"action": "close", "code": "needs_met", "words": {"outcome": "needs_met"}}
    decided = {"action": "decide", "code": "advice", "words": {"outcome": "advice"}}

    def only(*of: str) -> Callable[[str, Any], bool]:
        return lambda category, _: category in of

    assert built(Entry, closed, only("referral")) == {"action": "close"}
    assert built(Entry, closed, only("referral", "plan.outcomes")) == closed
    assert built(Entry, decided, only("referral")) == decided
    assert built(Entry, decided, only("plan.outcomes")) == {}


EVERY = sorted(categories(ReferralOut))
OF = classified()
_word = st.text(alphabet="abc", min_size=1, max_size=3)


def _said(shown: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Something said in each field, or nothing; what is shown is not validated here."""
    fields = {name: _field(shown, name) for name in shown.model_fields if name != "person_id"}
    return st.fixed_dictionaries({}, optional=fields)


def _field(shown: type[BaseModel], name: str) -> st.SearchStrategy[Any]:
    if name == "addresses":
        return st.lists(_said(seen.SeenAddress), max_size=2)
    return st.booleans() if name == "confidential" else _word


def _referrals() -> st.SearchStrategy[dict[str, Any]]:
    parts = {
        "need": _said(seen.SeenNeed),
        "basis": _said(seen.SeenBasis),
        "safeguarding": _said(seen.SeenSafeguarding),
        "referrer": _said(seen.SeenReferrer),
        "decision_words": _said(seen.SeenDecision),
        "status": _word,
        "level_suggested": _word,
        "outcome": _word,
    }
    return st.fixed_dictionaries({"id": st.just("the referral"), **parts})


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    else:
        yield path, value


@given(_referrals(), _referrals(), st.frozensets(st.sampled_from(EVERY)))
def test_of_two_referrals_alike_in_what_is_permitted_the_answers_are_the_same(
    one: dict[str, Any], other: dict[str, Any], permitted: frozenset[str]
) -> None:
    """Everything that the reader may not see is taken from the other, or taken away."""

    def permits(category: str, _: Any) -> bool:
        return category in permitted

    answer = built(ReferralOut, one, permits)
    shown = dict(_leaves(answer))
    scrambled: dict[str, Any] = {}
    for path, value in [*_leaves(other), *((p, v) for p, v in _leaves(one) if p in shown)]:
        *parents, name = path.split(".")[1:]
        into = scrambled
        for parent in parents:
            into = into.setdefault(parent, {})
        hidden = not permitted & set(OF[f"ReferralOut{path}"].split(" or "))
        if hidden or path in shown:
            into[name] = value

    assert built(ReferralOut, scrambled, permits) == answer
