"""The five numbers on top of a board. Pure: cards and sessions of a scope in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.boards.cards import Desk, OrderCard
from portal.boards.sessions import SessionRow
from portal.desks.union.shown import WHOLE
from portal.web.names import Names
from staffing.counting import totals

TODAY_AND_NEXT = timedelta(hours=24)


@dataclass(frozen=True)
class Number:
    """One of the five figures on top."""

    title: str
    value: str
    note: str
    kind: str = ""


def numbers_of(
    cards: Sequence[OrderCard],
    sessions: Sequence[SessionRow],
    learnt: Sequence[SessionRow],
    *,
    names: Names,
    now: datetime,
    home: str,
) -> list[Number]:
    """Overdue, unstaffed, unanswered, this week, this month. Those who are sent have nothing to staff.

    `learnt`: the sessions with those people only who count for whoever looks, joint orders held elsewhere too.
    """
    today = now.astimezone(names.text.zone).date()
    return [
        _overdue(cards, names, now),
        *([_unstaffed(sessions, names, now)] if home in WHOLE else []),
        _unanswered(cards, names, now, home),
        _week(learnt, names, today),
        _month(learnt, names, today),
        *([] if home in WHOLE else [_hours(sessions, names, today)]),
    ]


def _overdue(cards: Sequence[OrderCard], names: Names, now: datetime) -> Number:
    text = names.text
    over = [now - card.deadline for card in cards if card.deadline and card.deadline < now]
    if not over:
        return Number(text("number.overdue"), "0", text("number.overdue_none"))
    note = text("number.overdue_note", time=text.lasts(max(over)))
    return Number(text("number.overdue"), str(len(over)), note, "red")


def _unstaffed(sessions: Sequence[SessionRow], names: Names, now: datetime) -> Number:
    text = names.text
    stuck = [row for row in sessions if row.state in {"unstaffable", "unplaced"}]
    if not stuck:
        return Number(text("number.unstaffed"), "0", text("number.unstaffed_none"))
    first = min((row.starts_at for row in stuck if row.starts_at and row.starts_at > now), default=None)
    note = text("number.unstaffed_note", time=text.moment(first)) if first else ""
    return Number(text("number.unstaffed"), str(len(stuck)), note, "amber")


def _unanswered(cards: Sequence[OrderCard], names: Names, now: datetime, home: str) -> Number:
    text = names.text
    title = text("number.to_answer" if home == Desk.COLLEGE else "number.unanswered")
    offers = [offer for card in cards for offer in card.offers.values()]
    soon = sum(offer.answer_by - now < TODAY_AND_NEXT for offer in offers)
    return Number(title, str(len(offers)), text("number.unanswered_note", count=soon))


def _week(sessions: Sequence[SessionRow], names: Names, today: date) -> Number:
    text = names.text
    monday = today - timedelta(days=today.weekday())
    week = [
        r
        for r in sessions
        if r.day and monday <= r.day < monday + timedelta(days=7) and r.state != "cancelled"
    ]
    held = sum(row.attended is not None for row in week)
    return Number(text("number.week"), str(len(week)), text("number.week_note", count=held))


def _held_in(sessions: Sequence[SessionRow], today: date) -> list[SessionRow]:
    month = (today.year, today.month)
    return [row for row in sessions if row.attended and row.day and (row.day.year, row.day.month) == month]


def _hours(sessions: Sequence[SessionRow], names: Names, today: date) -> Number:
    held = _held_in(sessions, today)
    note = names.text("number.hours_note", count=len(held))
    return Number(names.text("number.hours"), f"{totals(held).class_hours}", note)


def _month(sessions: Sequence[SessionRow], names: Names, today: date) -> Number:
    text = names.text
    told = totals(_held_in(sessions, today))
    note = text("number.month_note", count=f"{told.person_times:,}")
    return Number(text("number.month"), f"{told.heads:,}", note)
