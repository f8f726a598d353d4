"""A referral may name a service of the directory, and go straight to the agency that gives it"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = {
    "requested_service_id": sa.Uuid(),
    "requested_service_name": sa.String(),
    "requested_agency_id": sa.Uuid(),
}
_BEFORE = "urgency = 'urgent' and status = 'submitted' and escalated_at is null"
_AFTER = (
    "urgency = 'urgent' and escalated_at is null"
    " and (status = 'submitted' or (status = 'allocated' and decision is null))"
)


def _unescalated(which: str) -> None:
    op.drop_index("referral_unescalated", table_name="referral")
    op.create_index(
        "referral_unescalated",
        "referral",
        ["urgent_since"],
        unique=False,
        postgresql_where=sa.text(which),
    )


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("referral", sa.Column(name, kind, nullable=True))
    _unescalated(_AFTER)


def downgrade() -> None:
    _unescalated(_BEFORE)
    for name in reversed(_COLUMNS):
        op.drop_column("referral", name)
