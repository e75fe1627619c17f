"""Rows are found by day, state, person, session, enterprise and number without reading what else is stored."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FOUND_BY = {
    "session_row": ("day", "state", "person", "taught_by"),
    "offer_row": ("session_id", "batch_id", "person_id"),
    "order_card": ("enterprise_id", "number"),
    "certificate_row": ("issued_on",),
}


def upgrade() -> None:
    for table, columns in FOUND_BY.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
