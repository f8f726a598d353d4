"""Involvements that follow from referrals; when a version was superseded, its review told"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INVOLVED = """
    create view involved as
    select
        involvement.id, involvement.authority, involvement.person_id,
        coalesce(involvement.agency_id, front.id) as agency_id,
        involvement.referral_id, involvement.part,
        involvement.recorded_by_agency, involvement.recorded_by, involvement.claimed,
        involvement.welfare, involvement.reason, involvement.within_contract,
        involvement.since, involvement.until, involvement.ended_at, involvement.version
    from involvement
    left join agency as front
        on involvement.agency_id is null
        and front.kind = 'front_door' and front.authority = involvement.authority
    where coalesce(involvement.agency_id, front.id) is not null
"""
_OF_VERSIONS = ("superseded_at", "review_told_at")
_SUPERSEDED = """
    update agreement_version as version set superseded_at = next.published_at
    from agreement_version as next
    where next.agreement_id = version.agreement_id and next.number = version.number + 1
"""
_UNSAID = ("agency_id", "recorded_by_agency", "recorded_by", "until")


def upgrade() -> None:
    op.alter_column("person", "recorded_by", nullable=True)
    for column in _UNSAID:
        op.alter_column("involvement", column, nullable=True)
    op.add_column("involvement", sa.Column("referral_id", sa.Uuid(), nullable=True))
    op.add_column("involvement", sa.Column("part", sa.String(), nullable=True))
    op.create_index(
        "involvement_by_referral",
        "involvement",
        ["referral_id", "person_id", "part", "agency_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("referral_id is not null"),
    )
    op.execute(_INVOLVED)
    for column in _OF_VERSIONS:
        op.add_column("agreement_version", sa.Column(column, sa.DateTime(timezone=True)))
    op.execute(_SUPERSEDED)


def downgrade() -> None:
    for column in _OF_VERSIONS:
        op.drop_column("agreement_version", column)
    op.execute("drop view involved")
    op.execute("delete from involvement where referral_id is not null")
    op.execute(
        "delete from person where recorded_by is null"
        " and id not in (select person_id from involvement)"
    )
    op.execute("update person set recorded_by = id where recorded_by is null")
    op.drop_index("involvement_by_referral", table_name="involvement")
    op.drop_column("involvement", "part")
    op.drop_column("involvement", "referral_id")
    for column in _UNSAID:
        op.alter_column("involvement", column, nullable=False)
    op.alter_column("person", "recorded_by", nullable=False)
