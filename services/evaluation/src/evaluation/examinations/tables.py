"""Tables of batches, candidates, marks and assessors."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Numeric, String, Table, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from evaluation.metadata import metadata
from servicekit.db import EncryptedText, UtcTime

batch = Table(
    "batch",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("occupation", String(10), nullable=False),
    Column("level", String(12), nullable=False),
    Column("enterprise_id", String(40), nullable=False),
    Column("division", String(6), nullable=False),
    Column("slot", JSONB, nullable=False),
    Column("parts", ARRAY(String(9)), nullable=False),
    Column("barred", ARRAY(Uuid), nullable=False),
    Column("assessors", Integer, nullable=False),
    Column("state", String(9), nullable=False),
    Column("posted_on", Date),
    Column("objections_until", Date),
    Column("version", Integer, nullable=False),
    Column("rooms", JSONB, nullable=False, server_default="[]"),
    Column("invigilators", JSONB, nullable=False, server_default="[]"),
    Column("retake_until", Date),
)
candidate = Table(
    "candidate",
    metadata,
    Column("evaluation_id", Uuid, primary_key=True),
    Column("batch_id", ForeignKey("batch.batch_id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("worker_id", Uuid, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("failed", ARRAY(String(64)), nullable=False, server_default="{}"),
    Column("carried", JSONB, nullable=False, server_default="[]"),
    Column("excused", Boolean, nullable=False, server_default="false"),
    Column("answer_by", Date),
    Column("objection", Boolean, nullable=False),
)
part_mark = Table(
    "part_mark",
    metadata,
    Column("evaluation_id", ForeignKey("candidate.evaluation_id"), primary_key=True),
    Column("part", String(9), primary_key=True),
    Column("mark", Numeric(4, 1)),
    Column("entered_by", String(80), nullable=False),
    Column("entered_person", Uuid),
    Column("confirmed_by", String(80)),
    Column("second_mark", Numeric(4, 1)),
    Column("second_by", String(80)),
    Column("second_person", Uuid),
    Column("failed", ARRAY(String(64)), nullable=False, server_default="{}"),
    Column("second_failed", ARRAY(String(64)), nullable=False, server_default="{}"),
)
"""Marks as they are entered and confirmed; the result is in the candidate once all of them stand.

`second_*` is filled only while two people differ.
"""
assessor = Table(
    "batch_assessor",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("batch_id", Uuid, nullable=False, index=True),
    Column("person_id", Uuid, nullable=False, index=True),
)
objection_note = Table(
    "objection_note",
    metadata,
    Column("evaluation_id", ForeignKey("candidate.evaluation_id"), primary_key=True),
    Column("said_at", UtcTime, primary_key=True),
    Column("text", EncryptedText("objection_note.text"), nullable=False),
)
"""Free words of objections and answers; they stay here."""
batch_name = Table(
    "batch_name",
    metadata,
    Column("batch_id", ForeignKey("batch.batch_id"), primary_key=True),
    Column("of", String(40), primary_key=True),
    Column("text", EncryptedText("batch_name.text"), nullable=False),
)
"""What its rooms and the enterprise's invigilators are called, by room or id; they stay here."""
