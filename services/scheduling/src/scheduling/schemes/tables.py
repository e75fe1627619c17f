"""Tables of schemes: one row per accepted order, with what was ordered; every version with its content."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Uuid, false

from scheduling.metadata import metadata
from servicekit.db import UtcTime

scheme = Table(
    "scheme",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("number", String, nullable=False),
    Column("enterprise_id", String, nullable=False, index=True),
    Column("enterprise_name", String, nullable=False),
    Column("union_id", String, nullable=False),
    Column("programme", String, nullable=False),
    Column("division", String, nullable=False),
    Column("shift_pattern", String, nullable=False),
    Column("shift_anchor", Date, nullable=False),
    Column("rooms", Integer, nullable=False),
    Column("lines", JSON, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("hash", String),
    Column("stages", JSON, nullable=False),
    Column("unplaced", Integer, nullable=False),
    Column("in_force", Integer),
    Column("reason", JSON),
    Column("signed", JSON, nullable=False, server_default="[]"),
    Column("sign_by", UtcTime),
    Column("reminded", Boolean, nullable=False, server_default=false()),
    Column("escalated", Boolean, nullable=False, server_default=false()),
    Column("row_version", Integer, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
)
scheme_version = Table(
    "scheme_version",
    metadata,
    Column("order_id", Uuid, ForeignKey("scheme.order_id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("hash", String, nullable=False),
    Column("content", JSON(none_as_null=True)),
    Column("cuts", JSON(none_as_null=True)),
    Column("made_by", String, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)
"""`content` is null where it was lost with a database, and is in no fact: the version was never in force.

`cuts` is null where the cohorts are those of the version before.
"""
scheme_alternative = Table(
    "scheme_alternative",
    metadata,
    Column("order_id", Uuid, ForeignKey("scheme.order_id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("driving", Integer, nullable=False),
)
"""The newest draft, and the same order planned in other manners; gone as soon as they are good for nothing."""
plan = Table(
    "plan",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)
"""One row: how often something new was put into the plan of the whole federation."""
