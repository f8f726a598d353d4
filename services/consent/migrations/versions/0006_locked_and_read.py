"""What waits for a lock and reads what it holds, sent as one statement

A statement sees what was committed when it began: one that locked and read would read what stood
before it had waited. Each statement of a function begins anew, after the one before it.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHAT_DECIDES = """
create function what_decides(
    locks text[], about uuid[], asking uuid, within text,
    out hash text, out people person[], out involvements involved[], out consents consent[],
    out overrides override[], out refusals refusal_to_share[], out signed text[],
    out absent uuid[]
) language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended(name, 0)) from unnest(locks) as name;
    select
        coalesce((select policy.hash from policy where authority = within), ''),
        array(select one from person as one where one.id = any(about) and one.authority = within),
        array(
            select one from involved as one
            where one.person_id = any(about) and one.authority = within order by one.id
        ),
        array(
            select one from consent as one
            where one.people && about and one.authority = within order by one.id
        ),
        array(
            select one from override as one
            where one.people && about and one.authority = within order by one.id
        ),
        array(
            select one from refusal_to_share as one
            where one.people && about and one.authority = within order by one.id
        ),
        array(
            select agreement.name || '@' || signature.number
            from agreement_signature as signature
            join agreement on agreement.id = signature.agreement_id
            where signature.agency_id = asking
                and not exists (
                    select from agreement_absence as absence
                    where absence.agency_id = asking and absence.agreement_id = agreement.id
                )
        ),
        array(select agreement_id from agreement_absence where agency_id = asking)
    into hash, people, involvements, consents, overrides, refusals, signed, absent;
end $$
"""
# 6962 is the advisory lock under which a database's log grows (store/audit.py).
_PEAKS = """
create function audit_peaks(alone boolean, out size bigint, out peaks bytea[])
language plpgsql as $$
begin
    if alone then
        perform pg_advisory_xact_lock(6962);
    end if;
    select coalesce(max(index) + 1, 0) into size from audit_leaf;
    select array_agg(node.hash order by node.level desc) into peaks
    from generate_series(0, 62) as step (level)
    join audit_node as node on node.level = step.level
        and node.number = (size >> step.level) - 1
    where (size >> step.level) & 1 = 1;
end $$
"""


def upgrade() -> None:
    op.execute(_WHAT_DECIDES)
    op.execute(_PEAKS)


def downgrade() -> None:
    op.execute("drop function what_decides")
    op.execute("drop function audit_peaks")
