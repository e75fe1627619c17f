"""Effects without a unique constraint: a second effect of a fact would be seen."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute(
        "create table effect (n bigint generated always as identity, order_id text not null, "
        "sequence integer not null, fact_id uuid not null)"
    )
    op.execute("create table broken (order_id text primary key)")
    op.execute("create table card (order_id text primary key, steps integer not null, marks json not null)")
