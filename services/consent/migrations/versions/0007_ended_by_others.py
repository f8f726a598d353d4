"""Who has ended an involvement; people of an override; what decides is what is live"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = """
        involvement.id, involvement.authority, involvement.person_id,
        coalesce(involvement.agency_id, front.id) as agency_id,
        involvement.referral_id, involvement.part,
        involvement.recorded_by_agency, involvement.recorded_by, involvement.claimed,
        involvement.welfare, involvement.reason, involvement.within_contract,
        involvement.since, involvement.until, involvement.ended_at, involvement.version
"""
_FROM = """
    from involvement
    left join agency as front
        on involvement.agency_id is null
        and front.kind = 'front_door' and front.authority = involvement.authority
    where coalesce(involvement.agency_id, front.id) is not null
"""
# The log has always said who ended it.
_WHO_ENDED = """
    update involvement set ended_by_others = true from audit_leaf as leaf
    where involvement.ended_at is not null
        and leaf.entry ->> 'operation' = 'involvement.end'
        and leaf.entry -> 'records' @> jsonb_build_array(cast(involvement.id as text))
        and leaf.entry -> 'by' ->> 'agency_id' is distinct from cast(involvement.agency_id as text)
"""
_OVERRIDDEN = """
    insert into person (
        id, authority, kind, competent, adult_at_risk, parents, attorneys, recorded_at
    )
    select
        one, authority, case protects when 'under_18' then 'child' else 'third_party' end,
        false, false, '{}', '{}', declared_at
    from override, unnest(people) as one
    on conflict do nothing
"""
_WHAT_DECIDES = """
create function what_decides(
    locks text[], about uuid[], asking uuid, within text, {asked_at}
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
            where one.people && about and one.authority = within {overrides} order by one.id
        ),
        array(
            select one from refusal_to_share as one
            where one.people && about and one.authority = within {refusals} order by one.id
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
_ALL = {"asked_at": "", "overrides": "", "refusals": ""}
_LIVE = {
    "asked_at": "asked_at timestamptz,",
    "overrides": "and one.until > asked_at",
    "refusals": "and one.lifted_at is null and coalesce(one.until > asked_at, true)",
}


def upgrade() -> None:
    op.add_column(
        "involvement",
        sa.Column("ended_by_others", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.alter_column("involvement", "ended_by_others", server_default=None)
    op.execute(_WHO_ENDED)
    op.execute(f"create or replace view involved as select {_COLUMNS}, ended_by_others {_FROM}")
    op.execute(_OVERRIDDEN)
    op.execute("drop function what_decides")
    op.execute(_WHAT_DECIDES.format(**_LIVE))


def downgrade() -> None:
    op.execute("drop function what_decides")
    op.execute("drop view involved")
    op.execute(f"create view involved as select {_COLUMNS} {_FROM}")
    op.execute(_WHAT_DECIDES.format(**_ALL))
    op.drop_column("involvement", "ended_by_others")
