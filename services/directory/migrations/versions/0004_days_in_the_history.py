"""On which days an entry was shown stands in its history too, so that a rollback restores them"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("shown_from", "shown_until"):
        op.add_column("history", sa.Column(name, sa.Date(), nullable=True))
    # what was never written down is taken to have been as it is: a rollback then shows nothing anew
    op.execute(
        "update history set shown_from = entry.shown_from, shown_until = entry.shown_until "
        "from entry where entry.id = history.entry_id "
        "and (entry.shown_from is not null or entry.shown_until is not null)"
    )


def downgrade() -> None:
    for name in ("shown_until", "shown_from"):
        op.drop_column("history", name)
