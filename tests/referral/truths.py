"""What must be true of every referral at any time, told from its history alone."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from services.referral.domain.clocks import ClockState, clocks_of
from services.referral.domain.referral import moment
from shared.contracts.lifecycle import Status
from tests.referral.conftest import Service
from tests.referral.the_way import AGAIN, THE_WAY, who_may

ANNOUNCED = {
    "submit": "submitted",
    "acknowledge": "acknowledged",
    "triage": "triage_started",
    "ask": "information_requested",
    "answer": "information_given",
    "decide": "decided",
    "request_assessment": "assessment_requested",
    "complete_assessment": "assessment_completed",
    "list_for_panel": "listed_for_panel",
    "allocate": "allocated",
    "re_route": "re_routed",
    "accept": "accepted",
    "decline": "declined",
    "start": "started",
    "record_meeting": "meeting_held",
    "step_up": "stepped_up",
    "step_down": "stepped_down",
    "step_across": "stepped_across",
    "hold": "held",
    "release": "released",
    "assign": "assigned",
    "appoint": "lead_professional_appointed",
    "close": "closed",
    "withdraw": "withdrawn",
    "enter_in_error": "entered_in_error",
    "reopen": "reopened",
    "amend": "amended",
    "due_soon": "due_soon",
    "overdue": "overdue",
    "escalate": "escalated",
}
"""Everything that stands in a history is announced, once, by this word."""

OF_ITSELF = {"due_soon", "overdue", "escalate"}
"""What nobody did: the version stays."""
_ASKED = {"allocated", "stepped_up", "stepped_down", "stepped_across"}

_REFERRAL = """
    select id::text, status, version, holding_agency_id::text, offered_to_agency_id::text,
    resumes_to, referring_agency_id, front_door_agency_id, clocks from referral where id = :id
"""
_HISTORY = """
    select version, at, action, status, code, agency_id from history where referral_id = :id
    order by version, id
"""
_ANNOUNCED = "select split_part(type, '.', 4) from outbox where key = :id order by number"


async def check(service: Service, referral_id: str) -> dict[str, Any]:
    """How the referral stands; everything that must be true of it is."""
    async with service.db.transaction() as connection:
        referral, entries, announced = [
            (await connection.execute(text(statement), {"id": referral_id})).all()
            for statement in (_REFERRAL, _HISTORY, _ANNOUNCED)
        ]
    now: dict[str, Any] = dict(referral[0]._mapping)
    history = [tuple(entry) for entry in entries]
    _versions_have_no_gaps(history, now["version"])
    assert [word for (word,) in announced] == [
        ANNOUNCED[action] for _, _, action, _, _, _ in history
    ]
    assert replayed(history) == now["status"]
    assert now["holding_agency_id"] == str(_holder(history, now)), "somebody holds the family"
    assert (now["offered_to_agency_id"] is not None) is (now["status"] in _ASKED)
    _clocks_are_those_of(service, history, now["clocks"])
    return now


def _versions_have_no_gaps(entries: Sequence[Any], version: int) -> None:
    done = [at for at, _, action, *_ in entries if action not in OF_ITSELF]
    assert done == list(range(1, version + 1))
    assert [at for at, *_ in entries] == sorted(at for at, *_ in entries)


def replayed(entries: Sequence[Any]) -> str:
    """Where the history leads by the way that is written by hand."""
    _, _, first, status, _, _ = entries[0]
    assert (first, status) == ("submit", "submitted")
    waits: str | None = None
    for _, _, action, after, _, _ in entries[1:]:
        if who := who_may(status, action):
            expected = THE_WAY[status, action, who[0]]
            assert after == (waits if expected == AGAIN else expected)
            waits = status if action == "hold" else waits
        else:
            assert action in OF_ITSELF | {"amend"}, f"{action} in {status}"
            assert after == status
        status = after
    return str(status)


def _holder(entries: Sequence[Any], now: dict[str, Any]) -> Any:
    """The referrer until another agency accepts; the front door after a refusal or anew."""
    holder = now["referring_agency_id"]
    for _, _, action, _, _, agency in entries:
        if action in ("accept", "reopen"):
            holder = agency
        elif action == "decline":
            holder = now["front_door_agency_id"]
    return holder


def _clocks_are_those_of(service: Service, entries: Sequence[Any], kept: list[Any]) -> None:
    """What is kept of the clocks is what the history says, and each was announced once a run."""
    council = service.desk.authorities["sample"]
    moments = [moment(at, action, Status(s), code) for _, at, action, s, code, _ in entries]
    states = {state.clock: state for state in map(ClockState.from_json, kept)}
    reckoned = clocks_of(moments, council.clocks, council.calendar, states.values())
    assert {state.clock: state for state in reckoned} == states
    for word in ("due_soon", "overdue"):
        told = [(code, at) for _, at, action, _, code, _ in entries if action == word]
        for clock, state in states.items():
            in_this_run = [at for code, at in told if code == clock and at >= state.started_at]
            said_at = getattr(state, f"{word}_at")
            assert in_this_run == ([said_at] if said_at else [])
        assert max(Counter(told).values(), default=1) == 1
