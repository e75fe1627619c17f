"""What binds a person, in order of time: sessions, own lessons, absences."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from contracts.values import DivisionCode, OrganisationId
from staffing.moments import Span, overlap


class Kind(StrEnum):
    """Why somebody is bound."""

    SESSION = "session"
    LESSON = "lesson"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a county, and the works or campus in it when that is known."""

    division: DivisionCode
    site: OrganisationId | None = None


@dataclass(frozen=True, slots=True, order=True)
class Fixed:
    """Something that binds a person. No place = online, or away: no drive is counted to or from it."""

    span: Span
    kind: Kind
    place: Place | None = None
    id: UUID | None = None


class Diary:
    """The fixed things of one person by time. Own lessons inside an absence do not take place and are left out."""

    def __init__(self, things: Iterable[Fixed] = ()) -> None:
        things = tuple(things)
        absences = [t.span for t in things if t.kind is Kind.ABSENCE]
        covered = {t for t in things if t.kind is Kind.LESSON and _within(t.span, absences)}
        self._covered = frozenset(covered)
        """Own lessons that do not take place, because of an absence."""
        self._things = sorted((t for t in things if t not in covered), key=_when)
        self._longest = max((t.span.length for t in self._things), default=0)

    def __iter__(self) -> Iterator[Fixed]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)

    def copy(self) -> "Diary":
        """The same things, in a diary that is continued by itself."""
        other: Diary = copy(self)
        other._things = self._things.copy()
        return other

    def with_one_more(self, thing: Fixed) -> "Diary":
        """A diary in which the thing is, too."""
        other = self.copy()
        other.add(thing)
        return other

    def without(self, thing: Fixed) -> "Diary":
        """A diary in which the thing is not; own lessons that an absence stood before take place again."""
        if thing.kind is Kind.ABSENCE and self._covered:
            return Diary(t for t in (*self._things, *self._covered) if t != thing)
        other = self.copy()
        other.remove(thing)
        return other

    def remove(self, thing: Fixed) -> None:
        """Binds the person to one thing less; nothing happens when it is not there."""
        first = bisect_left(self._things, thing.span.start, key=_start)
        for index in range(first, len(self._things)):
            if self._things[index].span.start != thing.span.start:
                return
            if self._things[index] == thing:
                del self._things[index]
                return

    def add(self, thing: Fixed) -> None:
        """Binds the person to one thing more."""
        insort(self._things, thing, key=_when)
        self._longest = max(self._longest, thing.span.length)

    def during(self, span: Span) -> list[Fixed]:
        """What overlaps the span."""
        first = bisect_left(self._things, span.start - self._longest, key=_start)
        last = bisect_left(self._things, span.end, key=_start)
        return [t for t in self._things[first:last] if t.span.end > span.start]

    def sessions_in(self, span: Span) -> int:
        """How many sessions begin in the span."""
        first = bisect_left(self._things, span.start, key=_start)
        last = bisect_left(self._things, span.end, key=_start)
        return sum(t.kind is Kind.SESSION for t in self._things[first:last])

    def before(self, minute: int) -> Iterator[Fixed]:
        """What begins before the minute, latest first."""
        for index in range(bisect_left(self._things, minute, key=_start) - 1, -1, -1):
            yield self._things[index]

    def after(self, minute: int) -> Iterator[Fixed]:
        """What begins at the minute or later, earliest first."""
        for index in range(bisect_left(self._things, minute, key=_start), len(self._things)):
            yield self._things[index]


def _start(thing: Fixed) -> int:
    return thing.span.start


def _when(thing: Fixed) -> tuple[int, int, str, str]:
    return thing.span.start, thing.span.end, thing.kind, str(thing.id)


def _within(span: Span, others: list[Span]) -> bool:
    return any(overlap(span, other) == span.length for other in others)
