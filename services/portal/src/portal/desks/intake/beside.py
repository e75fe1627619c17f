"""What the union sees beside an order that comes in: the enterprise's history, duplicates, room for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import ServiceLine
from portal.boards.cards import ENDED, Line
from portal.desks.enterprise.asked import LineSeen, OrderSeen, WorksSeen
from portal.desks.past_orders import Other
from portal.web.names import Names
from staffing.rulebook import Rulebook

MOST, MOST_DOUBLES = 20, 3
"""Shown on the page; all are on the board, where a search by the enterprise finds them."""


@dataclass(frozen=True)
class PastOrder:
    """An order of the same enterprise."""

    id: str
    number: str
    what: str
    state: str
    double: bool
    """It is open and asks for the same occupation, level and service."""


@dataclass(frozen=True)
class History:
    """The newest of them, of how many; and those that it may be ordered twice with, of how many."""

    newest: tuple[PastOrder, ...]
    total: int
    doubles: tuple[PastOrder, ...]
    doubled: int


def history(seen: OrderSeen, others: Sequence[Other], names: Names) -> History:
    """The enterprise's other orders as they come, the newest first; doubles are marked."""
    asked = {(line.service, line.occupation, line.level) for line in seen.lines}
    doubles = [one for one in others if one.state not in ENDED and asked & set(map(_asks, one.lines))]
    double = {one.order_id for one in doubles}

    def told(some: Sequence[Other]) -> tuple[PastOrder, ...]:
        return tuple(
            PastOrder(
                id=str(one.order_id),
                number=one.number,
                what=names.text.joined(_what(line, names) for line in one.lines),
                state=names.text.or_code("order_state", one.state),
                double=one.order_id in double,
            )
            for one in some
        )

    return History(told(others[:MOST]), len(others), told(doubles[:MOST_DOUBLES]), len(doubles))


def _asks(line: Line) -> tuple[str, str, str]:
    return line.service, line.occupation, line.level


def _what(line: Line, names: Names) -> str:
    people = names.text("of.people", count=line.heads)
    return f"{names.occupation(line.occupation)} {names.level(line.level)} {people}"


@dataclass(frozen=True)
class Room:
    """Times at which every crew is off and rested, and for sessions of how many class-hours they are long enough."""

    times: int
    hours: int | None
    """Nothing where nothing is taught."""


def room(line: LineSeen, works: WorksSeen, rules: Rulebook, today: date) -> Room:
    """In the line's days and wished bands: those that can hold a session of the unit with the shortest ones."""
    programmes = rules.programmes
    units = [programmes.units[code] for code in line.units if code in programmes.units]
    units = units or list(programmes.units_of(line.occupation, line.level or ""))
    shortest = min(units, key=lambda unit: unit.session_hours, default=None) if _taught(line) else None
    hours = shortest.session_hours if shortest else None
    if line.earliest is None or line.latest is None:
        return Room(0, hours)
    bands: Sequence[str] = line.bands or list(programmes.bands)
    if shortest is not None:
        long_enough = programmes.bands_for(shortest)
        bands = [band for band in bands if band in long_enough]
    crews = [rules.crew(works.shift_pattern, crew, works.shift_anchor) for crew in line.crews]
    first = max(line.earliest, today + timedelta(days=1))
    days = (first + timedelta(days=each) for each in range((line.latest - first).days + 1))
    spans = (rules.span(day, band) for day in days if not rules.calendar.is_closed(day) for band in bands)
    return Room(sum(all(crew.release(span) == 0 for crew in crews) for span in spans), hours)


def _taught(line: LineSeen) -> bool:
    return line.service != ServiceLine.SKILL_EVALUATION
