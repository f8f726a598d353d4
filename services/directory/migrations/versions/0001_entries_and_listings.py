"""What is held, what is shown, and where places are"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from services.directory.tables.listings import Polygon

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("shape", Polygon(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("cover_pkey")),
    )
    op.create_index("cover_of", "cover", ["collection", "listing_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("shown_from", sa.Date(), nullable=True),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("withheld", sa.LargeBinary(), nullable=True),
        sa.Column("refers_to", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("entry_pkey")),
    )
    op.create_index("entry_by_origin", "entry", ["origin", "kind"], unique=False)
    op.create_index(
        "entry_by_reference", "entry", ["refers_to"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "history",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("withheld", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("history_pkey")),
    )
    op.create_index("history_in_order", "history", ["entry_id", "version"], unique=True)
    op.create_table(
        "listing",
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minimal", sa.Text(), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("term_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("taxonomy_ids", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("minimum_age", sa.Float(), nullable=True),
        sa.Column("maximum_age", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("collection", "id", name=op.f("listing_pkey")),
    )
    op.create_index("listing_by_change", "listing", ["collection", "modified_at"], unique=False)
    op.create_index("listing_by_entry", "listing", ["entry_id"], unique=False)
    op.create_index(
        "listing_by_organization", "listing", ["collection", "organization_id"], unique=False
    )
    op.create_index(
        "listing_by_taxonomy", "listing", ["taxonomy_ids"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "listing_by_term", "listing", ["term_ids"], unique=False, postgresql_using="gin"
    )
    op.create_index("listing_by_word", "listing", ["words"], unique=False, postgresql_using="gin")
    op.create_index(
        "listing_gone",
        "listing",
        ["withdrawn_at"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at is not null"),
    )
    op.create_index(
        "listing_in_order",
        "listing",
        ["collection", "place"],
        unique=True,
        postgresql_include=["withdrawn_at"],
    )
    op.create_table(
        "opening",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("opening_pkey")),
    )
    op.create_index("opening_of", "opening", ["collection", "listing_id"], unique=False)
    op.create_table(
        "origin",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("origin_pkey")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("within", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("place_pkey")),
    )
    op.create_index("place_by_name", "place", [sa.literal_column("lower(name)")], unique=False)
    op.create_table(
        "postcode",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("outward", sa.String(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("postcode_pkey")),
    )
    op.create_index("postcode_by_outward", "postcode", ["outward"], unique=False)
    op.create_table(
        "spot",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("listing_id", sa.Uuid(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("spot_pkey")),
    )
    op.create_index("spot_around", "spot", ["latitude", "longitude"], unique=False)
    op.create_index("spot_of", "spot", ["collection", "listing_id"], unique=False)


def downgrade() -> None:
    op.drop_index("spot_of", table_name="spot")
    op.drop_index("spot_around", table_name="spot")
    op.drop_table("spot")
    op.drop_index("postcode_by_outward", table_name="postcode")
    op.drop_table("postcode")
    op.drop_index("place_by_name", table_name="place")
    op.drop_table("place")
    op.drop_table("origin")
    op.drop_index("opening_of", table_name="opening")
    op.drop_table("opening")
    op.drop_index("listing_in_order", table_name="listing")
    op.drop_index(
        "listing_gone", table_name="listing", postgresql_where=sa.text("withdrawn_at is not null")
    )
    op.drop_index("listing_by_word", table_name="listing", postgresql_using="gin")
    op.drop_index("listing_by_term", table_name="listing", postgresql_using="gin")
    op.drop_index("listing_by_taxonomy", table_name="listing", postgresql_using="gin")
    op.drop_index("listing_by_organization", table_name="listing")
    op.drop_index("listing_by_entry", table_name="listing")
    op.drop_index("listing_by_change", table_name="listing")
    op.drop_table("listing")
    op.drop_index("history_in_order", table_name="history")
    op.drop_table("history")
    op.drop_index("entry_by_reference", table_name="entry", postgresql_using="gin")
    op.drop_index("entry_by_origin", table_name="entry")
    op.drop_table("entry")
    op.drop_index("cover_of", table_name="cover")
    op.drop_table("cover")
