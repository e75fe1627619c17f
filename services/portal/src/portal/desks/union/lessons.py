"""The sessions of a desk's own, day by day: what enterprise, college, instructor and assessor come for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.boards.cards import OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.union.shown import WHOLE
from portal.web.names import Names

MOST = 40


@dataclass(frozen=True)
class LessonView:
    """A session, ready to be shown."""

    id: str
    url: str
    number: str
    when: str
    unit: str
    enterprise: str
    place: str
    person: str
    state: str
    kind: str
    """Colour of the state's tag."""


KINDS = {
    "unstaffed": "amber",
    "asked": "amber",
    "opened": "teal",
    "unstaffable": "red",
    "unplaced": "red",
    "disputed": "amber",
    "confirmed": "green",
}
UNFINISHED = frozenset({"scheduled", "opened", "closed", "disputed", "missed"})
"""Shown however long ago it was: it can still be opened, closed, confirmed or made up for."""
OVER = frozenset({"confirmed", "cancelled"})


def lessons_of(
    sessions: Sequence[SessionRow], cards: Sequence[OrderCard], names: Names, today: date, home: str
) -> list[LessonView]:
    """What is to be held, what was and is not confirmed yet; in time. What is past stays until it has its end."""
    orders = {card.order_id: card for card in cards}
    wanted = [
        row
        for row in sessions
        if row.order_id in orders
        and row.state not in OVER
        and (row.state in UNFINISHED or (row.day is not None and row.day >= today))
    ]
    return [_view(row, orders[row.order_id], names, home) for row in wanted[:MOST]]


def _view(row: SessionRow, card: OrderCard, names: Names, home: str) -> LessonView:
    state = row.state
    if state == "scheduled" and row.person is None:
        state = "unstaffed" if home in WHOLE else "asked"
    when = names.text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—"
    return LessonView(
        id=str(row.session_id),
        url=f"/orders/{row.order_id}/story",
        number=card.number,
        when=when,
        unit=names.unit(row.unit),
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        place=names.division(row.division),
        person=names.person(row.person) if row.person else "",
        state=names.text(f"session_state.{state}"),
        kind=KINDS.get(state, "blue"),
    )


def people_in(sessions: Sequence[SessionRow]) -> set[UUID]:
    """Whose names are wanted."""
    return {row.person for row in sessions if row.person is not None}
