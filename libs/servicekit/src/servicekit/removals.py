"""What was removed last of each class of data that is kept for a time: when and how much, for whoever looks after it.

A service that removes such data has the table `removal_table(metadata)` and notes each removal in its transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, MetaData, String, Table

from servicekit.clock import now
from servicekit.columns import UtcTime
from servicekit.db import Tx

NOTE = """
insert into removal (of_class, at, removed) values ($1, $2, $3)
on conflict (of_class) do update set at = excluded.at, removed = excluded.removed"""
READ = "select of_class, at, removed from removal"


@dataclass(frozen=True, slots=True)
class Removed:
    """The last removal: when, and of how many."""

    at: datetime
    removed: int


def removal_table(metadata: MetaData) -> Table:
    """The table, among a service's own."""
    return Table(
        "removal",
        metadata,
        Column("of_class", String(20), primary_key=True),
        Column("at", UtcTime, nullable=False),
        Column("removed", Integer, nullable=False),
    )


async def note_removal(tx: Tx, of: str, removed: int) -> None:
    """So many of this class are gone now; nothing is noted where there was nothing."""
    if removed:
        await tx.driver.execute(NOTE, of, await now(tx), removed)


async def removals(tx: Tx) -> Mapping[str, Removed]:
    """The last removal of each class that there was one of."""
    return {row["of_class"]: Removed(row["at"], row["removed"]) for row in await tx.driver.fetch(READ)}
