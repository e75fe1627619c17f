"""Why this time and why not another: every rule about time and place that bars a slot, and who is free in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import BandCode, Minutes, Reason, because
from scheduling.planner.against import out_of_order
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Session, Teacher

SHOWN = {
    "slot.pace": "slot.pace_reached",
    "slot.release_cap": "slot.release_used",
    "slot.no_room": "slot.rooms_taken",
}
"""Rules that are told with their figures here: the search counts the slots that they bar and has none."""
ORDER = (
    "slot.band_too_short", "slot.day_past", "slot.outside_window", "slot.closed_day", "slot.release_used",
    "slot.crew_rests", "slot.order_of_sessions", "slot.pace_reached", "slot.rooms_taken",
    "slot.workers_elsewhere", "slot.nobody_free",
)  # fmt: skip
"""Rules as people ask for them."""


@dataclass(frozen=True)
class Then:
    """A slot and what stands against it; `free` people could come to it."""

    day: date
    band: BandCode
    free: int
    release: Minutes
    """Working minutes that it takes from the crew that loses most."""
    unwished: bool
    against: tuple[Reason, ...]
    """In the order in which they are asked for; none = it could be held then."""


def why_then(
    ledger: Ledger,
    session: Session,
    day: date,
    band: BandCode,
    pace: int,
    able: Sequence[Teacher] | None = None,
) -> Then:
    """The slot, the session itself not in the ledger. `pace` = most sessions of its cohort in a week.

    `able` = who could teach it on some day, when that is known already.
    """
    cohort, span = ledger.cohorts[session.cohort_id], ledger.book.span(day, band)
    qualified, free = 0, 0
    for teacher in ledger.able(session.needs) if able is None else able:
        first = ledger.why_not(session, span, teacher)
        free += first is None
        qualified += first is None or not first.code.startswith("qualification.")
    against = list(against_slot(ledger, session, day, band, pace))
    if not free:
        against.append(because("slot.nobody_free", qualified=qualified))
    return Then(
        day=day,
        band=band,
        free=free,
        release=ledger.release_of(cohort).minutes(span) or 0,
        unwished=bool(cohort.bands) and band not in cohort.bands,
        against=tuple(sorted(against, key=lambda reason: ORDER.index(reason.code))),
    )


def against_slot(ledger: Ledger, session: Session, day: date, band: BandCode, pace: int) -> Iterator[Reason]:
    """Every rule that bars the slot, whoever would come."""
    cohort, today = ledger.cohorts[session.cohort_id], ledger.world.today
    if band not in session.bands:
        yield because("slot.band_too_short", band=band)
    if day <= today:
        yield because("slot.day_past", day=day)
    if not cohort.earliest <= day <= cohort.latest:
        yield because("slot.outside_window", earliest=cohort.earliest, latest=cohort.latest)
    for other in sorted(ledger.by_cohort[session.cohort_id], key=lambda p: p.session.position):
        if other.day == day or out_of_order(session.position, day, other, today):
            yield because("slot.order_of_sessions", position=other.session.position, day=other.day)
    for code, figures in ledger.all_against_slot(session, day, band, pace):
        yield because(SHOWN.get(code, code), **figures)


def window(ledger: Ledger, session: Session, pace: int) -> tuple[Then, ...]:
    """All slots between the sessions before and after it, by time."""
    first, last = gap(ledger, session)
    days, able = (
        (first + timedelta(days=n) for n in range((last - first).days + 1)),
        ledger.able(session.needs),
    )
    return tuple(why_then(ledger, session, day, band, pace, able) for day in days for band in session.bands)


def gap(ledger: Ledger, session: Session, *, later: int = 0) -> tuple[date, date]:
    """First and last day between the sessions before and after it; no day, when the last lies before the first.

    `later` = days beyond the line's last one.
    """
    cohort, one = ledger.cohorts[session.cohort_id], timedelta(days=1)
    others = ledger.by_cohort[session.cohort_id]
    before = [p.day + one for p in others if p.session.position < session.position]
    after = [p.day - one for p in others if p.session.position > session.position]
    first = max([cohort.earliest, ledger.world.today + one, *before])
    return first, min([cohort.latest + timedelta(days=later), *after])
