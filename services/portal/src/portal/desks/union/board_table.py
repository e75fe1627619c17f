"""The board as a table: its order, its heads that sort, and the same as a sheet. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.desks.union.board_asked import Asked
from portal.desks.union.shown import LANES, CardView, Listed
from portal.web.sheets import Sheet
from portal.web.text import Text

LATE = datetime.max.replace(tzinfo=UTC)
"""Without a deadline: after those that have one."""
DOWN = "-"
TOLD = ("column.number", "column.enterprise", "column.place", "column.what", "column.stage")


@dataclass(frozen=True)
class SortHead:
    """Where a column's head leads; `now`: ascending, descending or nothing."""

    url: str
    now: str


SORTS: Mapping[str, Callable[[Listed], Any]] = {
    "number": lambda one: one.card.number,
    "enterprise": lambda one: one.view.enterprise,
    "what": lambda one: one.view.what,
    "place": lambda one: one.view.place,
    "stage": lambda one: one.card.stage,
    "turn": lambda one: LANES.index(one.card.waits_for) if one.card.waits_for in LANES else len(LANES),
    "wait": lambda one: one.view.wait,
    "clock": lambda one: one.card.deadline or LATE,
}
"""By column: what it sorts by. The clock is the usual order."""


def in_order(some: Sequence[Listed], sort: str) -> list[Listed]:
    """By the column that is named, from the end with a minus before it; as they come for any other word."""
    key = SORTS.get(sort.removeprefix(DOWN))
    return sorted(some, key=key, reverse=sort.startswith(DOWN)) if key else list(some)


def sorts_of(asked: Asked) -> dict[str, SortHead]:
    """Every column's head: the same once more turns its order round."""

    def head(column: str) -> SortHead:
        now = {column: "ascending", f"{DOWN}{column}": "descending"}.get(asked.sort, "")
        return SortHead(
            asked.url(view="table", sort=f"{DOWN}{column}" if now == "ascending" else column), now
        )

    return {column: head(column) for column in SORTS}


def board_sheets(going: Sequence[CardView], ended: Sequence[CardView], text: Text) -> list[Sheet]:
    """What is under way, and what has ended."""
    told = [text(key) for key in TOLD]
    under_way = Sheet(
        text("board.title"),
        [*told, text("column.turn"), text("column.wait"), text("column.clock"), text("board.tags")],
        [
            [
                *_first(view), text("lane.own") if view.mine else text(f"lane.{view.lane}"), view.wait,
                view.clock.text if view.clock else "", text.joined(tag.text for tag in view.tags),
            ]
            for view in going
        ],
    )  # fmt: skip
    over = Sheet(
        text("board.ended"),
        [*told, text("column.outcome"), text("column.ended"), text("board.tags")],
        [
            [
                *_first(view), view.wait, view.clock.text if view.clock else "",
                text.joined(tag.text for tag in view.tags),
            ]
            for view in ended
        ],
    )  # fmt: skip
    return [under_way, over]


def _first(view: CardView) -> list[str]:
    what = f"{view.what} · {view.more}" if view.more else view.what
    return [view.number, view.enterprise, view.place, what, view.stage_text]
