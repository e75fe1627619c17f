"""Tables of duties, offers, declined pairs and orders."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from instructor_dispatch.metadata import metadata
from servicekit.db import UtcTime

duty = Table(
    "duty",
    metadata,
    Column("duty_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("role", String(9), nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("level", String(12), nullable=False),
    Column("division", String(6)),
    Column("site", String(40)),
    Column("slot", JSONB, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("barred", ARRAY(Uuid), nullable=False),
    Column("proposed", Uuid),
    Column("cohort_id", Uuid, index=True),
    Column("unit", String(48)),
    Column("revision", Integer, nullable=False),
    Column("state", String(11), nullable=False),
    Index("duty_unstaffable_ix", "duty_id", postgresql_where=text("state = 'unstaffable'")),
)
"""What people are asked for: a copy of what scheduling or evaluation said last."""

offer = Table(
    "offer",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("duty_id", ForeignKey("duty.duty_id"), nullable=False, index=True),
    Column("role", String(9), nullable=False),
    Column("college_id", String(40), nullable=False),
    Column("person_id", Uuid),
    Column("slot", JSONB, nullable=False),
    Column("day", Date, nullable=False),
    Column("answer_by", UtcTime, nullable=False),
    Column("step", Integer, nullable=False),
    Column("linked", Uuid),
    Column("state", String(12), nullable=False),
    Column("open_call", Boolean, nullable=False),
    Column("answered_at", UtcTime),
    Column("name_by", UtcTime),
    Column("reason", String(80)),
    Column("version", Integer, nullable=False),
    Index(
        "offer_person_ix",
        "person_id",
        postgresql_where=text("state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')"),
    ),
    Index("offer_college_ix", "college_id", "state", "day"),
)

refused_pair = Table(
    "refused_pair",
    metadata,
    Column("duty_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("lapsed", Boolean, nullable=False),
)
"""Who said no to what: not asked again. Who only let it lapse: not at this time."""

staffing = Table(
    "staffing",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("programme", String(40)),
    Column("version", Integer),
    Column("sessions", Integer),
    Column("arrived", Integer, nullable=False),
    Column("staffed", Boolean, nullable=False),
)
"""Of each order: its programme, how many sessions its confirmed scheme has, and whether all have a lead."""
