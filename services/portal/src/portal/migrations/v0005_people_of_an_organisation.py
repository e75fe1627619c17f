"""Who says who belongs to an organisation, whom they invited, and in which browsers somebody is logged in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("manages", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("account", "manages", server_default=None)
    op.add_column("account", sa.Column("language", sa.String(), nullable=True))
    op.add_column("account", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    for name, kind, before in (
        ("id", sa.Uuid(), sa.text("gen_random_uuid()")),
        ("since", sa.DateTime(timezone=True), sa.func.now()),
        ("used_at", sa.DateTime(timezone=True), sa.func.now()),
        ("browser", sa.String(), ""),
        ("address", sa.String(), ""),
    ):
        op.add_column("login", sa.Column(name, kind, nullable=False, server_default=before))
        op.alter_column("login", name, server_default=None)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("roles", postgresql.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("manages", sa.Boolean(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
