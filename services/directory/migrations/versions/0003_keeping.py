"""Providers and their drafts, reminders, reported problems, look-alikes, and an editor's words"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history", sa.Column("words", sa.LargeBinary(), nullable=True))
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("entry_version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("draft_pkey")),
    )
    op.create_index("draft_by_agency", "draft", ["agency_id"], unique=False)
    op.create_index(op.f("draft_entry_id"), "draft", ["entry_id"], unique=False)
    op.create_index("draft_waiting", "draft", ["status", "id"], unique=False)
    op.create_table(
        "look_alike",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("look_alike_pkey")),
    )
    op.create_index("look_alike_once", "look_alike", ["first_id", "second_id"], unique=True)
    op.create_table(
        "problem",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("problem_pkey")),
    )
    op.create_index("problem_of_service", "problem", ["service_id", "reported_at"], unique=False)
    op.create_index(op.f("problem_reported_at"), "problem", ["reported_at"], unique=False)
    op.create_index("problem_waiting", "problem", ["outcome", "id"], unique=False)
    op.create_table(
        "provider",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("provider_pkey")),
    )
    op.create_index(op.f("provider_agency_id"), "provider", ["agency_id"], unique=False)
    op.create_table(
        "reminder",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("assured_date", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service_id", name=op.f("reminder_pkey")),
    )


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index(op.f("provider_agency_id"), table_name="provider")
    op.drop_table("provider")
    op.drop_index("problem_waiting", table_name="problem")
    op.drop_index(op.f("problem_reported_at"), table_name="problem")
    op.drop_index("problem_of_service", table_name="problem")
    op.drop_table("problem")
    op.drop_index("look_alike_once", table_name="look_alike")
    op.drop_table("look_alike")
    op.drop_index("draft_waiting", table_name="draft")
    op.drop_index(op.f("draft_entry_id"), table_name="draft")
    op.drop_index("draft_by_agency", table_name="draft")
    op.drop_table("draft")
    op.drop_column("history", "words")
