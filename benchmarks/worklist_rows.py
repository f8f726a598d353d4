"""200,000 made-up referrals of one authority: five years of a busy front door, mostly over."""

import json
import os
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text

from shared.db import Database

ROWS = 200_000
OPEN = 6_000
"""So many of them, the newest, are not over."""
WORKER, FRONT_DOOR = UUID(int=1), UUID(int=99)
_SEALED_BYTES = 300
"""Of one sealed part; the need has twice as many."""

_FILL = text(
    """
    insert into referral (id, reference, authority, status, version, urgency, referring_agency_id,
        referring_worker_id, holding_agency_id, front_door_agency_id, assigned_worker_id,
        submitted_at, area, hub, decision, decided_at, closed_at, outcome, clocks, calendar,
        next_due, next_near, next_alarm, need_groups, referrer, need, safeguarding, basis)
    select uuidv7(age), 'B' || n, 'sample', status, 5, urgency, agency, agency, agency, :front_door,
        case when status <> 'submitted' then lpad(to_hex(n % 60), 32, '0')::uuid end,
        now() + age, place, place, decision, ended, ended, outcome, clocks, :calendar,
        due, due - interval '4 hours', null,
        array[(array['education', 'health', 'homelessness', 'other'])[1 + n % 4]],
        sealed, sealed || sealed, sealed, sealed
    from (
        select *, lpad(to_hex(10 + n % 40), 32, '0')::uuid as agency,
            (array['north', 'south'])[1 + n % 2] as place,
            case when n % 20 = 0 then 'urgent' else 'routine' end as urgency,
            case when is_over then 'closed' else (array['submitted', 'acknowledged', 'triaging',
                'decided', 'allocated', 'in_progress'])[1 + n % 6] end as status,
            case when is_over then 'early_help' end as decision,
            case when is_over then 'needs_met' end as outcome,
            case when is_over then now() + age end as ended,
            case when not is_over then now() + (n % 97 - 10) * interval '2 hours' end as due,
            cast(case when is_over then :stopped else :running end as jsonb) as clocks,
            cast(:sealed as bytea) as sealed
        from (
            select n, n <= :over as is_over, (n - :rows) * interval '13 minutes' as age
            from generate_series(1, :rows) as n
        ) as numbered
    ) as told
    """
)


_CHILDREN = text(
    """
    insert into person (id, referral_id, place, is_child, details, addresses)
    select uuidv7(), id, 0, true, cast(:sealed as bytea), cast(:sealed as bytea) from referral
    """
)
"""A child of each."""


def _clocks(running: bool) -> str:
    """The clocks of the way as they are kept beside a referral; three of them long stopped."""
    at = datetime.now(UTC).isoformat()
    clock = {
        "started_at": at,
        "due": at,
        "near_at": at,
        "paused": False,
        "stopped_at": None if running else at,
        "due_soon_at": None,
        "overdue_at": None,
        "left": None,
    }
    stopped = [clock | {"clock": code, "stopped_at": at} for code in ("acknowledge", "decide")]
    return json.dumps([*stopped, clock | {"clock": "allocate"}])


async def fill(db: Database, calendar: str) -> None:
    """Straight into the table; sealed parts are random bytes of a usual length, made once.

    They were reckoned with `calendar` and none rings an alarm: the service leaves them alone.
    """
    told = {
        "calendar": calendar,
        "front_door": FRONT_DOOR,
        "rows": ROWS,
        "over": ROWS - OPEN,
        "running": _clocks(True),
        "stopped": _clocks(False),
        "sealed": os.urandom(_SEALED_BYTES),
    }
    async with db.transaction() as connection:
        await connection.execute(_FILL, told)
        await connection.execute(_CHILDREN, told)
    async with db.reading() as connection:
        await connection.execute(text("vacuum analyze referral, person"))
