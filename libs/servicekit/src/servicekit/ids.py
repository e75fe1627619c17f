"""Ids of things: UUIDv7, so that rows made one after another lie beside one another."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A fresh id."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
