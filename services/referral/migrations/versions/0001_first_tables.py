"""The referral service's first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.bell import RING_ON_ANNOUNCING, SILENCE

revision = "0001"
down_revision = None
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
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("referring_agency_id", sa.Uuid(), nullable=False),
        sa.Column("referring_worker_id", sa.Uuid(), nullable=False),
        sa.Column("holding_agency_id", sa.Uuid(), nullable=False),
        sa.Column("front_door_agency_id", sa.Uuid(), nullable=True),
        sa.Column("offered_to_agency_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_worker_id", sa.Uuid(), nullable=True),
        sa.Column("lead_professional_id", sa.Uuid(), nullable=True),
        sa.Column("lead_professional_agency_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("hub", sa.String(), nullable=True),
        sa.Column("level_referrer", sa.String(), nullable=True),
        sa.Column("level_suggested", sa.String(), nullable=True),
        sa.Column("level_front_door", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("panel", sa.String(), nullable=True),
        sa.Column("panel_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("withdrawal_reason", sa.String(), nullable=True),
        sa.Column("resumes_to", sa.String(), nullable=True),
        sa.Column("urgent_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier_referral_id", sa.Uuid(), nullable=True),
        sa.Column("clocks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_near", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_alarm", sa.DateTime(timezone=True), nullable=True),
        sa.Column("need_groups", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("referrer", sa.LargeBinary(), nullable=False),
        sa.Column("need", sa.LargeBinary(), nullable=False),
        sa.Column("safeguarding", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.LargeBinary(), nullable=False),
        sa.Column("despite_open_referral", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("referral_pkey")),
        sa.UniqueConstraint("reference", name=op.f("referral_reference_key")),
    )
    op.create_index("referral_by_age", "referral", ["authority", "id"], unique=False)
    op.create_index(
        "referral_by_alarm",
        "referral",
        ["next_alarm"],
        unique=False,
        postgresql_where=sa.text("next_alarm is not null"),
    )
    op.create_index(
        "referral_by_decision",
        "referral",
        ["authority", "decision", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_due",
        "referral",
        ["authority", sa.literal_column("coalesce(next_due, 'infinity')"), "id"],
        unique=False,
    )
    op.create_index(
        "referral_by_holder",
        "referral",
        ["holding_agency_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_lead_professional",
        "referral",
        ["lead_professional_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_need",
        "referral",
        ["need_groups"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "referral_by_offer",
        "referral",
        ["offered_to_agency_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_referrer",
        "referral",
        ["referring_agency_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_status",
        "referral",
        ["authority", "status", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_by_calendar",
        "referral",
        ["authority", "calendar"],
        unique=False,
        postgresql_where=sa.text("status not in ('closed', 'withdrawn', 'entered_in_error')"),
    )
    op.create_index(
        "referral_by_urgency",
        "referral",
        [
            "authority",
            sa.literal_column("(urgency <> 'urgent')"),
            sa.literal_column("coalesce(next_due, 'infinity')"),
            "id",
        ],
        unique=False,
    )
    op.create_index(
        "referral_by_worker",
        "referral",
        ["assigned_worker_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "referral_escalated",
        "referral",
        ["authority", "id"],
        unique=False,
        postgresql_where=sa.text("escalated_at is not null"),
    )
    op.create_index(
        "referral_unescalated",
        "referral",
        ["urgent_since"],
        unique=False,
        postgresql_where=sa.text(
            "urgency = 'urgent' and status = 'submitted' and escalated_at is null"
        ),
    )
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
    op.create_table(
        "child_index",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("overridden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("child_index_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("referral_id", "blind_index", name=op.f("child_index_pkey")),
    )
    op.create_index("child_index_by_child", "child_index", ["blind_index"], unique=False)
    op.create_index(
        "one_open_referral_of_an_agency_for_a_child",
        "child_index",
        ["agency_id", "blind_index"],
        unique=True,
        postgresql_where=sa.text("is_open and not overridden"),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("history_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("history_pkey")),
    )
    op.create_index("history_in_order", "history", ["referral_id", "version", "id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("addresses", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("person_referral_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
    )
    op.create_index(op.f("person_referral_id"), "person", ["referral_id"], unique=False)

    for statement in RING_ON_ANNOUNCING:
        op.execute(statement)


def downgrade() -> None:
    for statement in SILENCE:
        op.execute(statement)
    op.drop_index(op.f("person_referral_id"), table_name="person")
    op.drop_table("person")
    op.drop_index("history_in_order", table_name="history")
    op.drop_table("history")
    op.drop_index(
        "one_open_referral_of_an_agency_for_a_child",
        table_name="child_index",
        postgresql_where=sa.text("is_open and not overridden"),
    )
    op.drop_index("child_index_by_child", table_name="child_index")
    op.drop_table("child_index")
    op.drop_index(op.f("worker_agency_id"), table_name="worker")
    op.drop_table("worker")
    op.drop_table("relay_cursor")
    op.drop_index(
        "referral_unescalated",
        table_name="referral",
        postgresql_where=sa.text(
            "urgency = 'urgent' and status = 'submitted' and escalated_at is null"
        ),
    )
    op.drop_index(
        "referral_by_calendar",
        table_name="referral",
        postgresql_where=sa.text("status not in ('closed', 'withdrawn', 'entered_in_error')"),
    )
    op.drop_index(
        "referral_escalated",
        table_name="referral",
        postgresql_where=sa.text("escalated_at is not null"),
    )
    op.drop_index("referral_by_worker", table_name="referral")
    op.drop_index("referral_by_urgency", table_name="referral")
    op.drop_index("referral_by_status", table_name="referral")
    op.drop_index("referral_by_referrer", table_name="referral")
    op.drop_index("referral_by_offer", table_name="referral")
    op.drop_index("referral_by_need", table_name="referral", postgresql_using="gin")
    op.drop_index("referral_by_lead_professional", table_name="referral")
    op.drop_index("referral_by_holder", table_name="referral")
    op.drop_index("referral_by_due", table_name="referral")
    op.drop_index("referral_by_decision", table_name="referral")
    op.drop_index("referral_by_age", table_name="referral")
    op.drop_index(
        "referral_by_alarm",
        table_name="referral",
        postgresql_where=sa.text("next_alarm is not null"),
    )
    op.drop_table("referral")
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
