"""Finds the slot and the person for one session: by the manner of the draft, among what the rules leave open."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from contracts.values import BandCode, Minutes, PersonId, Reason, because
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import WISHED, Manner, OpenSlot
from scheduling.planner.weighing import weigh
from scheduling.planner.world import Placed, Session, Teacher

Slot = tuple[date, BandCode]
Allowed = Callable[[date, BandCode], bool]
"""Whether a slot may be chosen at all."""


@dataclass
class Search:
    """A search for one session; counts what barred the slots it tried."""

    ledger: Ledger
    session: Session
    pace: int
    manner: Manner = WISHED
    barred: Counter[str] = field(default_factory=Counter)

    @cached_property
    def able(self) -> list[Teacher]:
        """Who could teach it on some day."""
        return self.ledger.able(self.session.needs)

    def first(
        self,
        windows: Iterable[Sequence[date]],
        *,
        not_at: Slot | None = None,
        allowed: Allowed | None = None,
    ) -> Placed | None:
        """The best slot with somebody of the first window that has one."""
        candidates = self.able
        for days in windows:
            slots = [
                slot
                for slot in self._open_slots(days)
                if (slot.day, slot.band) != not_at and (allowed is None or allowed(slot.day, slot.band))
            ]
            found = (
                self._nearest(slots, candidates) if self.manner.by_drive else self._first(slots, candidates)
            )
            if found is not None:
                return found
            if slots:
                self.barred["slot.nobody_can_come"] += len(slots)
        return None

    def at(self, day: date, band: BandCode) -> Placed | None:
        """The best person for exactly this slot."""
        return self._best(day, band, self.able)

    def tried(self) -> tuple[Reason, ...]:
        """What barred the slots: each rule with its number of slots; nothing was tried when the window is over.

        Where nobody anywhere is qualified, that alone: no other time would help.
        """
        needs = self.session.needs
        if not self.able:
            return (because("slot.nobody_qualified", occupation=needs.occupation, level=needs.level),)
        if not self.barred:
            return (because("slot.window_over", latest=self.ledger.cohorts[self.session.cohort_id].latest),)
        return tuple(because(code, slots=count) for code, count in sorted(self.barred.items()))

    def with_person(self, day: date, band: BandCode, teacher: Teacher) -> Placed:
        """The session there and with this person, explained; the caller checks that it can be."""
        return self._explained(day, band, [teacher])

    def _open_slots(self, days: Sequence[date]) -> list[OpenSlot]:
        """What no rule about time and place bars, the best first."""
        cohort = self.ledger.cohorts[self.session.cohort_id]
        release = self.ledger.release_of(cohort).minutes
        found = []
        for day in days:
            for band in self.session.bands:
                barred = self.ledger.why_not_slot(self.session, day, band, self.pace)
                if barred is not None:
                    self.barred[barred] += 1
                    continue
                span = self.ledger.book.span(day, band)
                unwished = bool(cohort.bands) and band not in cohort.bands
                found.append(OpenSlot(day, band, span.start, unwished, release(span) or 0))
        return sorted(found, key=self.manner.order)

    def _first(self, slots: Sequence[OpenSlot], candidates: Sequence[Teacher]) -> Placed | None:
        for slot in slots:
            found = self._best(slot.day, slot.band, candidates, among=len(slots))
            if found is not None:
                return found
        return None

    def _nearest(self, slots: Sequence[OpenSlot], candidates: Sequence[Teacher]) -> Placed | None:
        """The slot to which somebody drives least; among equals the better slot."""
        best: OpenSlot | None = None
        least: Minutes | None = None
        for slot in slots:
            span = self.ledger.book.span(slot.day, slot.band)
            drives = sorted(
                (self.ledger.added_drive(self.session, span, t), n) for n, t in enumerate(candidates)
            )
            for minutes, n in drives:
                if least is not None and minutes >= least:
                    break
                if self.ledger.why_not(self.session, span, candidates[n]) is None:
                    best, least = slot, minutes
                    break
        return self._best(best.day, best.band, candidates, among=len(slots)) if best else None

    def _best(
        self, day: date, band: BandCode, candidates: Sequence[Teacher], *, among: int = 0
    ) -> Placed | None:
        """Whoever suits best; `among` = how many open slots it was chosen from, 0 = it was given."""
        free, against = self._free(day, band, candidates)
        if not free:
            return None
        return self._explained(day, band, free, among=among, against=against)

    def best_at(self, day: date, band: BandCode) -> Teacher | None:
        """Who would be taken for exactly this slot, without the reasons."""
        span = self.ledger.book.span(day, band)
        by_rank = sorted(self.able, key=lambda teacher: self._rank(teacher, day, band))
        return next((t for t in by_rank if self.ledger.why_not(self.session, span, t) is None), None)

    def _free(
        self, day: date, band: BandCode, candidates: Sequence[Teacher]
    ) -> tuple[list[Teacher], dict[PersonId, Reason | None]]:
        """Who can come, the best first; and the first reason against each of those who were asked."""
        span = self.ledger.book.span(day, band)
        against = {t.person.person_id: self.ledger.why_not(self.session, span, t) for t in candidates}
        free = [t for t in candidates if against[t.person.person_id] is None]
        return sorted(free, key=lambda teacher: self._rank(teacher, day, band)), against

    def _rank(self, teacher: Teacher, day: date, band: BandCode) -> tuple[tuple[int, ...], str]:
        """The best first; the id only makes it certain.

        Who teaches a cohort may not assess it, so those with an assessor's card are kept for that.
        """
        weight = self.ledger.book.programmes.rules.planning.weight_unfairness.value
        by_drive = self.manner.by_drive
        weighed = weigh(self.ledger, self.session, day, band, teacher, added=by_drive)
        return weighed.rank(weight, by_drive=by_drive), str(teacher.person.person_id)

    def _explained(
        self,
        day: date,
        band: BandCode,
        free: Sequence[Teacher],
        *,
        among: int = 0,
        against: Mapping[PersonId, Reason | None] | None = None,
    ) -> Placed:
        """The first of those who are free, with the reasons for the time and for the person.

        `against`: the first reason against those who were asked already.
        """
        against = against or {}
        ledger, session, teacher = self.ledger, self.session, free[0]
        span, id_ = ledger.book.span(day, band), teacher.person.person_id
        added = [ledger.added_drive(session, span, t) for t in free[:2]]
        cohort = ledger.cohorts[session.cohort_id]
        release = ledger.release_of(cohort).minutes(span) or 0
        reasons = [self.manner.why(among, added[0])] if among else []
        reasons.append(
            because("chosen.release", minutes=release) if release else because("chosen.no_release")
        )
        if cohort.bands and band not in cohort.bands:
            reasons.append(because("chosen.unwished", band=band))
        reasons.append(because("chosen.among", free=len(free)))
        if ledger.taught_unit(session, id_):
            reasons.append(because("chosen.continues_unit"))
        if session.place is not None:
            reasons.append(because("chosen.drive", minutes=ledger.drive(session, teacher)))
        if added[1:] and added[1] > added[0]:
            reasons.append(because("chosen.ahead_of_next", minutes=added[1] - added[0]))
        others = (
            against[id_] if id_ in against else ledger.why_not(session, span, t)
            for id_, t in ledger.teachers.items()
            if t is not teacher
        )  # fmt: skip
        barred = Counter(reason.code for reason in others if reason is not None)
        reasons += [
            because("others.barred", rule=code, people=count) for code, count in sorted(barred.items())
        ]
        return Placed(session, day, band, id_, tuple(reasons))
