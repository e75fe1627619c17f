"""Orders that only count their steps."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("create table step (order_id uuid primary key, steps integer not null)")
    op.execute("create table secret (id integer primary key, name bytea)")
