"""What the union sees beside an order that comes in: the enterprise's history, duplicates, room for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

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


def room(line: LineSeen, works: WorksSeen, rules: Rulebook, today: date) -> int:
    """Times in the line's days and wished bands at which every crew on its roster is off and rested."""
    if line.earliest is None or line.latest is None:
        return 0
    bands = line.bands or list(rules.programmes.bands)
    crews = [rules.crew(works.shift_pattern, crew, works.shift_anchor) for crew in line.crews]
    first = max(line.earliest, today + timedelta(days=1))
    days = (first + timedelta(days=each) for each in range((line.latest - first).days + 1))
    spans = (rules.span(day, band) for day in days if not rules.calendar.is_closed(day) for band in bands)
    return sum(all(crew.release(span) == 0 for crew in crews) for span in spans)
