"""Tables of sessions, their cohorts and who signed in."""

from sqlalchemy import Boolean, Column, Integer, String, Table, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from evaluation.metadata import metadata
from servicekit.db import EncryptedText, UtcTime

cohort = Table(
    "cohort",
    metadata,
    Column("cohort_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("letter", String(1), nullable=False),
    Column("workers", ARRAY(Uuid), nullable=False),
    Column("crews", ARRAY(String(1))),
)
session = Table(
    "session",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("cohort_id", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("level", String(12), nullable=False),
    Column("class_hours", Integer, nullable=False),
    Column("enterprise_id", String(40), nullable=False),
    Column("division", String(6), nullable=False),
    Column("slot", JSONB, nullable=False),
    Column("state", String(9), nullable=False),
    Column("lead", Uuid, index=True),
    Column("assignment", Uuid, index=True),
    Column("opened_by", Uuid),
    Column("arrived_at", UtcTime),
    Column("departed_at", UtcTime),
    Column("attended", JSONB, nullable=False),
    Column("absent", Integer, nullable=False),
    Column("excused", JSONB, nullable=False),
    Column("closed_at", UtcTime),
    Column("confirmed", String(10)),
    Column("unit", String(48)),
    Column("onsite", Boolean, nullable=False),
    Column("incidents", ARRAY(String(64)), nullable=False),
    Column("materials", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)
note = Table(
    "session_note",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("text", EncryptedText("session_note.text"), nullable=False),
)
"""Free words that stay here: the lead's report, what happened, what the enterprise says in a dispute."""
sign_in = Table(
    "sign_in",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("worker_id", Uuid, primary_key=True),
    Column("act_id", Uuid, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("way", String(15), nullable=False),
    Column("clock_offset", Integer, nullable=False),
    Column("device", String(64)),
    Column("on_paper", Boolean, nullable=False),
    Column("left_at", UtcTime),
    UniqueConstraint("session_id", "act_id"),
)
sign_out = Table(
    "sign_out",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("worker_id", Uuid, primary_key=True),
    Column("act_id", Uuid, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("way", String(15), nullable=False),
    Column("clock_offset", Integer, nullable=False),
    UniqueConstraint("session_id", "act_id"),
)
"""Who left before the end; who is not in it was there to the end."""
sign_in_again = Table(
    "sign_in_again",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("act_id", Uuid, primary_key=True),
    Column("worker_id", Uuid, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("way", String(15), nullable=False),
    Column("on_paper", Boolean, nullable=False),
)
"""Who was signed in already and is told of by another way: it counts nothing, and is noted."""
ticket = Table(
    "sign_in_ticket",
    metadata,
    Column("ticket_id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False, index=True),
    Column("made_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("worker_id", Uuid),
    Column("at", UtcTime),
)
"""Scans of sessions that are open."""
delivery = Table(
    "delivery",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("promised", Integer, nullable=False),
    Column("arrived", Integer, nullable=False),
    Column("completed", Boolean, nullable=False),
)
