"""What time alone changes on a card: no fact is said when posting days or a lead's time to close are over. Pure."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from contracts.programme import Programmes
from portal.boards.cards import Desk, OrderCard, Stage
from staffing.calendar import Calendar


def turn_on(card: OrderCard, today: date) -> OrderCard:
    """The card as it stands on a day: once the posting days are over, it is the union's turn to issue."""
    until = card.figures.get("until")
    if card.wait == "posted" and isinstance(until, str) and date.fromisoformat(until) < today:
        return replace(card, stage=Stage.CERTIFICATES, waits_for=Desk.UNION, wait="issue")
    return card


def answered_by(card: OrderCard, programmes: Programmes, *, working_days: int, zone: tzinfo) -> OrderCard:
    """The card with its deadline: a new order is answered by the end of the day that its enterprise was promised."""
    if card.wait != "accept" or card.since is None:
        return card
    calendar = Calendar.of(programmes)  # of all years: not made for a card that needs none
    promised = calendar.add_working_days(card.since.astimezone(zone).date(), working_days)
    return replace(card, deadline=datetime.combine(promised + timedelta(days=1), time(), zone))


def left_to_the_union(ends: datetime | None, now: datetime, *, open_late_hours: int) -> bool:
    """Whether the union may close an open session: its lead still may for so long after its end."""
    return ends is not None and ends + timedelta(hours=open_late_hours) <= now


def left_open_on(card: OrderCard, now: datetime, *, open_late_hours: int) -> OrderCard:
    """The card as it stands now: a session that its lead has left open for days is the union's to close."""
    if card.wait != "teaching":
        return card
    over = sum(
        lesson.state == "opened" and left_to_the_union(lesson.ends, now, open_late_hours=open_late_hours)
        for lesson in card.sessions.values()
    )
    if not over:
        return card
    return replace(card, waits_for=Desk.UNION, wait="left_open", figures={"count": over})


def confirmed_by(card: OrderCard, now: datetime, *, dispute_hours: int) -> OrderCard:
    """The card with its deadline: until then the enterprise confirms or disputes; after it silence is a yes."""
    if card.wait != "confirm_sessions":
        return card
    time = timedelta(hours=dispute_hours)
    closed = [lesson.closed for lesson in card.sessions.values() if lesson.state == "closed"]
    return replace(card, deadline=min((each or card.since or now) + time for each in closed))


def next_on(card: OrderCard, now: datetime) -> OrderCard:
    """The card as it stands now: the next session is one to come; whichever has begun and is not open is counted."""
    if card.wait != "next":
        return card
    starts = [one.starts for one in card.sessions.values() if one.state == "scheduled" and one.starts]
    ahead = min((each for each in starts if each > now), default=None)
    late = sum(each <= now for each in starts)
    figures = {name: value for name, value in card.figures.items() if name != "starts"}
    if ahead:
        figures["starts"] = ahead.isoformat()
    if not late:
        return replace(card, figures=figures)
    return replace(card, wait="late_next" if ahead else "late", figures=figures | {"count": late})
