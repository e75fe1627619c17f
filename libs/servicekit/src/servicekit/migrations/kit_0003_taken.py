"""Up to where the topics are in this database: what a start compares with Kafka, to see that it was restored."""

from alembic import op

revision = "kit_0003_taken"
down_revision = "kit_0002_seal"
branch_labels = None
depends_on = None

TAKEN = """
create table taken (
  consumer text not null, topic text not null, partition integer not null, "offset" bigint not null,
  primary key (consumer, topic, partition))"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TAKEN)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
