"""What the union sees beside an order that comes in: the enterprise's history, duplicates, room for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.boards.cards import ENDED, Line, OrderCard
from portal.desks.enterprise.asked import LineSeen, OrderSeen, WorksSeen
from portal.web.names import Names
from staffing.rulebook import Rulebook


@dataclass(frozen=True)
class PastOrder:
    """An order of the same enterprise."""

    id: str
    number: str
    what: str
    state: str
    double: bool
    """It is open and asks for the same occupation, level and service."""


def history(seen: OrderSeen, cards: Sequence[OrderCard], names: Names) -> list[PastOrder]:
    """The enterprise's other orders, the newest first; doubles are marked."""
    asked = {(line.service, line.occupation, line.level) for line in seen.lines}
    found = []
    for card in sorted(cards, key=lambda each: each.number, reverse=True):
        if card.enterprise_id != seen.enterprise_id or card.order_id == seen.order_id:
            continue
        same = any((line.service, line.occupation, line.level) in asked for line in card.lines)
        found.append(
            PastOrder(
                id=str(card.order_id),
                number=card.number,
                what=names.text.joined(_what(line, names) for line in card.lines),
                state=names.text.or_code("order_state", card.state),
                double=same and card.state not in ENDED,
            )
        )  # fmt: skip
    return found


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
