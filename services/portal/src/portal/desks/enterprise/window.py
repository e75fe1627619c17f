"""Whether the days that a line names can be enough at all, before anybody plans. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import ServiceLine, Stage
from portal.desks.enterprise.asked import LineSeen
from portal.web.text import Text
from staffing.rulebook import Rulebook


@dataclass(frozen=True)
class Doubt:
    """Why a line's days may not work: the key of its sentence, and the days and counts in it."""

    line: int
    key: str
    figures: dict[str, date | int]


def doubts(lines: Iterable[LineSeen], programme: str, rules: Rulebook, answered: date | None) -> list[Doubt]:
    """Of an order that is answered on this day; nothing begins before the day after. None for a programme unknown.

    A line's days are too few when not even one class, on every open day and in every band that it may have, gets all
    its sessions.
    """
    if answered is None or programme not in rules.programmes.programmes:
        return []
    found = (_doubt(line, programme, rules, answered + timedelta(days=1)) for line in lines)
    return [each for each in found if each is not None]


def said(found: Iterable[Doubt], text: Text) -> list[str]:
    """In words, each with its line."""
    return [text("of.line", n=one.line) + text(one.key, **_figures(one, text)) for one in found]


def _figures(one: Doubt, text: Text) -> dict[str, str | int]:
    return {
        name: text.day(figure) if isinstance(figure, date) else figure for name, figure in one.figures.items()
    }


def _doubt(line: LineSeen, programme: str, rules: Rulebook, begins: date) -> Doubt | None:
    if line.earliest is None or line.latest is None or line.latest < line.earliest:
        return None
    if line.latest < begins:
        return Doubt(line.line, "of.doubt_over", {"last": line.latest, "day": begins})
    first = max(line.earliest, begins)
    needed, times = _sessions(line, programme, rules), _times(line, rules, first)
    if times < needed:
        figures: dict[str, date | int] = {
            "needed": needed,
            "times": times,
            "first": first,
            "last": line.latest,
        }
        return Doubt(line.line, "of.doubt_few", figures)
    if line.earliest < begins:
        return Doubt(line.line, "of.doubt_early", {"first": line.earliest, "day": begins})
    return None


def _sessions(line: LineSeen, programme: str, rules: Rulebook) -> int:
    """Of one class: the units wished, or all of the occupation and level; at least one where nothing is taught."""
    programmes = rules.programmes
    services = programmes.programmes[programme].services
    if line.level is None or services.get(ServiceLine(line.service)) is not Stage.DELIVERY:
        return 1
    wished = [programmes.units[code] for code in line.units if code in programmes.units]
    return sum(unit.sessions for unit in wished or programmes.units_of(line.occupation, line.level))


def _times(line: LineSeen, rules: Rulebook, first: date) -> int:
    assert line.latest is not None
    days = (first + timedelta(days=each) for each in range((line.latest - first).days + 1))
    open_days = sum(not rules.calendar.is_closed(day) for day in days)
    return open_days * len(line.bands or rules.programmes.bands)
