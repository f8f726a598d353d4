"""What people asked for under their rights, and what was decided about it"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("wish", sa.String(), nullable=True),
        sa.Column("wish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wish_heard_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_agency", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("overdue_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("access_request_pkey")),
    )
    op.create_index("access_request_by_person", "access_request", ["person_id"], unique=False)
    op.create_table(
        "exemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("agencies", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["access_request.id"], name=op.f("exemption_request_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("exemption_pkey")),
    )
    op.create_index("exemption_of_request", "exemption", ["request_id"], unique=False)
    op.create_table(
        "rectification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("categories", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipients", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_agency", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("rectification_pkey")),
    )
    op.create_index("rectification_by_person", "rectification", ["person_id"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lodged_by", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_agency", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("overdue_announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("complaint_pkey")),
    )
    op.create_index("complaint_by_person", "complaint", ["person_id"], unique=False)
    op.create_table(
        "retention",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("born_in", sa.Date(), nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("retention_pkey")),
    )
    op.create_index(
        "access_by_subject", "access", ["subjects"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "audit_leaf_by_time",
        "audit_leaf",
        [sa.literal_column("(entry ->> 'at')")],
        unique=False,
        postgresql_using="brin",
    )


def downgrade() -> None:
    op.drop_index("audit_leaf_by_time", table_name="audit_leaf", postgresql_using="brin")
    op.drop_index("access_by_subject", table_name="access", postgresql_using="gin")
    op.drop_table("retention")
    op.drop_index("complaint_by_person", table_name="complaint")
    op.drop_table("complaint")
    op.drop_index("rectification_by_person", table_name="rectification")
    op.drop_table("rectification")
    op.drop_index("exemption_of_request", table_name="exemption")
    op.drop_table("exemption")
    op.drop_index("access_request_by_person", table_name="access_request")
    op.drop_table("access_request")
