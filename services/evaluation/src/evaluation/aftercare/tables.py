"""Tables of answers. Nobody's name stands beside how a session was."""

from sqlalchemy import Column, Date, Integer, String, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from evaluation.metadata import metadata
from servicekit.db import EncryptedText

satisfaction = Table(
    "satisfaction",
    metadata,
    Column("answer_id", Uuid, primary_key=True),
    Column("session_id", Uuid, nullable=False, index=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("scores", JSONB, nullable=False),
    Column("given_on", Date, nullable=False),
)
satisfaction_words = Table(
    "satisfaction_words",
    metadata,
    Column("answer_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("text", EncryptedText("satisfaction_words.text"), nullable=False),
)
"""What somebody wrote in their own words; it stays here, and has an end."""
followup = Table(
    "followup",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("months", Integer, primary_key=True),
    Column("worker_id", Uuid, primary_key=True),
    Column("enterprise_id", String(40), nullable=False, index=True),
    Column("due_on", Date, nullable=False, index=True),
    Column("answers_by", Date, nullable=False),
    Column("answers", JSONB(none_as_null=True)),
    Column("answered_by", String(10)),
    Column("answered_on", Date),
    Column("reminded_on", Date),
)
