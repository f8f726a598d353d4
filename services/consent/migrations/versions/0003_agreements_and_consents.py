"""Agreements, who works with whom, what families say about sharing, and what workers decide"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("agreement_pkey")),
    )
    op.create_index(
        "one_agreement_of_an_authority_by_name", "agreement", ["authority", "name"], unique=True
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("people", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("purposes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("refuses", sa.Boolean(), nullable=False),
        sa.Column("explicit", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.String(), nullable=True),
        sa.Column("notice_language", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_agency", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_pkey")),
    )
    op.create_index(
        "consent_by_person", "consent", ["people"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("agency", sa.Uuid(), nullable=False),
        sa.Column("people", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("danger", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("protects", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_approver", sa.Uuid(), nullable=True),
        sa.Column("family_told", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.Column("review_words", sa.LargeBinary(), nullable=True),
        sa.Column("overdue_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("override_pkey")),
    )
    op.create_index(
        "override_by_person", "override", ["people"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("competent", sa.Boolean(), nullable=False),
        sa.Column("adult_at_risk", sa.Boolean(), nullable=False),
        sa.Column("parents", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("attorneys", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
    )
    op.create_table(
        "policy",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("authority", name=op.f("policy_pkey")),
    )
    op.create_table(
        "policy_set",
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("versions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("authority", "hash", name=op.f("policy_set_pkey")),
    )
    op.create_table(
        "refusal_to_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("people", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("purposes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=False),
        sa.Column("refused_by", sa.Uuid(), nullable=False),
        sa.Column("refused_by_agency", sa.Uuid(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("refusal_to_share_pkey")),
    )
    op.create_index(
        "refusal_to_share_by_person",
        "refusal_to_share",
        ["people"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "agreement_absence",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("agreement_absence_agreement_id_fkey")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "agency_id", name=op.f("agreement_absence_pkey")),
    )
    op.create_table(
        "agreement_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("agreement_signature_agreement_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("agreement_signature_pkey")),
    )
    op.create_index(
        "agreement_signature_once",
        "agreement_signature",
        ["agency_id", "agreement_id", "number"],
        unique=True,
    )
    op.create_table(
        "agreement_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("agreement_version_agreement_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("agreement_version_pkey")),
    )
    op.create_index(
        "agreement_version_once", "agreement_version", ["agreement_id", "number"], unique=True
    )
    op.create_table(
        "involvement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_agency", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("welfare", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("within_contract", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("involvement_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("involvement_pkey")),
    )
    op.create_index(
        "involvement_by_person", "involvement", ["person_id", "agency_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("involvement_by_person", table_name="involvement")
    op.drop_table("involvement")
    op.drop_index("agreement_version_once", table_name="agreement_version")
    op.drop_table("agreement_version")
    op.drop_index("agreement_signature_once", table_name="agreement_signature")
    op.drop_table("agreement_signature")
    op.drop_table("agreement_absence")
    op.drop_index(
        "refusal_to_share_by_person", table_name="refusal_to_share", postgresql_using="gin"
    )
    op.drop_table("refusal_to_share")
    op.drop_table("policy_set")
    op.drop_table("policy")
    op.drop_table("person")
    op.drop_index("override_by_person", table_name="override", postgresql_using="gin")
    op.drop_table("override")
    op.drop_index("consent_by_person", table_name="consent", postgresql_using="gin")
    op.drop_table("consent")
    op.drop_index("one_agreement_of_an_authority_by_name", table_name="agreement")
    op.drop_table("agreement")
