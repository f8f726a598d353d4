"""Worklists kept under a name"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("worklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_view_pkey")),
    )
    op.create_index(
        "one_shared_view_of_an_agency_by_name",
        "saved_view",
        ["agency_id", "name"],
        unique=True,
        postgresql_where=sa.text("shared"),
    )
    op.create_index(
        "one_view_of_a_worker_by_name",
        "saved_view",
        ["agency_id", "worker_id", "name"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index("one_view_of_a_worker_by_name", table_name="saved_view")
    op.drop_index(
        "one_shared_view_of_an_agency_by_name",
        table_name="saved_view",
        postgresql_where=sa.text("shared"),
    )
    op.drop_table("saved_view")
