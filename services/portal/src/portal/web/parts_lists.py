"""What the parts page shows of lists: tables, figures, sessions, calls, a map; made up, one of every state."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal.desks.places.drawn import Arc as Drawn
from portal.desks.places.drawn import Drawing, Spot, Town
from portal.desks.places.shown import ArcView, MapView, PlaceRow, TownView
from portal.desks.union.board_asked import Asked
from portal.desks.union.board_table import sorts_of
from portal.desks.union.due import StepView
from portal.desks.union.folded import Folded
from portal.desks.union.lessons import KINDS, LessonView
from portal.desks.union.numbers import Number
from portal.desks.union.planned import PlannedView
from portal.desks.union.story import Because, Sentence
from portal.web.text import Text

AT = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


def lists(text: Text) -> dict[str, Any]:
    """Sessions in every state, a plan's lines with and without reasons, numbers, steps, a map."""
    return {
        "sorts": sorts_of(Asked(sort="-clock")),
        "numbers": [
            Number(
                text("number.overdue"), "3", text("number.overdue_note", time=text("time.hours", n=2)), "red"
            ),
            Number(
                text("number.unstaffed"), "1", text("number.unstaffed_note", time=text.moment(AT)), "amber"
            ),
            Number(text("number.week"), "12", text("number.week_note", count=5)),
        ],
        "lessons": [
            _lesson(n, state, text) for n, state in enumerate(["scheduled", "closed", "missed", *KINDS])
        ],
        "planned": [_planned(text), _planned(text, why=text("reason.load.day"), year=2027)],
        "steps": [StepView(text("step.accept"), "order-intake", "POST /orders/{order_id}/accept")],
        "map": _map(text),
        "facts": [
            Folded(
                _fact(
                    1,
                    "scheme.approved",
                    text,
                    Because(text("fact.order.fulfilled"), UUID(int=2)),
                    strong=True,
                )
            ),
            Folded(_fact(2, "order.fulfilled", text, Because(text("story.cause_not_here"), None))),
            Folded(
                _fact(3, "order.withdrawn", text, None),
                tuple(_fact(n, "order.withdrawn", text, None) for n in range(4, 8)),
            ),
        ],
    }


def _fact(number: int, type_: str, text: Text, because: Because | None, *, strong: bool = False) -> Sentence:
    told = text(f"fact.{type_}", version=3, signed="")
    who = text("service.scheduling")
    return Sentence(
        UUID(int=number), number, f"{type_}.v1", AT, told, who, because, important=True, strong=strong
    )


def _lesson(number: int, state: str, text: Text) -> LessonView:
    return LessonView(
        id=f"part-{number}", url="#", number=f"2026-{number:04d}", when=text.moment(AT), unit=text("parts.unit"),
        enterprise=text("parts.enterprise"), place=text("parts.place"), person=text("person.open"),
        state=text(f"session_state.{state}"), kind=KINDS.get(state, ""),
    )  # fmt: skip


def _planned(text: Text, *, why: str = "", year: int = 0) -> PlannedView:
    return PlannedView(
        when=text.day(AT.date()), cohort=text("then.cohort", letter="A"), unit=text("parts.unit"),
        person=text("person.open"), class_hours=text("then.hours", n=4), why=[why] if why else [],
        provisional=text("plan.provisional", year=year) if year else "", asked="#" if why else "",
    )  # fmt: skip


def _map(text: Text) -> MapView:
    """A town with much, one that is overdue, one soon due, an empty one, and a drive."""
    places = [(140, 80, 24, 12, ""), (360, 70, 12, 3, "red"), (560, 110, 8, 1, "amber"), (300, 200, 5, 0, "")]
    towns = tuple(
        Town(
            str(n),
            x,
            y,
            radius,
            Spot(value, text("board.map_there", count=value), "#", kind) if value else None,
            n,
            n,
        )
        for n, (x, y, radius, value, kind) in enumerate(places)
    )
    arc = Drawn("M140 80Q250 20 360 70", 3.5, "0", "1", 4)
    place = text("parts.place")
    return MapView(
        title=text("board.map_title"), lead=text("map.lead", column=text("board.map_orders")),
        column=text("board.map_orders"), drawing=Drawing(720, 260, towns, (arc,)),
        towns=tuple(
            TownView(town, place, text("map.town", name=place, what=_what(town, text)))
            for town in towns
        ),
        arcs=(ArcView(arc, text("map.drive", home=place, to=place, count=4)),),
        rows=(PlaceRow(place, towns[0].spot, ""), PlaceRow(place, None, "")),
    )  # fmt: skip


def _what(town: Town, text: Text) -> str:
    return town.spot.text if town.spot else text("map.nothing")
