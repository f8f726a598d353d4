"""A family that asks for itself is referred by nobody's worker"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("referral", "referring_worker_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    op.alter_column("referral", "referring_worker_id", existing_type=sa.Uuid(), nullable=False)
