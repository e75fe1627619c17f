"""Drives: how long they take, whether they fit, and which rows of a person's time they take.

**The product's rule.** Between two fixed things that follow each other at different places, the drive and the
buffer fit whole into *one* free gap: nobody drives half of the way before an online session and half after it.
Driving times are closed under the triangle inequality, so the rule between neighbours holds between all pairs.

**The benchmark's rule** (H6, and H5 for own lessons) is weaker: for every pair the time between them is at
least drive and buffer, whatever lies in between. It is only used for the benchmark's files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from contracts.programme import Programmes
from contracts.refusals import Invalid
from contracts.values import DivisionCode
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import DAY, Span, at, day_of


class DriveRule(StrEnum):
    """When a drive fits."""

    WHOLE_GAP = "whole_gap"
    ANY_PAIR = "any_pair"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two things that a person cannot both do: they overlap, or `needed` minutes do not fit."""

    other: Fixed
    needed: int = 0
    """Drive and buffer in minutes; 0 when the two overlap."""
    there: int = 0
    """The longest gap there is."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive as a row: the minutes it takes (buffer included), right before the thing it leads to."""

    span: Span
    from_id: UUID | None
    to_id: UUID | None


class Travel:
    """Driving times between places of the counties."""

    def __init__(
        self, minutes: Mapping[tuple[DivisionCode, DivisionCode], int], *, within: int, buffer: int
    ) -> None:
        self.buffer = buffer
        self._minutes = _closed(minutes, within)
        self._reach = max(self._minutes.values(), default=0) + buffer

    @classmethod
    def of(cls, programmes: Programmes) -> "Travel":
        """From `rules/distances.csv` and the planning rules."""
        planning = programmes.rules.planning
        known = {(d.from_code, d.to_code): d.drive_min for d in programmes.distances}
        return cls(known, within=planning.within_division_minutes.value, buffer=planning.buffer_minutes.value)

    def minutes(self, a: Place, b: Place) -> int:
        """Drive from one place to the other; 0 at the same works. `Invalid` for a county without a road."""
        if a.site is not None and a == b:
            return 0
        try:
            return self._minutes[a.division, b.division]
        except KeyError:
            raise Invalid("division.unknown", divisions=f"{a.division}-{b.division}") from None

    def needed(self, a: Fixed, b: Fixed) -> int:
        """Drive and buffer between two things; 0 at one place, without a place, or between somebody's own lessons."""
        if a.place is None or b.place is None or Kind.SESSION not in (a.kind, b.kind):
            return 0
        drive = self.minutes(a.place, b.place)
        return drive + self.buffer if drive else 0

    def added(self, new: Fixed, home: Place, diary: Diary) -> int:
        """Minutes of driving that the new thing adds to the person's day, from home and back home; 0 online."""
        if new.place is None:
            return 0
        day = at(day_of(new.span.start))
        things = [(t.span.start, t.place) for t in diary.during(Span(day, day + DAY)) if t.place is not None]
        before = [place for start, place in things if start < new.span.start]
        after = [place for start, place in things if start >= new.span.start]
        tour = self._tour([home, *before, new.place, *after, home])
        return tour - (self._tour([home, *before, *after, home]) if things else 0)

    def _tour(self, places: Sequence[Place]) -> int:
        return sum(self.minutes(a, b) for a, b in pairwise(places) if a != b)

    def clash(self, new: Fixed, diary: Diary, rule: DriveRule = DriveRule.WHOLE_GAP) -> Clash | None:
        """What the person is bound to that stands against the new thing, or nothing."""
        for other in diary.during(new.span):
            return Clash(other)
        if rule is DriveRule.ANY_PAIR:
            return self._pair_too_close(new, diary)
        return self._gap_too_short(new, diary)

    def fits_between(self, first: Fixed, between: Sequence[Fixed], last: Fixed) -> Clash | None:
        """Whether the drive from first to last fits whole into one gap; `between` has no places, in order of time."""
        needed = self.needed(first, last)
        if not needed:
            return None
        there = max((gap.length for gap in _gaps(first, between, last)), default=0)
        return Clash(first, needed, there) if there < needed else None

    def drives(self, things: Iterable[Fixed]) -> tuple[Drive, ...]:
        """Drives to be reserved between a person's fixed things of one day.

        From one day to the next everybody goes home: the home window stands for those drives. A drive takes the
        last gap that holds it whole, right up to the gap's end; a drive that does not fit has no row.
        """
        ordered = sorted(things, key=lambda t: (t.span, t.kind, str(t.id)))
        placed = [i for i, t in enumerate(ordered) if t.place is not None]
        rows: list[Drive] = []
        for i, k in pairwise(placed):
            first, last = ordered[i], ordered[k]
            needed = self.needed(first, last)
            if not needed or day_of(first.span.end - 1) != day_of(last.span.start):
                continue
            gaps = [g for g in _gaps(first, ordered[i + 1 : k], last) if g.length >= needed]
            if gaps:
                rows.append(Drive(Span(gaps[-1].end - needed, gaps[-1].end), first.id, last.id))
        return tuple(rows)

    def _gap_too_short(self, new: Fixed, diary: Diary) -> Clash | None:
        before, left = _to_the_next_place(diary.before(new.span.start))
        after, right = _to_the_next_place(diary.after(new.span.start))
        left.reverse()
        if new.place is None:
            if before is None or after is None:
                return None
            return self.fits_between(before, [*left, new, *right], after)
        found = self.fits_between(before, left, new) if before is not None else None
        if found is None and after is not None and (clash := self.fits_between(new, right, after)):
            found = Clash(after, clash.needed, clash.there)
        return found

    def _pair_too_close(self, new: Fixed, diary: Diary) -> Clash | None:
        near = Span(new.span.start - self._reach, new.span.end + self._reach)
        for other in diary.during(near):
            gap = max(new.span.start - other.span.end, other.span.start - new.span.end)
            if gap < self.needed(new, other):
                return Clash(other, self.needed(new, other), gap)
        return None


def _to_the_next_place(things: Iterable[Fixed]) -> tuple[Fixed | None, list[Fixed]]:
    """The next thing with a place, and those without one that are passed on the way."""
    passed: list[Fixed] = []
    for thing in things:
        if thing.place is not None:
            return thing, passed
        passed.append(thing)
    return None, passed


def _gaps(first: Fixed, between: Sequence[Fixed], last: Fixed) -> list[Span]:
    free_from, gaps = first.span.end, list[Span]()
    for thing in (*between, last):
        if thing.span.start > free_from:
            gaps.append(Span(free_from, thing.span.start))
        free_from = max(free_from, thing.span.end)
    return gaps


def _closed(
    minutes: Mapping[tuple[DivisionCode, DivisionCode], int], within: int
) -> dict[tuple[DivisionCode, DivisionCode], int]:
    """Both directions, the county itself, and no way longer than a way through a third county."""
    closed = {pair: m for (a, b), m in minutes.items() for pair in ((a, b), (b, a))}
    divisions = sorted({a for a, _ in closed})
    closed |= {(d, d): within for d in divisions}
    far = sum(closed.values()) + 1
    for via in divisions:
        for a in divisions:
            for b in divisions:
                direct = closed.get((a, b), far)
                around = closed.get((a, via), far) + closed.get((via, b), far)
                if min(direct, around) < far:
                    closed[a, b] = min(direct, around)
    return closed
