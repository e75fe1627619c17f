"""Enterprises, surveys, orders, and the people of rosters (names, numbers and birth dates encrypted)."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enterprise",
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=True),
        sa.Column("division", sa.String(), nullable=False),
        sa.Column("industry", sa.String(), nullable=False),
        sa.Column("shift_pattern", sa.String(), nullable=False),
        sa.Column("shift_anchor", sa.Date(), nullable=False),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("pilot", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise_id"),
        sa.UniqueConstraint("credit_code"),
    )
    op.create_table(
        "order_number",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme", "round"),
    )
    op.create_table(
        "survey_answer",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.Column("person_times", sa.Integer(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.enterprise_id"],
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
        ),
        sa.PrimaryKeyConstraint("survey_id", "enterprise_id"),
    )
    op.create_table(
        "training_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("special_session", sa.Boolean(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("site", sa.JSON(), nullable=True),
        sa.Column("union_id", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("evaluated", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.enterprise_id"],
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(
        op.f("ix_training_order_enterprise_id"), "training_order", ["enterprise_id"], unique=False
    )
    op.create_table(
        "disclosure",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["training_order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id", "receiver", "worker_id"),
    )
    op.create_table(
        "roster_person",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=False),
        sa.Column("years_in_trade", sa.Integer(), nullable=True),
        sa.Column("holds_level", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["training_order.id"],
        ),
        sa.PrimaryKeyConstraint("order_id", "worker_id"),
    )
    op.create_index(op.f("ix_roster_person_worker_id"), "roster_person", ["worker_id"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
