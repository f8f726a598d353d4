"""Who may do what: the expected answers, written by hand. This file imports nothing of the hub.

Each operation has a table: a row for each role (`everybody else` stands for the roles not named,
`nobody` for a request that names no acting worker), a column for each agency by its relationship
to the referral, or to the worker that is looked at. A cell is the one expected status, or five:
one for each status of the referral, in the order of STATUSES.
"""

STATUSES = ("submitted", "acknowledged", "triaging", "decided", "withdrawn")

ROLES = """
referrer front_door_worker front_door_manager receiving_worker lead_professional panel_chair
information_governance_lead safeguarding_lead agency_administrator system
""".split()

AGENCIES = {"its own": "school", "another": "gp", "front door": "front_door"}
"""By relationship: the school has made the referrals, and its worker is the one looked at."""

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

SCOPES = {
    "POST /api/v1/referrals": "referrals:write",
    "GET /api/v1/referrals": "referrals:read",
    "GET /api/v1/referrals/{referral_id}": "referrals:read",
    "GET /api/v1/referrals/{referral_id}/history": "referrals:read",
    "GET /api/v1/referrals/{referral_id}/actions": "referrals:read",
    "POST /api/v1/referrals/{referral_id}/acknowledgement": "referrals:decide",
    "POST /api/v1/referrals/{referral_id}/triage": "referrals:decide",
    "POST /api/v1/referrals/{referral_id}/decision": "referrals:decide",
    "POST /api/v1/referrals/{referral_id}/withdrawal": "referrals:write",
    "GET /api/v1/events": "events:read",
    "PUT /api/v1/workers/{external_id}": "workers:write",
    "GET /api/v1/workers/{external_id}": "workers:read",
    "GET /api/v1/workers/by-id/{worker_id}": "workers:read",
    "PUT /api/v1/workers/{external_id}/roles": "agency:admin",
}
"""Every operation and the one scope without which it is refused."""

_REFER = """
role                | its own | another | front door
referrer            | 201     | 201     | 201
everybody else      | 403     | 403     | 403
nobody              | 400     | 400     | 400
"""
_LIST = """
role                | its own | another | front door
referrer            | 200     | 200     | 200
front_door_worker   | -       | -       | 200
front_door_manager  | -       | -       | 200
everybody else      | 403     | 403     | 403
nobody              | 400     | 400     | 400
"""
_LOOK = """
role                | its own             | another             | front door
referrer            | 200 200 200 200 200 | 404 404 404 404 404 | 404 404 404 404 404
front_door_worker   | -                   | -                   | 200 200 200 200 200
front_door_manager  | -                   | -                   | 200 200 200 200 200
everybody else      | 403                 | 403                 | 403
nobody              | 400                 | 400                 | 400
"""
_ACKNOWLEDGE = """
role                | its own             | another             | front door
front_door_worker   | -                   | -                   | 200 409 409 409 409
front_door_manager  | -                   | -                   | 200 409 409 409 409
everybody else      | 403                 | 403                 | 403
nobody              | 403                 | 403                 | 400
"""
_TRIAGE = """
role                | its own             | another             | front door
front_door_worker   | -                   | -                   | 409 200 409 409 409
front_door_manager  | -                   | -                   | 409 200 409 409 409
everybody else      | 403                 | 403                 | 403
nobody              | 403                 | 403                 | 400
"""
_DECIDE = """
role                | its own             | another             | front door
front_door_worker   | -                   | -                   | 409 409 200 409 409
front_door_manager  | -                   | -                   | 409 409 200 409 409
everybody else      | 403                 | 403                 | 403
nobody              | 403                 | 403                 | 400
"""
_WITHDRAW = """
role                | its own             | another             | front door
referrer            | 200 200 200 409 409 | 404 404 404 404 404 | 404 404 404 404 404
everybody else      | 403                 | 403                 | 403
nobody              | 400                 | 400                 | 400
"""
_FEED = """
role                | its own | another | front door
everybody else      | 200     | 200     | 200
nobody              | 200     | 200     | 200
"""
_REGISTER_WORKER = """
role                | its own | another | front door
everybody else      | 200     | 201     | 201
nobody              | 200     | 201     | 201
"""
_LOOK_UP_WORKER = """
role                | its own | another | front door
everybody else      | 200     | 404     | 404
nobody              | 400     | 400     | 400
"""
_LOOK_UP_WORKER_BY_ID = """
role                | its own | another | front door
front_door_worker   | -       | -       | 200
front_door_manager  | -       | -       | 200
everybody else      | 200     | 404     | 404
nobody              | 400     | 400     | 400
"""
_GRANT_ROLES = """
role                 | its own | another | front door
agency_administrator | 200     | 404     | 404
everybody else       | 403     | 403     | 403
nobody               | 400     | 400     | 400
"""

TABLES = {
    "POST /api/v1/referrals": _REFER,
    "GET /api/v1/referrals": _LIST,
    "GET /api/v1/referrals/{referral_id}": _LOOK,
    "GET /api/v1/referrals/{referral_id}/history": _LOOK,
    "GET /api/v1/referrals/{referral_id}/actions": _LOOK,
    "POST /api/v1/referrals/{referral_id}/acknowledgement": _ACKNOWLEDGE,
    "POST /api/v1/referrals/{referral_id}/triage": _TRIAGE,
    "POST /api/v1/referrals/{referral_id}/decision": _DECIDE,
    "POST /api/v1/referrals/{referral_id}/withdrawal": _WITHDRAW,
    "GET /api/v1/events": _FEED,
    "PUT /api/v1/workers/{external_id}": _REGISTER_WORKER,
    "GET /api/v1/workers/{external_id}": _LOOK_UP_WORKER,
    "GET /api/v1/workers/by-id/{worker_id}": _LOOK_UP_WORKER_BY_ID,
    "PUT /api/v1/workers/{external_id}/roles": _GRANT_ROLES,
}

Cell = tuple[str, str, str, int]
"""Relationship, role (or `nobody`), status of the referral, expected answer."""


def cells(operation: str) -> list[Cell]:
    """The operation's table, written out: what is permitted first, then every refusal."""
    head, *rows = [[part.strip() for part in line.split("|")] for line in _lines(operation)]
    written = {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
    found: list[Cell] = []
    for relationship, kind in AGENCIES.items():
        for role in [*ROLES, "nobody"]:
            named = role in written or role == "nobody"
            cell = written[role if named else "everybody else"][relationship]
            if role != "nobody" and role not in MAY_HOLD[kind]:
                assert cell == "-" or not named, f"{kind} cannot hold {role}: {operation}"
                continue
            answers = cell.split()
            by_status = answers * len(STATUSES) if len(answers) == 1 else answers
            found += [
                (relationship, role, status, int(answer))
                for status, answer in zip(STATUSES, by_status, strict=True)
            ]
    return sorted(found, key=lambda cell: cell[3] >= 400)


def _lines(operation: str) -> list[str]:
    return TABLES[operation].strip().splitlines()
