"""What a card, the five numbers and the lanes show, in words. Pure: rows, names and the time in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from portal.boards.as_time_passes import answered_by, confirmed_by, left_open_on, next_on, turn_on
from portal.boards.cards import ENDED, HELD, Desk, OrderCard, Stage
from portal.desks.union.due import page_of
from portal.desks.union.seen import unseen
from portal.web.names import Names
from portal.web.text import Text
from portal.whose import Whose
from servicekit.trying import Trying

SOON = timedelta(hours=6)
MOST_IN_LANE = 30
"""Cards of a lane that are shown; whoever looks for another searches, or takes the table."""
LANES = (Desk.UNION, Desk.ENTERPRISE, Desk.COLLEGE, Desk.SYSTEM, Desk.RUNNING)
OF_A_PERSON = (Desk.COLLEGE, Desk.RUNNING, Desk.ENTERPRISE, Desk.UNION)
WHOLE = frozenset({Desk.UNION, Desk.ENTERPRISE})
"""Desks that see whole orders; the others see their own part, on which the system never works."""
ICONS = {
    Desk.UNION: "layout-kanban", Desk.ENTERPRISE: "building-factory", Desk.COLLEGE: "school",
    Desk.SYSTEM: "robot", Desk.RUNNING: "users", Desk.NOBODY: "circle-check",
}  # fmt: skip


@dataclass(frozen=True)
class Tag:
    """A short mark. `kind` is its colour: violet = changed, amber, red, green, teal, blue."""

    kind: str
    text: str
    ends: bool = False
    """It says how the order ended."""


@dataclass(frozen=True)
class Clock:
    """How long there is, or was. `kind`: left, soon, over, waits."""

    kind: str
    text: str
    icon: str


@dataclass(frozen=True)
class CardView:
    """An order card, ready to be shown."""

    id: str
    url: str
    number: str
    enterprise: str
    what: str
    more: str
    steps: tuple[str, ...]
    """The seven stages: done, now, stopped, open, or none: it does not apply to this order."""
    stage_text: str
    lane: str
    wait: str
    clock: Clock | None
    tags: tuple[Tag, ...]
    edge: str
    mine: bool
    """It is the viewer's own turn."""
    do: str
    """Where it is done."""
    place: str = ""
    """Its county."""


@dataclass(frozen=True)
class Listed:
    """An order and how it is shown; made only when it is: a desk has far more under way than it shows at once."""

    card: OrderCard
    shown_as: Callable[[OrderCard], CardView]

    @cached_property
    def view(self) -> CardView:
        """As a card or a row."""
        return self.shown_as(self.card)


@dataclass(frozen=True)
class Lane:
    """A column of the board."""

    code: str
    title: str
    icon: str
    cards: tuple[CardView, ...]
    """The first of them."""
    mine: bool
    total: int = 0
    """All of them."""


def as_on(card: OrderCard, names: Names, now: datetime) -> OrderCard:
    """The card as it stands now: posting days, days to answer, or the enterprise's hours for a session may be over."""
    card = turn_on(card, now.astimezone(names.text.zone).date())
    late = names.programmes.rules.delivery.open_late_hours.value
    card = left_open_on(card, now, open_late_hours=late)
    card = next_on(card, now)
    programme = names.programmes.programmes.get(card.programme)
    if programme is None:
        return card
    promised = programme.order_answer_working_days.value
    card = answered_by(card, names.programmes, working_days=promised, zone=names.text.zone)
    return confirmed_by(card, now, dispute_hours=programme.dispute_hours.value)


def _of_whom(card: OrderCard, names: Names, whose: Whose | None) -> str:
    """Of a joint order: how many of its people are one's own, or of how many enterprises they are."""
    joint = whose.joint.get(card.order_id) if whose else None
    if whose is None or joint is None:
        return ""
    if whose.enterprise is None:
        return names.text("card.of_enterprises", count=len(joint))
    return names.text("card.of_own", count=len(joint.get(whose.enterprise, ())))


def card_view(
    card: OrderCard,
    names: Names,
    now: datetime,
    *,
    seen: int = 0,
    home: str = Desk.UNION,
    stuck: bool = False,
    tries: Sequence[Trying] = (),
    whose: Whose | None = None,
) -> CardView:
    """The card as somebody of `home` sees it now, who looked at version `seen` last.

    `stuck`: a service cannot digest one of its facts; `tries`: long work of it that is tried again; `whose`: whose
    people are on joint orders.
    """
    text = names.text
    clock = clock_of(card, names, now)
    first = card.lines[0] if card.lines else None
    what = ""
    if first is not None:
        what = text("card.what", occupation=names.occupation(first.occupation), level=names.level(first.level),
                    count=first.heads)  # fmt: skip
        what += _of_whom(card, names, whose)
    more = (
        len({(line.occupation, line.level) for line in card.lines} - {(first.occupation, first.level)})
        if first
        else 0
    )
    edge = {"over": "red", "soon": "amber"}.get(clock.kind, "") if clock else ""
    special = [Tag("red", text("tag.stuck"))] if stuck else []
    special += [Tag("amber", text("tag.tries", attempt=one.attempt)) for one in tries]
    return CardView(
        id=str(card.order_id),
        url=f"/orders/{card.order_id}/story",
        number=card.number,
        enterprise=names.organisation(card.enterprise_id, card.enterprise_name),
        what=what,
        more=text("card.more_lines", count=more) if more else "",
        steps=steps_of(card),
        stage_text=text("card.finished")
        if card.state == "fulfilled"
        else text("card.stage", stage=text(f"stage.{card.stage}"), n=card.stage),
        lane=card.waits_for,
        wait=wait_of(card, names, home),
        clock=clock,
        tags=(*special, *tags_of(card, names, now, seen)),
        edge="red" if stuck else edge,
        mine=card.waits_for == home,
        do=page_of(card, home),
        place=names.division(card.division) if card.division else "",
    )


def found_by(query: str, card: OrderCard, view: CardView) -> bool:
    """Whether the search means this order: by number, the enterprise's name in either language, trade or place."""
    told = f"{view.number} {view.enterprise} {card.enterprise_name} {view.what} {view.place}".casefold()
    return all(word in told for word in query.casefold().split())


def steps_of(card: OrderCard) -> tuple[str, ...]:
    """The state of each of the seven stages; at the end all that apply are done."""
    apart: set[int] = set()
    if card.stages and "delivery" not in card.stages:
        apart = {Stage.TEACHING}
    if card.stages and "evaluation" not in card.stages:
        apart = {Stage.EVALUATION, Stage.CERTIFICATES}

    def step(stage: Stage) -> str:
        if stage in apart:
            return "none"
        if card.state == "fulfilled" or stage < card.stage:
            return "done"
        if stage > card.stage:
            return "open"
        return "stopped" if card.state in ENDED else "now"

    return tuple(map(step, Stage))


def wait_of(card: OrderCard, names: Names, home: str) -> str:
    """Who is waited for, for what; to those who are waited for, what to do."""
    text = names.text
    figures: dict[str, object] = {"count": card.figures.get("sessions", 0), **card.figures}
    wait = card.wait
    if wait == "fulfilled" and not figures.get("held"):  # an order for an evaluation alone
        return text("tag.fulfilled")
    if wait == "approve" and card.scheme.unplaced:
        wait = "approve_unplaced"
    if wait in {"answer", "name"} and card.figures.get("others"):
        wait = f"{wait}_others"
    key = f"mine.{wait}" if card.waits_for == home and text.has(f"mine.{wait}") else f"wait.{wait}"
    if "college" in figures:
        figures["college"] = names.organisation(str(card.figures["college"]))
    if isinstance(starts := figures.get("starts"), str):
        figures["starts"] = text.moment(datetime.fromisoformat(starts))
    elif card.wait == "next":
        figures["starts"] = "—"
    if isinstance(until := figures.get("until"), str):
        figures["until"] = text.day(date.fromisoformat(until))
    return text(key, **figures)


def clock_of(card: OrderCard, names: Names, now: datetime) -> Clock | None:
    """To the deadline, or since when it waits; nothing once the order has ended or simply runs."""
    text = names.text
    if card.state in ENDED:
        return (
            Clock("waits", text.day(card.updated.astimezone(text.zone).date()), "calendar")
            if card.updated
            else None
        )
    if card.deadline is not None:
        left = card.deadline - now
        if left < timedelta():
            return Clock("over", text("clock.over", time=text.lasts(left)), "alarm")
        kind = "soon" if left < SOON else "left"
        return Clock(kind, text("clock.left", time=text.lasts(left)), "clock")
    if card.since is None or card.waits_for == Desk.RUNNING:
        return None
    return Clock("waits", text("clock.waits", time=text.lasts(now - card.since)), "clock")


def tags_of(card: OrderCard, names: Names, now: datetime, seen: int) -> list[Tag]:
    """What is special about the order; the changes first."""
    text = names.text
    tags: list[Tag] = []
    if changes := unseen(card, seen, now):
        tags.append(Tag("violet", text("tag.changes", count=len(changes))))
    if card.state == "returned":
        tags.append(Tag("amber", text("tag.returned")))
    if card.scheme.escalated and card.scheme.sign_by is not None:
        tags.append(Tag("red", text("tag.escalated")))
    tags += _of_staffing(card, text)
    if any(lesson.state == "missed" for lesson in card.sessions.values()):
        tags.append(Tag("red", text("tag.missed")))
    live = [lesson for lesson in card.sessions.values() if lesson.state != "cancelled"]
    held = sum(lesson.state in HELD for lesson in live)
    if held and card.stage == Stage.TEACHING and card.state not in ENDED:
        tags.append(Tag("teal", text("tag.held", held=held, sessions=len(live))))
    if card.issued - card.revoked > 0:
        tags.append(Tag("green", text("tag.certificates", count=card.issued - card.revoked)))
    if card.state in ENDED:
        kind = "green" if card.state == "fulfilled" else "amber"
        tags.append(Tag(kind, text(f"tag.{card.state}"), ends=True))
    elif card.special:
        tags.append(Tag("blue", text("tag.special")))
    return tags


def _of_staffing(card: OrderCard, text: Text) -> Iterator[Tag]:
    """Nobody can come, or the date is near and nobody is certain."""
    if any(lesson.state in {"unstaffable", "unplaced"} for lesson in card.sessions.values()):
        yield Tag("red", text("tag.unstaffable"))
    if near := sum(offer.near for offer in card.offers.values()):
        yield Tag("red", text("tag.unconfirmed", count=near))


def lanes_of(some: Sequence[Listed], names: Names, home: str) -> list[Lane]:
    """The board: who has the ball. The viewer's own lane is marked and comes first; without `home` none is."""
    lanes = OF_A_PERSON if home and home not in LANES else sorted(LANES, key=lambda lane: lane != home)
    of = {code: [one for one in some if one.card.waits_for == code] for code in lanes}
    return [
        Lane(
            code=code,
            title=names.text(_lane_key(code, home)),
            icon=ICONS[code],
            cards=tuple(one.view for one in of[code][:MOST_IN_LANE]),
            mine=code == home,
            total=len(of[code]),
        )
        for code in lanes
        if not home or home in WHOLE or code != Desk.SYSTEM
    ]


def _lane_key(code: Desk, home: str) -> str:
    if code == home:
        return "lane.own"
    return f"lane.{code}"
