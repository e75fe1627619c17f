"""From somebody's reservations to the drives between them, with the rules that all services share."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from contracts.values import AssignmentId, PersonId
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.rulebook import Rulebook

KINDS = {"session": Kind.SESSION, "batch": Kind.SESSION, "lesson": Kind.LESSON, "absence": Kind.ABSENCE}


@dataclass(frozen=True, slots=True)
class Row:
    """A reservation: somebody is at one place for a time, or on the way to it. Half-open, UTC."""

    person_id: PersonId
    starts_at: datetime
    ends_at: datetime
    kind: str
    state: str = "firm"
    assignment_id: AssignmentId | None = None
    division: str | None = None
    site: str | None = None
    reservation_id: UUID | None = None

    @property
    def is_drive(self) -> bool:
        """Whether it is the way between two places."""
        return self.kind == "drive"

    @property
    def is_duty(self) -> bool:
        """Whether the person is there because of an offer."""
        return self.assignment_id is not None

    @property
    def times(self) -> tuple[datetime, datetime]:
        """Start and end."""
        return self.starts_at, self.ends_at


def fixed(row: Row, book: Rulebook) -> Fixed:
    """The reservation as the shared rules see it."""
    place = None if row.division is None else Place(row.division, row.site)
    return Fixed(book.clock.span(*row.times), KINDS[row.kind], place, row.assignment_id)


def diary(rows: Iterable[Row], book: Rulebook) -> Diary:
    """What binds the person; drives follow from it and are left out."""
    return Diary(fixed(row, book) for row in rows if not row.is_drive)


def drives(person_id: PersonId, rows: Iterable[Row], book: Rulebook) -> list[Row]:
    """The drive rows that follow from the fixed ones."""
    things = [fixed(row, book) for row in rows if not row.is_drive]
    return [
        Row(person_id, book.clock.instant(drive.span.start), book.clock.instant(drive.span.end), "drive")
        for drive in book.travel.drives(things)
    ]


def difference(have: Collection[Row], wanted: Collection[Row]) -> tuple[list[Row], list[Row]]:
    """Drive rows to take away, and drive rows to write."""
    times, told = {row.times for row in wanted}, {row.times for row in have}
    stale = [row for row in have if row.times not in times]
    return stale, [row for row in wanted if row.times not in told]


def uncovered(row: Row, others: Sequence[Row]) -> list[Row]:
    """The pieces of a time away in which the person is not reserved already."""
    pieces, free_from = list[Row](), row.starts_at
    for other in sorted(others, key=lambda each: each.starts_at):
        if other.ends_at <= free_from or other.starts_at >= row.ends_at:
            continue
        if other.starts_at > free_from:
            pieces.append(replace(row, starts_at=free_from, ends_at=other.starts_at))
        free_from = max(free_from, other.ends_at)
    if free_from < row.ends_at:
        pieces.append(replace(row, starts_at=free_from))
    return pieces


def outside(row: Row, starts_at: datetime, ends_at: datetime) -> list[Row]:
    """The pieces of a time away before and after a time that is free again."""
    pieces = [
        replace(row, ends_at=min(row.ends_at, starts_at)),
        replace(row, starts_at=max(row.starts_at, ends_at)),
    ]
    return [each for each in pieces if each.starts_at < each.ends_at]


def that_cannot_stay(away: Row, rows: Sequence[Row], book: Rulebook, *, now: datetime) -> list[Row]:
    """Sessions and batches that do not go with a new time away, its drives counted, earliest kept first.

    What has begun stays: the person is there.
    """
    stays = [row for row in rows if not row.is_drive and (not row.is_duty or row.starts_at <= now)]
    bound = diary([*stays, away], book)
    gone = []
    for row in sorted(rows, key=lambda each: each.starts_at):
        if not row.is_duty or row.starts_at <= now:
            continue
        thing = fixed(row, book)
        if book.travel.clash(thing, bound) is None:
            bound.add(thing)
        else:
            gone.append(row)
    return gone
