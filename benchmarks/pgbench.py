"""The limit: the rows of one referral, inserted by pgbench in one statement."""

import re
import subprocess
import tempfile
from pathlib import Path

from hub.postgres import INSTALLED, PostgresServer

_SEALED = "decode(repeat('5e', {bytes}), 'hex')"
STATEMENT = f"""
with r as (
  insert into referral (id, reference, status, version, urgency, referring_agency_id,
    referring_worker_id, holding_agency_id, submitted_at, decision_due, need_groups,
    referrer, need, safeguarding, basis)
  values (uuidv7(), gen_random_uuid()::text, 'submitted', 1, 'routine', gen_random_uuid(),
    gen_random_uuid(), gen_random_uuid(), now(), now() + interval '1 day', '{{education}}',
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
  insert into history (referral_id, version, at, action, status, client_id)
  select id, 1, now(), 'submit', 'submitted', 'pgbench' from r),
a as (
  insert into access (id, at, client_id, operation, subjects)
  select uuidv7(), now(), 'pgbench', 'referral.submit', array[id] from r),
o as (
  insert into outbox (id, topic, key, type, data, occurred_at, concerns, position)
  select uuidv7(), 'earlyhelp.referral', id::text, 'uk.earlyhelp.referral.submitted.v1',
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
