"""Who may do what: the expected answers, written by hand. This file imports nothing of the hub.

Each operation has a table, by noun in `authorization/`. A row names agencies by what they are to
the referral and its family (or to the worker who is looked at), roles, and the answer by the
standing of what the path names: `200 in triaging decided; 409` is 200 in these two and 409 in every
other. The first row that fits holds. `anybody` is every role, `nobody` a request that names no
acting worker.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.rules.authorization import (
    agreements,
    amendments,
    audit,
    consents,
    directory,
    drafts,
    front_door,
    involvements,
    overrides,
    receivers,
    referrers,
    refusals,
    rights,
    workers,
    worklists,
)

STANDINGS = """
submitted acknowledged triaging information_requested decided decided/step_up decided/advice
assessment_requested awaiting_panel allocated in_progress stepped_up stepped_down stepped_across
on_hold on_hold/triaging closed withdrawn entered_in_error
""".split()
"""The statuses; where one is several things, what it is stands behind the stroke.

Decided is early help unless said otherwise, and on hold is what was in progress."""
GROUPS = {
    "stepped": "stepped_up stepped_down stepped_across",
    "ended": "closed withdrawn entered_in_error",
    "underway": "decided decided/step_up assessment_requested awaiting_panel",
}

ROLES = """
referrer front_door_worker front_door_manager receiving_worker lead_professional panel_chair
information_governance_lead safeguarding_lead agency_administrator system
""".split()

AGENCIES = {
    "referring": "school",
    "another": "gp",
    "asked": "voluntary",
    "holding": "health",
    "leading": "housing",
    "front door": "front_door",
    "front door elsewhere": "front_door",
    "children's services": "children_services",
    "council": "council",
    "council elsewhere": "council",
}
"""By what they are: `asked` is another than children's services, who are asked to step up;
`leading` has the lead professional; what is `elsewhere` is another authority's."""

_EVERYWHERE = {"referrer", "agency_administrator", "safeguarding_lead"}
_PRACTICE = _EVERYWHERE | {"receiving_worker", "lead_professional"}
MAY_HOLD = {
    "school": _PRACTICE,
    "gp": _PRACTICE,
    "health": _PRACTICE,
    "police": _EVERYWHERE,
    "housing": _PRACTICE,
    "voluntary": _PRACTICE,
    "children_services": _PRACTICE | {"panel_chair"},
    "council": _EVERYWHERE | {"information_governance_lead"},
    "front_door": _PRACTICE | {"front_door_worker", "front_door_manager", "panel_chair"},
}
"""Which roles an agency of each kind can give its workers; nobody holds the system's own."""

_NOUNS = [
    referrers,
    drafts,
    amendments,
    worklists,
    front_door,
    receivers,
    workers,
    agreements,
    consents,
    involvements,
    overrides,
    refusals,
    rights,
    audit,
    directory,
]
TABLES = {name: table for noun in _NOUNS for name, (_, table) in noun.TABLES.items()}
SCOPES = {name: scope for noun in _NOUNS for name, (scope, _) in noun.TABLES.items()}
"""Every operation and the one scope without which it is refused."""
_STANDINGS: Mapping[str, Sequence[str]] = {"{referral_id}": STANDINGS} | {
    part: its for noun in _NOUNS for part, its in getattr(noun, "STANDINGS", {}).items()
}
"""By a part of the operation; where there are two ways to ask for it, by all of it."""


class Cell(NamedTuple):
    """One thing that is asked, and the status of its answer."""

    agency: str
    role: str
    """Or `nobody`."""
    standing: str
    answer: int


class Row(NamedTuple):
    """A line of a table."""

    agencies: list[str]
    roles: list[str]
    answers: str

    def fits(self, agency: str, role: str) -> bool:
        """Whether it says something about this role of this agency."""
        there = agency in self.agencies or self.agencies == ["everywhere"]
        return there and (role in self.roles or (role != "nobody" and "anybody" in self.roles))


def rows(operation: str) -> list[Row]:
    """The operation's table as it is written."""
    lines = [line.split("|") for line in TABLES[operation].strip().splitlines()]
    return [
        Row([agency.strip() for agency in agencies.split(",")], roles.split(), answers)
        for agencies, roles, answers in lines
    ]


def standings_of(operation: str) -> Sequence[str]:
    """How what the operation is about may stand; where nothing is asked, as ever."""
    named = (its for part, its in _STANDINGS.items() if "{" in part and part in operation)
    return _STANDINGS.get(operation) or next(named, ["as ever"])


def cells(operation: str) -> list[Cell]:
    """The operation's table, written out: what is permitted first, then every refusal."""
    written = rows(operation)
    standings = standings_of(operation)
    found = []
    for agency, role in _callers():
        row = next(row for row in written if row.fits(agency, role))
        by_standing = dict(_answers(row.answers))
        found += [
            Cell(agency, role, one, by_standing.get(one, by_standing["else"])) for one in standings
        ]
    return sorted(found, key=lambda cell: cell.answer >= 400)


def _callers() -> Iterator[tuple[str, str]]:
    for agency, kind in AGENCIES.items():
        yield from ((agency, role) for role in [*ROLES, "nobody"] if role in MAY_HOLD[kind])
        yield agency, "nobody"


def _answers(written: str) -> Iterator[tuple[str, int]]:
    """By standing, and for every `else`."""
    for part in written.split(";"):
        answer, _, where = part.strip().partition(" in ")
        for name in where.split() or ["else"]:
            yield from ((one, int(answer)) for one in GROUPS.get(name, name).split())


def idle(operation: str) -> list[str]:
    """What of the table says nothing: a row, an agency, a role, a standing nobody ever meets."""
    written, found = rows(operation), []
    first = {caller: next(row for row in written if row.fits(*caller)) for caller in _callers()}
    for row in written:
        met = [caller for caller, its in first.items() if its is row]
        agencies, roles = {agency for agency, _ in met}, {role for _, role in met}
        found += [f"{a} in {row}" for a in {*row.agencies} - {"everywhere"} - agencies]
        found += [f"{role} in {row}" for role in {*row.roles} - {"anybody"} - roles]
        found += [str(row)] * (not met)
        found += [
            f"{standing} in {row}"
            for standing, _ in _answers(row.answers)
            if standing not in [*standings_of(operation), "else"]
        ]
    return found
