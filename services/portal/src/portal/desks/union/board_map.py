"""The board as a map: where orders wait, and who drives from where to where this week. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from contracts.values import Mode
from portal.boards.sessions import SessionRow
from portal.calendars.due import NOT_HELD
from portal.desks.places.drawn import Drive, Houses, Spot
from portal.desks.places.shown import MapView, map_view
from portal.desks.union.board_asked import Asked
from portal.desks.union.shown import Listed
from portal.web.names import Names

WEEK = timedelta(days=6)


def board_map(
    orders: Sequence[Listed],
    sessions: Iterable[SessionRow],
    houses: Houses,
    today: date,
    names: Names,
    asked: Asked,
) -> MapView:
    """A town's circle is its orders under way: red when one is overdue, amber when one soon will be.

    It leads to just these in the table.
    """
    by_place: dict[str, list[Listed]] = {}
    for one in orders:
        by_place.setdefault(one.card.division, []).append(one)
    text = names.text
    spots = {code: _spot(some, names, asked.url(view="table", town=code)) for code, some in by_place.items()}
    drives = _drives(sessions, houses.colleges, today - timedelta(days=today.weekday()))
    return map_view(text("board.map_title"), text("board.map_orders"), spots, drives, houses, names)


def _spot(some: Sequence[Listed], names: Names, url: str) -> Spot:
    text, edges = names.text, {one.view.edge for one in some}
    late = sum(one.view.edge == "red" for one in some)
    told = text("board.map_there", count=len(some))
    return Spot(
        len(some),
        text.joined([told, text("board.map_late", count=late)]) if late else told,
        url,
        next((edge for edge in ("red", "amber") if edge in edges), ""),
    )


def _drives(sessions: Iterable[SessionRow], colleges: Mapping[str, str], monday: date) -> list[Drive]:
    """Of the sessions of this week for which somebody goes to a works."""
    ways = Counter(
        (row.college, row.division)
        for row in sessions
        if row.college in colleges
        and row.person
        and row.mode == Mode.ONSITE
        and row.state not in NOT_HELD
        and row.day
        and monday <= row.day <= monday + WEEK
    )
    return [Drive(colleges[str(college)], to, str(college), many) for (college, to), many in ways.items()]
