"""An offer may be taken before somebody is named, and an open call is decided between all who answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LIVE = "state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')"


def upgrade() -> None:
    """States have longer names; whoever volunteered, or is held by a place taken, is counted as held."""
    op.alter_column("offer", "state", type_=sa.String(length=12), existing_nullable=False)
    op.add_column("offer", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("name_by", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("offer_person_ix", "offer")
    op.create_index("offer_person_ix", "offer", ["person_id"], unique=False, postgresql_where=sa.text(LIVE))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
