"""Finds the slot and the person for one session: the first slot that somebody can come to, and who suits best."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from contracts.values import BandCode, Reason, because
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Session, Teacher
from staffing.people import reasons_against_teaching

Slot = tuple[date, BandCode]
Allowed = Callable[[date, BandCode], bool]
"""Whether a slot may be chosen at all."""


@dataclass
class Search:
    """A search for one session; counts what barred the slots it tried."""

    ledger: Ledger
    session: Session
    pace: int
    barred: Counter[str] = field(default_factory=Counter)

    def first(
        self,
        windows: Iterable[Sequence[date]],
        *,
        not_at: Slot | None = None,
        allowed: Allowed | None = None,
    ) -> Placed | None:
        """The first slot with somebody, window by window: wished bands first, then without release, then early."""
        candidates = self._qualified()
        for days in windows:
            for day, band in self._open_slots(days):
                if (day, band) == not_at or (allowed is not None and not allowed(day, band)):
                    continue
                found = self._best(day, band, candidates)
                if found is not None:
                    return found
                self.barred["slot.nobody_can_come"] += 1
        return None

    def at(self, day: date, band: BandCode) -> Placed | None:
        """The best person for exactly this slot."""
        return self._best(day, band, self._qualified())

    def tried(self) -> tuple[Reason, ...]:
        """What barred the slots: each rule with its number of slots; nothing was tried when the window is over."""
        if not self.barred:
            return (because("slot.window_over", latest=self.ledger.cohorts[self.session.cohort_id].latest),)
        return tuple(because(code, slots=count) for code, count in sorted(self.barred.items()))

    def with_person(self, day: date, band: BandCode, teacher: Teacher) -> Placed:
        """The session there and with this person, explained; the caller checks that it can be."""
        return self._explained(day, band, teacher, free=1)

    def _qualified(self) -> list[Teacher]:
        """Who could teach it at all, on some day (validity is asked with the day)."""
        needs, ladder = self.session.needs, self.ledger.book.ladder
        return [
            teacher
            for teacher in self.ledger.teachers.values()
            if not reasons_against_teaching(teacher.person.qualifications, needs, date.min, ladder)
        ]

    def _open_slots(self, days: Sequence[date]) -> list[Slot]:
        cohort = self.ledger.cohorts[self.session.cohort_id]
        release = self.ledger.release_of(cohort).minutes
        ranked = []
        for day in days:
            for band in self.session.bands:
                barred = self.ledger.why_not_slot(self.session, day, band, self.pace)
                if barred is not None:
                    self.barred[barred] += 1
                    continue
                span = self.ledger.book.span(day, band)
                unwished = bool(cohort.bands) and band not in cohort.bands
                ranked.append((unwished, bool(release(span)), day, span.start, band))
        return [(day, band) for _, _, day, _, band in sorted(ranked)]

    def _best(self, day: date, band: BandCode, candidates: Sequence[Teacher]) -> Placed | None:
        span = self.ledger.book.span(day, band)
        free = [t for t in candidates if self.ledger.why_not(self.session, span, t) is None]
        if not free:
            return None
        best = min(free, key=lambda teacher: self._rank(teacher, band))
        return self._explained(day, band, best, free=len(free))

    def _rank(self, teacher: Teacher, band: BandCode) -> tuple[bool, bool, bool, int, str]:
        """Stays with the unit; does not avoid the band; is not needed as assessor; drives little, has a fair load.

        Who teaches a cohort may not assess it, so those with an assessor's card are kept for that.
        """
        person, ledger = teacher.person, self.ledger
        weight = ledger.book.programmes.rules.planning.weight_unfairness.value
        over = max(0, ledger.loads[person.person_id] + 1 - person.fair_load)
        return (
            not ledger.taught_unit(self.session, person.person_id),
            band in person.avoids,
            any(q.assessor and q.occupation == self.session.needs.occupation for q in person.qualifications),
            2 * ledger.drive(self.session, teacher) + weight * over,
            str(person.person_id),
        )

    def _explained(self, day: date, band: BandCode, teacher: Teacher, *, free: int) -> Placed:
        ledger, session = self.ledger, self.session
        span, id_ = ledger.book.span(day, band), teacher.person.person_id
        reasons = [because("chosen.among", free=free)]
        if ledger.taught_unit(session, id_):
            reasons.append(because("chosen.continues_unit"))
        if session.place is not None:
            reasons.append(because("chosen.drive", minutes=ledger.drive(session, teacher)))
        others = (t for t in ledger.teachers.values() if t is not teacher)
        barred = Counter(r.code for t in others if (r := ledger.why_not(session, span, t)) is not None)
        reasons += [
            because("others.barred", rule=code, people=count) for code, count in sorted(barred.items())
        ]
        return Placed(session, day, band, id_, tuple(reasons))


def windows(first: date, last: date, *, days: int = 7) -> list[list[date]]:
    """The days from first to last in windows: within one the wish decides, from one to the next the date."""
    count = (last - first).days + 1
    return [
        [first + timedelta(days=d) for d in range(start, min(start + days, count))]
        for start in range(0, count, days)
    ]
