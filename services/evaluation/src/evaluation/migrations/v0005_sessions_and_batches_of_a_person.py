"""The sessions that somebody leads and the batches that they assess are found without reading everybody's."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("session_lead_ix"), "session", ["lead"], unique=False)
    op.create_index(op.f("session_assignment_ix"), "session", ["assignment"], unique=False)
    op.create_index(op.f("batch_assessor_person_id_ix"), "batch_assessor", ["person_id"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
