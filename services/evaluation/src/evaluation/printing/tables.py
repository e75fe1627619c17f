"""Rows of what is printed for whoever asked for all of an order: how far it is, and the papers themselves."""

from sqlalchemy import Column, Integer, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from evaluation.metadata import metadata
from servicekit.db import EncryptedBytes, UtcTime

print_run = Table(
    "print_run",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("run_id", Uuid, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("after", String(22), nullable=False),
    Column("unprintable", JSONB, nullable=False),
    Column("ended_at", UtcTime),
)
printed_certificate = Table(
    "printed_certificate",
    metadata,
    Column("certificate_id", Uuid, primary_key=True),
    Column("order_id", Uuid, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("pdf", EncryptedBytes("printed_certificate.pdf"), nullable=False),
    Column("badge", Text, nullable=False),
    Column("printed_at", UtcTime, nullable=False),
)
