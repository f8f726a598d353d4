"""The limit: the rows of one referral, inserted by pgbench in one statement."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

from hub.postgres import INSTALLED, PostgresServer

_SEALED = "decode(repeat('5e', {bytes}), 'hex')"
# No colon before a digit: pgbench would take it for a variable.
_CLOCK = json.dumps(
    {
        "clock": "decide",
        "started_at": "2026-11-27T09.00.00+00.00",
        "due": "2026-11-30T09.00.00+00.00",
        "near_at": "2026-11-30T05.00.00+00.00",
        "paused": False,
    }
)
STATEMENT = f"""
with r as (
  insert into referral (id, reference, authority, status, version, urgency, referring_agency_id,
    referring_worker_id, holding_agency_id, submitted_at, clocks, calendar, next_due, next_near,
    next_alarm, need_groups, referrer, need, safeguarding, basis)
  values (uuidv7(), gen_random_uuid()::text, 'sample', 'submitted', 1, 'routine',
    gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), '[{_CLOCK}, {_CLOCK}]', 'now',
    now() + interval '1 day', now() + interval '20 hours', now() + interval '20 hours',
    '{{education}}',
    {_SEALED.format(bytes=80)}, {_SEALED.format(bytes=360)}, {_SEALED.format(bytes=60)},
    {_SEALED.format(bytes=110)})
  returning id, referring_agency_id),
p as (
  insert into person (id, referral_id, place, is_child, details, addresses)
  select uuidv7(), id, n, n = 0, {_SEALED.format(bytes=240)}, {_SEALED.format(bytes=120)}
  from r, generate_series(0, 1) n),
i as (
  insert into child_index (referral_id, blind_index, agency_id, is_open, overridden)
  select id, uuid_send(gen_random_uuid()), referring_agency_id, true, false from r),
h as (
  insert into history (id, referral_id, version, at, action, status, client_id)
  select uuidv7(), id, 1, now(), 'submit', 'submitted', 'pgbench' from r),
a as (
  insert into access (id, at, client_id, operation, subjects)
  select uuidv7(), now(), 'pgbench', 'referral.submit', array[id] from r),
o as (
  insert into outbox (id, topic, key, type, data, occurred_at, concerns, position)
  select uuidv7(), 'earlyhelp.referral.sample', id::text, 'uk.earlyhelp.referral.submitted.v1',
    jsonb_build_object('referral_id', id), now(), array[referring_agency_id], null from r)
insert into idempotency (client_id, key, fingerprint, answer, created_at)
select 'pgbench', id::text, uuid_send(id), jsonb_build_object('id', id), now() from r;
"""  # noqa: S608 -- constants only


def rows_per_second(folder: Path, seconds: int = 8) -> float:
    """Referrals a second that PostgreSQL takes; starts the server of a hub that has stopped."""
    with PostgresServer(folder) as server, tempfile.NamedTemporaryFile("w") as script:
        script.write(STATEMENT.replace("\n", " "))
        script.flush()
        said = subprocess.run(
            [
                *(str(INSTALLED / "bin" / "pgbench"), "-n", "-M", "prepared", "-c", "8", "-j", "1"),
                *("-T", str(seconds), "-f", script.name, "-h", str(server.socket_folder)),
                *("-U", "referral", "referral"),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    found = re.search(r"tps = ([\d.]+)", said)
    assert found, said
    return float(found.group(1))
