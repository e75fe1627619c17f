"""First tables of evaluation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("enterprise_id", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("slot", postgresql.JSONB(), nullable=False),
        sa.Column("parts", postgresql.ARRAY(sa.String(length=9)), nullable=False),
        sa.Column("barred", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("batch_pkey")),
    )
    op.create_index(op.f("batch_order_id_ix"), "batch", ["order_id"], unique=False)
    op.create_table(
        "batch_assessor",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("batch_assessor_pkey")),
    )
    op.create_index(op.f("batch_assessor_batch_id_ix"), "batch_assessor", ["batch_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=22), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("check", sa.String(length=14), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("reason", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("certificate_pkey")),
        sa.UniqueConstraint("number", name=op.f("certificate_number_key")),
    )
    op.create_index(op.f("certificate_evaluation_id_ix"), "certificate", ["evaluation_id"], unique=False)
    op.create_index(op.f("certificate_order_id_ix"), "certificate", ["order_id"], unique=False)
    op.create_table(
        "certificate_series",
        sa.Column("prefix", sa.String(length=13), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", "level", name=op.f("certificate_series_pkey")),
    )
    op.create_table(
        "cohort",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("workers", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("cohort_pkey")),
    )
    op.create_index(op.f("cohort_order_id_ix"), "cohort", ["order_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("delivery_pkey")),
    )
    op.create_table(
        "directory",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_masked", sa.LargeBinary(), nullable=False),
        sa.Column("last_four", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("years_in_trade", sa.Integer(), nullable=False),
        sa.Column("holds_level", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("directory_pkey")),
    )
    op.create_table(
        "served_order",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("enterprise_id", sa.String(length=40), nullable=False),
        sa.Column("enterprise_name", sa.String(length=120), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("union_id", sa.String(length=40), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("served_order_pkey")),
    )
    op.create_table(
        "session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("class_hours", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.String(length=40), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("slot", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("lead", sa.Uuid(), nullable=True),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("attended", postgresql.JSONB(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("session_pkey")),
    )
    op.create_index(op.f("session_order_id_ix"), "session", ["order_id"], unique=False)
    op.create_table(
        "session_note",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "kind", name=op.f("session_note_pkey")),
    )
    op.create_table(
        "sign_in",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=15), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "worker_id", name=op.f("sign_in_pkey")),
        sa.UniqueConstraint("session_id", "act_id", name=op.f("sign_in_session_id_act_id_key")),
    )
    op.create_table(
        "candidate",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("objection", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.batch_id"]),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("candidate_pkey")),
    )
    op.create_index(op.f("candidate_batch_id_ix"), "candidate", ["batch_id"], unique=False)
    op.create_table(
        "objection_note",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["candidate.evaluation_id"]),
        sa.PrimaryKeyConstraint("evaluation_id", "said_at", name=op.f("objection_note_pkey")),
    )
    op.create_table(
        "part_mark",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=9), nullable=False),
        sa.Column("mark", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_person", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["candidate.evaluation_id"]),
        sa.PrimaryKeyConstraint("evaluation_id", "part", name=op.f("part_mark_pkey")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
