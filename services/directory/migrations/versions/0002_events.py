"""Events in and out, who looked, answers that are kept, and the agencies and workers heard of"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.bell import RING_ON_ANNOUNCING, SILENCE

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("subjects", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("access_pkey")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("agency_pkey")),
    )
    op.create_table(
        "idempotency",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name=op.f("idempotency_pkey")),
    )
    op.create_table(
        "inbox",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("inbox_pkey")),
    )
    op.create_index(op.f("inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("traceparent", sa.String(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("concerns", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
        sa.UniqueConstraint("position", name=op.f("outbox_position_key")),
    )
    op.create_index("outbox_occurred_at", "outbox", ["occurred_at"], unique=False)
    op.create_index(
        "outbox_unstamped",
        "outbox",
        ["number"],
        unique=False,
        postgresql_where=sa.text("position is null"),
    )
    op.create_table(
        "parked",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("parked_pkey")),
    )
    op.create_index("parked_in_order", "parked", ["topic", "key", "number"], unique=False)
    op.create_index("parked_once", "parked", ["topic", "name"], unique=True)
    op.create_table(
        "relay_cursor",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("relay_cursor_pkey")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("worker_pkey")),
    )
    op.create_index(op.f("worker_agency_id"), "worker", ["agency_id"], unique=False)

    for statement in RING_ON_ANNOUNCING:
        op.execute(statement)


def downgrade() -> None:
    for statement in SILENCE:
        op.execute(statement)
    op.drop_index(op.f("worker_agency_id"), table_name="worker")
    op.drop_table("worker")
    op.drop_table("relay_cursor")
    op.drop_index("parked_once", table_name="parked")
    op.drop_index("parked_in_order", table_name="parked")
    op.drop_table("parked")
    op.drop_index(
        "outbox_unstamped", table_name="outbox", postgresql_where=sa.text("position is null")
    )
    op.drop_index("outbox_occurred_at", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("inbox_received_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("idempotency")
    op.drop_table("agency")
    op.drop_table("access")
