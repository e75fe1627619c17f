"""What the board shows to whoever looks: cards, numbers, lanes, sessions of their own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request

from portal.boards.cards import Desk, OrderCard
from portal.desks.learnt import learnt_between
from portal.desks.orders import cards_under_way, sessions_between
from portal.desks.past_orders import ended, ended_like
from portal.desks.places.read import houses_of
from portal.desks.union import seen
from portal.desks.union.board_asked import MOST_ROWS, Asked
from portal.desks.union.board_map import board_map
from portal.desks.union.board_table import LATE, in_order, sorts_of
from portal.desks.union.lessons import lessons_of, people_in
from portal.desks.union.numbers import numbers_of
from portal.desks.union.pages import stuck_for, tries_for
from portal.desks.union.shown import CardView, Listed, as_on, card_view, found_by, lanes_of
from portal.web.names import names_for
from portal.web.viewer import Viewer
from portal.whose import whose_people
from servicekit.clock import now
from servicekit.db import Tx

MOST_ENDED = 60
AHEAD = timedelta(days=92)
"""How far the sessions to come are looked at."""


async def board_of(request: Request, tx: Tx, viewer: Viewer, asked: Asked) -> dict[str, Any]:
    """Everything that the board's template is given."""
    scope, at, query = viewer.scope, await now(tx), asked.query
    stuck, tries = stuck_for(request, viewer), tries_for(request, viewer)
    today = at.astimezone(viewer.text.zone).date()
    subjects = {one.subject for one in stuck}
    first = min(today.replace(day=1), today - timedelta(days=6))
    sessions = await sessions_between(tx, scope, first, today + AHEAD)
    whose = await whose_people(tx, scope)
    learnt = await learnt_between(tx, sessions, first, today + AHEAD, whose)
    names = await names_for(tx, viewer.text, scope, people_in(sessions))
    going, over = await cards_under_way(tx, scope)
    looked_through = await (
        ended_like(tx, scope, query.split(), names, most=MOST_ENDED)
        if query
        else ended(tx, scope, most=MOST_ENDED)
    )
    over += looked_through
    cards = sorted((as_on(card, names, at) for card in going), key=lambda card: card.deadline or LATE)
    looked = await seen.versions_seen(tx, viewer.account.id, [*cards, *over])

    def view_of(card: OrderCard) -> CardView:
        return card_view(
            card,
            names,
            at,
            seen=looked.get(card.order_id, 0),
            home=viewer.turn,
            stuck=str(card.order_id) in subjects,
            tries=tries(card.order_id),
            whose=whose,
        )

    def shown(some: Sequence[OrderCard]) -> list[Listed]:
        listed = [Listed(card, view_of) for card in some if asked.town in {"", card.division}]
        return [one for one in listed if not query or found_by(query, one.card, one.view)]

    listed = in_order(shown(cards), asked.sort)
    past = [] if asked.town else [one.view for one in shown(over)]
    here = {str(one.card.order_id) for one in listed} | {view.id for view in past}
    sought = viewer.text.listed(
        word for word in (query, names.division(asked.town) if asked.town else "") if word
    )
    lessons = (
        lessons_of(sessions, cards, names, today, viewer.home)
        if viewer.home != Desk.UNION and not sought
        else []
    )
    return {
        "view": asked.view,
        "asked": asked,
        "part": False,
        "query": query,
        "sought": sought,
        "sort": asked.sort,
        "sorts": sorts_of(asked),
        "home": viewer.home,
        "empty": _empty(viewer),
        "open_orders": len(cards),
        "found": len(listed) + len(past),
        "numbers": numbers_of(cards, sessions, learnt, names=names, now=at, home=viewer.home),
        "lanes": lanes_of(listed, names, viewer.turn),
        "cards": listed,
        "map": board_map(listed, sessions, await houses_of(tx, scope), today, names, asked)
        if asked.view == "map"
        else None,
        "ended": past,
        "ended_most": MOST_ENDED if len(looked_through) >= MOST_ENDED and not asked.town else 0,
        "more_rows": MOST_ROWS,
        "lessons": lessons,
        "mine": sum(card.waits_for == viewer.turn for card in cards),
        "stuck_elsewhere": [one for one in stuck if one.subject not in here] if not sought else [],
        "as_of": viewer.text.clock(at),
    }


def _empty(viewer: Viewer) -> tuple[str, str]:
    """What a desk without an order reads: what is so, and what brings one."""
    if viewer.home == Desk.UNION:
        return viewer.text("board.empty_title"), viewer.text("board.empty")
    return viewer.text(f"board.empty_{viewer.home}"), viewer.text(f"board.empty_{viewer.home}_how")
