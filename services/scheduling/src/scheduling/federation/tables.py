"""Table of runs: what was asked for, how far it is, what was found."""

from sqlalchemy import JSON, Column, Integer, String, Table, Uuid

from scheduling.metadata import metadata
from servicekit.db import UtcTime

plan_run = Table(
    "plan_run",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("kind", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
)
