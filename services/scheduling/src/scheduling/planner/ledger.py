"""The plan while it is made: who and what is taken when. Every question about a slot or a person is asked here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TypeVar

from contracts.values import BandCode, CohortId, CollegeId, EnterpriseId, Mode, PersonId, Reason, SessionId
from scheduling.planner.world import CohortPlan, Placed, Session, Teacher, World
from staffing.can import Load, first_reason_against, reasons_against
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, day_of, overlap, season_of, week_of
from staffing.shifts import CrewsRelease

K = TypeVar("K")
V = TypeVar("V")


class Ledger:
    """Counters and diaries of a world, without the sessions in `without`."""

    def __init__(self, world: World, *, without: Collection[SessionId] = ()) -> None:
        self.world, self.book = world, world.book
        self.teachers: dict[PersonId, Teacher] = {
            t.person.person_id: t for t in sorted(world.teachers, key=lambda t: t.person.person_id)
        }
        self._diaries = {id_: Diary(t.fixed) for id_, t in self.teachers.items()}
        self._loads: Counter[tuple[PersonId, date]] = Counter()
        self._college_total: Counter[tuple[CollegeId, date]] = Counter()
        """By college and first day of the agreement that the session is sent under."""
        self._college_week: dict[CollegeId, Counter[int]] = defaultdict(Counter)
        self._rooms: dict[EnterpriseId, list[tuple[SessionId, Span]]] = defaultdict(list)
        self.by_cohort: dict[CohortId, list[Placed]] = defaultdict(list)
        self.cohorts = dict(world.cohorts)
        self._releases: dict[CohortId, CrewsRelease] = {}
        self._sharing: dict[CohortId, list[CohortId]] = {}
        for placed in sorted(world.sessions, key=lambda p: (p.day, p.session.session_id)):
            if placed.session.session_id not in without:
                self.add(placed)

    def copy(self) -> "Ledger":
        """The same plan, to be continued by itself; what crews lose is remembered for both."""
        other: Ledger = copy(self)
        other._diaries = {id_: diary.copy() for id_, diary in self._diaries.items()}
        other._loads, other._college_total = self._loads.copy(), self._college_total.copy()
        other._college_week = _kept_apart(self._college_week, Counter)
        other._rooms = _kept_apart(self._rooms, list)
        other.by_cohort = _kept_apart(self.by_cohort, list)
        other.cohorts, other._sharing = dict(self.cohorts), {}
        return other

    def know(self, cohort: CohortPlan) -> None:
        """A new cohort takes part in the plan."""
        self.cohorts[cohort.cohort_id] = cohort
        self._sharing.clear()

    def add(self, placed: Placed) -> None:
        """The session takes its slot, its room and its person."""
        session, span = placed.session, self.book.span(placed.day, placed.band)
        self.by_cohort[session.cohort_id].append(placed)
        if session.mode is Mode.ONSITE:
            self._rooms[session.enterprise_id].append((session.session_id, span))
        teacher = self.teachers.get(placed.person_id) if placed.person_id else None
        if teacher is not None:
            person = teacher.person
            self._diaries[person.person_id].add(Fixed(span, Kind.SESSION, session.place, session.session_id))
            self._loads[person.person_id, season_of(placed.day)[0]] += 1
            terms = self.world.terms(person.college_id, placed.day)
            if terms is not None:
                self._college_total[person.college_id, terms.valid_from] += 1
            self._college_week[person.college_id][week_of(placed.day)] += 1

    def sessions_of(self, person_id: PersonId, day: date) -> int:
        """How many the person has in the day's season: what a fair share is measured against."""
        return self._loads[person_id, season_of(day)[0]]

    def release_of(self, cohort: CohortPlan) -> CrewsRelease:
        """What slots take from the cohort's crews."""
        if cohort.cohort_id not in self._releases:
            works = self.world.enterprises[cohort.enterprise_id]
            self._releases[cohort.cohort_id] = self.book.crews_release(
                works.shift, tuple(sorted(cohort.crews)), works.anchor
            )
        return self._releases[cohort.cohort_id]

    def why_not_slot(self, session: Session, day: date, band: BandCode, pace: int) -> str | None:
        """The first rule about time and place that bars the slot; nothing when it is open."""
        cohort, span = self.cohorts[session.cohort_id], self.book.span(day, band)
        if self.book.calendar.is_closed(day):
            return "slot.closed_day"
        mine = self.by_cohort[session.cohort_id]
        if sum(week_of(p.day) == week_of(day) for p in mine) >= pace:
            return "slot.pace"
        return self._why_not_crew(cohort, span) or self._why_not_place(session, cohort, day, span)

    def _why_not_crew(self, cohort: CohortPlan, span: Span) -> str | None:
        release = self.release_of(cohort).minutes(span)
        if release is None:
            return "slot.crew_rests"
        if release and release + self.released(cohort) > cohort.release_cap:
            return "slot.release_cap"
        return None

    def _why_not_place(self, session: Session, cohort: CohortPlan, day: date, span: Span) -> str | None:
        if session.mode is Mode.ONSITE and self._room_use(session, span) >= self.rooms(session):
            return "slot.no_room"
        if self._workers_elsewhere(cohort, day, span):
            return "slot.workers_elsewhere"
        return None

    def released(self, cohort: CohortPlan) -> int:
        """Working minutes that the cohort's placed sessions take already."""
        minutes = self.release_of(cohort).minutes
        spans = (self.book.span(p.day, p.band) for p in self.by_cohort[cohort.cohort_id])
        return sum(minutes(span) or 0 for span in spans)

    def rooms(self, session: Session) -> int:
        """Sessions that the works can host at once."""
        return self.world.enterprises[session.enterprise_id].rooms

    def why_not(self, session: Session, span: Span, teacher: Teacher) -> Reason | None:
        """The first reason against the teacher."""
        return first_reason_against(session.task(span), teacher.person, self._load(teacher, span), self.book)

    def all_against(self, session: Session, span: Span, teacher: Teacher) -> tuple[Reason, ...]:
        """Every reason against the teacher."""
        return reasons_against(session.task(span), teacher.person, self._load(teacher, span), self.book)

    def _load(self, teacher: Teacher, span: Span) -> Load:
        """What binds the teacher, and the college under the agreement of that day."""
        college = teacher.person.college_id
        terms = self.world.terms(college, day_of(span.start))
        if terms is not None:
            held = self._college_total[college, terms.valid_from]
            terms = replace(terms, held_total=held, held_week=self._college_week[college])
        return Load(self._diaries[teacher.person.person_id], terms)

    def added_drive(self, session: Session, span: Span, teacher: Teacher) -> int:
        """Minutes of driving that the session adds to the teacher's day."""
        new = Fixed(span, Kind.SESSION, session.place)
        diary = self._diaries[teacher.person.person_id]
        return self.book.travel.added(new, Place(teacher.person.home), diary)

    def added_by(self, placed: Placed) -> int:
        """Minutes of driving that it adds to the day of the person proposed, before it is added itself."""
        teacher = self.teachers.get(placed.person_id) if placed.person_id else None
        span = self.book.span(placed.day, placed.band)
        return self.added_drive(placed.session, span, teacher) if teacher else 0

    def drive(self, session: Session, teacher: Teacher) -> int:
        """Minutes from home to the session; 0 online."""
        if session.place is None:
            return 0
        return self.book.travel.minutes(Place(teacher.person.home), session.place)

    def taught_unit(self, session: Session, person_id: PersonId) -> bool:
        """Whether the person teaches this unit to this cohort already."""
        mine = self.by_cohort[session.cohort_id]
        return any(p.person_id == person_id and p.session.unit == session.unit for p in mine)

    def _room_use(self, session: Session, span: Span) -> int:
        """The most sessions at one moment of the span: some overlapping session begins it."""
        there = [s for _, s in self._rooms[session.enterprise_id] if overlap(s, span)]
        moments = [span.start, *(s.start for s in there if s.start > span.start)]
        return max(sum(s.start <= m < s.end for s in there) for m in moments)

    def _workers_elsewhere(self, cohort: CohortPlan, day: date, span: Span) -> bool:
        if cohort.cohort_id not in self._sharing:
            self._sharing[cohort.cohort_id] = [
                other.cohort_id
                for other in self.cohorts.values()
                if other.cohort_id != cohort.cohort_id and other.workers & cohort.workers
            ]
        return any(
            placed.day == day and overlap(self.book.span(placed.day, placed.band), span)
            for other in self._sharing[cohort.cohort_id]
            for placed in self.by_cohort[other]
        )


def _kept_apart(of: Mapping[K, V], kind: Callable[[V], V]) -> defaultdict[K, V]:
    found: defaultdict[K, V] = defaultdict(kind)  # type: ignore[arg-type]
    found.update({key: kind(value) for key, value in of.items()})
    return found
