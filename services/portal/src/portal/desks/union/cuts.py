"""The ways to cut an order into cohorts that were tried for a draft, in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from portal.desks.signed import ReasonSeen
from portal.desks.union.planned import person_hours, yuan
from portal.web.names import Names

IN_MINUTES = "cut.least_release"
"""The reason whose figures are minutes of work lost."""


class CutSeen(BaseModel):
    """A cut in figures."""

    name: str
    cohorts: int
    sessions: int
    unplaced: int
    last: date | None
    release_minutes: int
    cost: Decimal
    taken: bool


class CutsSeen(BaseModel):
    """What was tried."""

    tried: list[CutSeen]
    why: ReasonSeen


@dataclass(frozen=True)
class CutsTable:
    """A column for each cut."""

    why: str
    heads: tuple[tuple[str, bool], ...]
    """Its name, and whether it was taken."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """A figure in words, and its value in each cut."""


def cuts_table(cuts: CutsSeen, names: Names) -> CutsTable:
    """Side by side, with what decided."""
    text, tried, decided = names.text, cuts.tried, cuts.why.figures
    if cuts.why.code == IN_MINUTES:
        decided = {name: person_hours(minutes) for name, minutes in decided.items()}
    rows = {
        "cut.cohorts": [str(one.cohorts) for one in tried],
        "cut.sessions": [str(one.sessions) for one in tried],
        "plan.unplaced": [str(one.unplaced) for one in tried],
        "plan.last": [text.day(one.last) if one.last else "—" for one in tried],
        "plan.hours_lost": [person_hours(one.release_minutes) for one in tried],
        "plan.cost": [yuan(one.cost) for one in tried],
    }
    return CutsTable(
        why=names.reason(cuts.why.code, decided),
        heads=tuple((text(f"cut.way.{one.name}"), one.taken) for one in tried),
        rows=tuple((text(key), tuple(values)) for key, values in rows.items()),
    )
