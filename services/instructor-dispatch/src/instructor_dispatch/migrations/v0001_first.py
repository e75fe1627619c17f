"""Colleges, people, duties, offers, and the one table in which nobody is in two places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; `btree_gist` lets a person and a time exclude each other together."""
    op.execute("create extension if not exists btree_gist")
    op.create_table(
        "college",
        sa.Column("college_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=True),
        sa.Column("division", sa.String(length=6), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("college_id"),
    )
    op.create_table(
        "duty",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("site", sa.String(length=40), nullable=True),
        sa.Column("slot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("barred", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("proposed", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=48), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.PrimaryKeyConstraint("duty_id"),
    )
    op.create_index(op.f("ix_duty_order_id"), "duty", ["order_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("college_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("home", sa.String(length=6), nullable=False),
        sa.Column("qualifications", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("most_sessions_day", sa.Integer(), nullable=False),
        sa.Column("most_sessions_week", sa.Integer(), nullable=False),
        sa.Column("fair_load", sa.Integer(), nullable=False),
        sa.Column("avoids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("away", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index(op.f("ix_person_college_id"), "person", ["college_id"], unique=False)
    op.create_index(
        "person_qualifications_ix",
        "person",
        ["qualifications"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"qualifications": "jsonb_path_ops"},
    )
    op.create_table(
        "refused_pair",
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("duty_id", "person_id"),
    )
    op.create_table(
        "reservation",
        sa.Column("reservation_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("division", sa.String(length=6), nullable=True),
        sa.Column("site", sa.String(length=40), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("during"), "&&"),
            using="gist",
            name="reservation_one_place_at_a_time",
        ),
        sa.CheckConstraint(
            "(kind in ('session', 'batch')) = (assignment_id is not null)",
            name="reservation_for_an_assignment",
        ),
        sa.CheckConstraint(
            "kind in ('session', 'drive', 'lesson', 'absence', 'batch')", name="reservation_kind"
        ),
        sa.CheckConstraint("state in ('held', 'firm')", name="reservation_state"),
        sa.CheckConstraint(
            "not isempty(during) and lower_inc(during) and not upper_inc(during)",
            name="reservation_half_open",
        ),
        sa.PrimaryKeyConstraint("reservation_id"),
    )
    op.create_index(
        "reservation_assignment_key",
        "reservation",
        ["assignment_id"],
        unique=True,
        postgresql_where=sa.text("assignment_id is not null"),
    )
    op.create_table(
        "staffing",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=True),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("staffed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_table(
        "agreement",
        sa.Column("college_id", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("union_id", sa.String(length=40), nullable=False),
        sa.Column("sessions_total", sa.Integer(), nullable=False),
        sa.Column("sessions_week", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["college_id"],
            ["college.college_id"],
        ),
        sa.PrimaryKeyConstraint("college_id", "valid_from"),
    )
    op.create_table(
        "offer",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=9), nullable=False),
        sa.Column("college_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("slot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("linked", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("open_call", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"],
            ["duty.duty_id"],
        ),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index(op.f("ix_offer_duty_id"), "offer", ["duty_id"], unique=False)
    op.create_index(op.f("ix_offer_order_id"), "offer", ["order_id"], unique=False)
    op.create_index("offer_college_ix", "offer", ["college_id", "state", "day"], unique=False)
    op.create_index(
        "offer_person_ix",
        "offer",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("state in ('offered', 'agreed', 'firm')"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
