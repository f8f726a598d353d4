"""Claims that stand are found without looking through every involvement"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "involvement_claimed",
        "involvement",
        ["authority", "id"],
        unique=False,
        postgresql_where=sa.text("claimed and ended_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "involvement_claimed",
        table_name="involvement",
        postgresql_where=sa.text("claimed and ended_at is null"),
    )
