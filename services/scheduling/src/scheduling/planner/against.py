"""All that stands against holding a session then, by that person; each with the sessions that stand in the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.values import BandCode, Reason, SessionId, because
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Session, Teacher
from staffing.diary import Kind
from staffing.moments import DAY, WEEK_DAYS, Span, at, week_of


@dataclass(frozen=True)
class Against:
    """A rule that would be broken, and the other sessions that it is about, if it is about any."""

    reason: Reason
    others: tuple[SessionId, ...] = ()


def against_slot(
    session: Session, ledger: Ledger, pace: int, *, day: date, band: BandCode
) -> Iterator[Against]:
    """All about time and place; the ledger is without the session.

    Order of the cohort's days is part of the answer, like every other rule; only what lies behind us is no
    bar: a session that was missed is made up for after later ones were held.
    """
    cohort = ledger.cohorts[session.cohort_id]
    if not cohort.earliest <= day <= cohort.latest:
        yield Against(because("slot.outside_window", earliest=cohort.earliest, latest=cohort.latest))
    for other in sorted(ledger.by_cohort[session.cohort_id], key=lambda p: p.session.position):
        if other.day == day or out_of_order(session.position, day, other, ledger.world.today):
            reason = because("slot.order_of_sessions", position=other.session.position, day=other.day)
            yield Against(reason, (other.session.session_id,))
    for code, figures in ledger.all_against_slot(session, day, band, pace):
        others = tuple(_in_the_way(code, session, ledger, day, ledger.book.span(day, band)))
        yield Against(because(code, day=day, band=band, **figures), others)


def against_person(
    session: Session, ledger: Ledger, teacher: Teacher, *, day: date, band: BandCode
) -> Iterator[Against]:
    """All about the person at that time; the ledger is without the session."""
    span = ledger.book.span(day, band)
    for reason in ledger.all_against(session, span, teacher):
        yield Against(reason, tuple(_binding(reason.code, session, ledger, teacher, day, span)))


def _in_the_way(code: str, session: Session, ledger: Ledger, day: date, span: Span) -> list[SessionId]:
    cohort = ledger.cohorts[session.cohort_id]
    match code:
        case "slot.pace":
            mine = ledger.by_cohort[session.cohort_id]
            return [p.session.session_id for p in mine if week_of(p.day) == week_of(day)]
        case "slot.no_room":
            return ledger.hosted(session, span)
        case "slot.workers_elsewhere":
            return list(ledger.taught_elsewhere(cohort, day, span))
    return []


def _binding(
    code: str, session: Session, ledger: Ledger, teacher: Teacher, day: date, span: Span
) -> list[SessionId]:
    midnight = at(day)
    match code:
        case "load.day":
            things = ledger.bound(teacher, Span(midnight, midnight + DAY))
        case "load.week":
            monday = midnight - DAY * day.weekday()
            things = ledger.bound(teacher, Span(monday, monday + WEEK_DAYS * DAY))
        case "session.overlaps" | "session.no_time_to_drive":
            things = [clash.other for clash in ledger.in_the_way(session, span, teacher)]
        case _:
            things = []
    return [thing.id for thing in things if thing.kind is Kind.SESSION and thing.id is not None]


def out_of_order(position: int, day: date, other: Placed, today: date) -> bool:
    """Whether a session of this position on that day does not fit the other one; what was overtaken is made up for."""
    overtook = other.day <= today and other.session.position > position
    return not overtook and (other.day < day) != (other.session.position < position)
