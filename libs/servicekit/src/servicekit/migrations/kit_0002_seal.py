"""The seal: windows of sent facts in a chain, the heads of all subjects, the roots that were published."""

from alembic import op

revision = "kit_0002_seal"
down_revision = "kit_0001"
branch_labels = None
depends_on = None

TABLES = (
    # no fact in two windows, whoever sends one again
    """
    create table seal (
      number bigint primary key check (number >= 1),
      count integer not null check (count >= 1),
      root bytea not null check (octet_length(root) = 32),
      chained bytea not null check (octet_length(chained) = 32),
      positions int8multirange not null,
      at timestamptz not null default clock_timestamp(),
      constraint seal_each_fact_once exclude using gist (positions with &&))""",
    # "C": sorted by bytes on every server, as the auditor sorts
    """
    create table seal_head (
      subject text collate "C" not null,
      number bigint not null,
      sequence bigint not null check (sequence >= 1),
      folded bytea not null check (octet_length(folded) = 32))""",
    # the newest head of each subject, subject by subject, without sorting
    "create unique index seal_head_newest on seal_head (subject, number desc)",
    "create index seal_head_number on seal_head (number)",
    """
    create table seal_published (
      root bytea primary key check (octet_length(root) = 32),
      windows bigint not null,
      parts jsonb not null,
      at timestamptz not null default clock_timestamp())""",
)


def upgrade() -> None:
    """Make the tables; like facts, nothing in them changes."""
    for statement in TABLES:
        op.execute(statement)
    for table in ("seal", "seal_head", "seal_published"):
        op.execute(
            f"create trigger {table}_append_only before update or delete on {table} "
            "for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger {table}_no_truncate before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    """A seal that can be taken off is none."""
    raise RuntimeError("the seal is not undone")
