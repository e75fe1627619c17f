"""Tables of findings, and of the words with which one was answered."""

from sqlalchemy import Column, Integer, String, Table, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from evaluation.metadata import metadata
from servicekit.db import EncryptedText, UtcTime

finding = Table(
    "finding",
    metadata,
    Column("finding_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("reason", JSONB, nullable=False),
    Column("sessions", ARRAY(Uuid), nullable=False),
    Column("batch_id", Uuid),
    Column("workers", ARRAY(Uuid), nullable=False),
    Column("people", ARRAY(Uuid), nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False, index=True),
    Column("asked", String(12)),
    Column("answer", JSONB(none_as_null=True)),
    Column("answered_by", String(80)),
    Column("answered_at", UtcTime),
    Column("ended", JSONB(none_as_null=True)),
    Column("closed_by", String(80)),
    Column("closed_at", UtcTime),
    Column("version", Integer, nullable=False),
)
finding_note = Table(
    "finding_note",
    metadata,
    Column("finding_id", Uuid, primary_key=True),
    Column("text", EncryptedText("finding_note.text"), nullable=False),
)
"""Free words of an answer; they stay here."""
