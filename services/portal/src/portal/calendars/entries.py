"""Entries of somebody's calendar, and what becomes of them when the plan changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

KEPT_DAYS = timedelta(days=90)
"""So long after its end an entry stays in the calendar."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A session or batch as a calendar shows it; `about` is its id. No names of people."""

    about: UUID
    starts_at: datetime
    ends_at: datetime
    title: str
    place: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as the calendar program was told it last."""

    entry: Entry
    sequence: int
    """Grows with each change, so that programs know the newer of two (RFC 5545)."""
    changed_at: datetime
    cancelled: bool = False


def changes(kept: Mapping[UUID, Kept], due: Iterable[Entry], at: datetime) -> dict[UUID, Kept]:
    """What is to be told differently from now on. What is due no more stays, cancelled."""
    found: dict[UUID, Kept] = {}
    there = {entry.about: entry for entry in due}
    for about, entry in there.items():
        before = kept.get(about)
        if before is None:
            found[about] = Kept(entry, 0, at)
        elif before.cancelled or before.entry != entry:
            found[about] = Kept(entry, before.sequence + 1, at)
    for about in kept.keys() - there.keys():
        before = kept[about]
        if not before.cancelled:
            found[about] = replace(before, sequence=before.sequence + 1, changed_at=at, cancelled=True)
    return found
