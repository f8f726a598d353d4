"""The audit log, to which nothing can be done but to append"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STAYS = ("audit_leaf", "audit_node", "audit_checkpoint")
"""Tables whose rows are neither changed nor removed."""


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_checkpoint_pkey")),
    )
    op.create_index("audit_checkpoint_by_size", "audit_checkpoint", ["size", "id"], unique=False)
    op.create_table(
        "audit_detail",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("audit_detail_pkey")),
    )
    op.create_table(
        "audit_leaf",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("index >= 0", name=op.f("audit_leaf_index_check")),
        sa.PrimaryKeyConstraint("index", name=op.f("audit_leaf_pkey")),
    )
    op.create_index(
        "audit_leaf_by_person",
        "audit_leaf",
        [sa.literal_column("(entry -> 'people')")],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "audit_node",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("audit_node_pkey")),
    )
    op.execute(
        """
        create function refuse_audit_change() returns trigger language plpgsql as $$
        begin
            raise exception 'The audit log is appended to, never changed: % of % refused',
                lower(tg_op), tg_table_name using errcode = 'restrict_violation';
        end $$
        """
    )
    # Two barriers: the service's own role loses the right, and where another role has it (a
    # superuser) the trigger refuses, also in a session that plays replica ("always").
    for table in STAYS:
        _refuse("update or delete or truncate", table)
        op.execute(f"revoke update, delete, truncate on {table} from current_user")
    # A detail may be erased, never rewritten, and never all of them at once.
    _refuse("update or truncate", "audit_detail")
    op.execute("revoke update, truncate on audit_detail from current_user")


def _refuse(what: str, table: str) -> None:
    op.execute(
        f"create trigger {table}_stays before {what} on {table}"
        " for each statement execute function refuse_audit_change()"
    )
    op.execute(f"alter table {table} enable always trigger {table}_stays")


def downgrade() -> None:
    op.drop_table("audit_node")
    op.drop_index("audit_leaf_by_person", table_name="audit_leaf", postgresql_using="gin")
    op.drop_table("audit_leaf")
    op.drop_table("audit_detail")
    op.drop_index("audit_checkpoint_by_size", table_name="audit_checkpoint")
    op.drop_table("audit_checkpoint")
    op.execute("drop function refuse_audit_change()")
