"""The plan while it is made: who and what is taken when. Every question about a slot or a person is asked here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TypeVar

from contracts.values import (
    BandCode,
    CohortId,
    CollegeId,
    EnterpriseId,
    Mode,
    Needs,
    PersonId,
    Reason,
    SessionId,
)
from scheduling.planner.world import CohortPlan, Placed, Session, Teacher, World
from staffing.can import Load, every_reason_against, first_reason_against, in_the_way, reasons_against
from staffing.diary import Diary, Fixed, Kind, Place
from staffing.moments import Span, day_of, overlap, season_of, week_of
from staffing.overrides import CLOSED_DAY
from staffing.people import reasons_against_teaching
from staffing.shifts import CrewsRelease
from staffing.travel import Clash
from staffing.wishes import evenings_in_week

Figures = Mapping[str, int]
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
        self._college_week: defaultdict[CollegeId, Counter[int]] = defaultdict(Counter)
        self._rooms: defaultdict[EnterpriseId, tuple[tuple[SessionId, Span], ...]] = defaultdict(tuple)
        self.by_cohort: defaultdict[CohortId, tuple[Placed, ...]] = defaultdict(tuple)
        self.cohorts = dict(world.cohorts)
        self._releases: dict[CohortId, CrewsRelease] = {}
        self._sharing: dict[CohortId, list[CohortId]] = {}
        for placed in sorted(world.sessions, key=lambda p: (p.day, p.session.session_id)):
            if placed.session.session_id not in without:
                self.add(placed)

    def copy(self) -> "Ledger":
        """The same plan, to be continued by itself; what crews lose is remembered for both.

        Diaries and lists are never changed in place, so that both may hold the same ones: a copy costs next to nothing.
        """
        other: Ledger = copy(self)
        other._diaries = dict(self._diaries)
        other._loads, other._college_total = self._loads.copy(), self._college_total.copy()
        other._college_week = defaultdict(Counter, {id_: of.copy() for id_, of in self._college_week.items()})
        other._rooms, other.by_cohort = self._rooms.copy(), self.by_cohort.copy()
        other.cohorts = dict(self.cohorts)  # who shares workers is remembered for both, until one knows more
        return other

    def know(self, cohort: CohortPlan) -> None:
        """A new cohort takes part in the plan."""
        if self.cohorts.get(cohort.cohort_id) == cohort:
            return
        self.cohorts[cohort.cohort_id] = cohort
        self.share_anew()

    def share_anew(self) -> None:
        """There are other cohorts than before: who sits in several is asked again."""
        self._sharing = {}

    def add(self, placed: Placed) -> None:
        """The session takes its slot, its room and its person."""
        session, span = placed.session, self.book.span(placed.day, placed.band)
        self.by_cohort[session.cohort_id] = (*self.by_cohort[session.cohort_id], placed)
        if session.mode is Mode.ONSITE:
            there = self._rooms[session.enterprise_id]
            self._rooms[session.enterprise_id] = (*there, (session.session_id, span))
        person = self._count(placed, 1)
        if person is not None:
            self._diaries[person] = self._diaries[person].with_one_more(_fixed(placed, span))

    def remove(self, placed: Placed) -> None:
        """Gives back what `add` took."""
        session, span = placed.session, self.book.span(placed.day, placed.band)
        self.by_cohort[session.cohort_id] = _without(self.by_cohort[session.cohort_id], placed)
        if session.mode is Mode.ONSITE:
            there = self._rooms[session.enterprise_id]
            self._rooms[session.enterprise_id] = _without(there, (session.session_id, span))
        person = self._count(placed, -1)
        if person is not None:
            self._diaries[person] = self._diaries[person].without(_fixed(placed, span))

    def _count(self, placed: Placed, by: int) -> PersonId | None:
        """One session more, or less, for the person and the college; nobody when nobody who is known comes."""
        teacher = self.teachers.get(placed.person_id) if placed.person_id else None
        if teacher is None:
            return None
        person = teacher.person
        self._loads[person.person_id, season_of(placed.day)[0]] += by
        terms = self.world.terms(person.college_id, placed.day)
        if terms is not None:
            self._college_total[person.college_id, terms.valid_from] += by
        self._college_week[person.college_id][week_of(placed.day)] += by
        return person.person_id

    def under(self, world: World) -> "Ledger":
        """The same sessions under other terms: what people, colleges, works and cohorts may is the world's. To read."""
        other: Ledger = copy(self)
        other.world, other.cohorts = world, {**self.cohorts, **world.cohorts}
        other.teachers = {t.person.person_id: t for t in world.teachers}
        other._diaries = dict(self._diaries)
        for id_, teacher in other.teachers.items():
            gone = (
                set(self.teachers[id_].fixed) - set(teacher.fixed)
                if teacher is not self.teachers[id_]
                else ()
            )
            for thing in gone:
                other._diaries[id_] = other._diaries[id_].without(thing)
        return other

    def placed(self) -> list[Placed]:
        """Every session of the plan, by time."""
        found = (placed for of in self.by_cohort.values() for placed in of)
        return sorted(found, key=lambda p: (p.day, p.session.session_id))

    def able(self, needs: Needs) -> list[Teacher]:
        """Who could teach it at all, on some day (validity is asked with the day)."""
        return [
            teacher
            for teacher in self.teachers.values()
            if not reasons_against_teaching(teacher.person.qualifications, needs, date.min, self.book.ladder)
        ]

    def sessions_of(self, person_id: PersonId, day: date) -> int:
        """How many the person has in the day's season: what a fair share is measured against."""
        return self._loads[person_id, season_of(day)[0]]

    def evenings_in_week(self, person_id: PersonId, day: date) -> int:
        """How many evening sessions the person has in the day's week."""
        return evenings_in_week(self._diaries[person_id], day, self.book)

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
        return next((code for code, _ in self._against_slot(session, day, band, pace)), None)

    def all_against_slot(
        self, session: Session, day: date, band: BandCode, pace: int
    ) -> tuple[tuple[str, Figures], ...]:
        """Every such rule, with what is used and what is allowed, the cheapest to know first."""
        return tuple(self._against_slot(session, day, band, pace))

    def _against_slot(
        self, session: Session, day: date, band: BandCode, pace: int
    ) -> Iterator[tuple[str, Figures]]:
        cohort, span = self.cohorts[session.cohort_id], self.book.span(day, band)
        if self.book.calendar.is_closed(day) and CLOSED_DAY not in self.world.waived(
            session.session_id, day, None
        ):
            yield CLOSED_DAY, {}
        held = sum(week_of(p.day) == week_of(day) for p in self.by_cohort[session.cohort_id])
        if held >= pace:
            yield "slot.pace", {"most": pace, "held": held}
        release = self.release_of(cohort).minutes(span)
        if release is None:
            yield "slot.crew_rests", {}
        elif release and release + (used := self.released(cohort)) > cohort.release_cap:
            yield "slot.release_cap", {"minutes": release, "used": used, "most": cohort.release_cap}
        if session.mode is Mode.ONSITE and self._room_use(session, span) >= self.rooms(session):
            yield "slot.no_room", {"most": self.rooms(session)}
        if any(self.taught_elsewhere(cohort, day, span)):
            yield "slot.workers_elsewhere", {}

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
        return first_reason_against(
            session.task(span), teacher.person, self._load(session, teacher, span), self.book
        )

    def all_against(self, session: Session, span: Span, teacher: Teacher) -> tuple[Reason, ...]:
        """Every reason against the teacher."""
        return reasons_against(
            session.task(span), teacher.person, self._load(session, teacher, span), self.book
        )

    def every_against(self, session: Session, span: Span, teacher: Teacher) -> tuple[Reason, ...]:
        """Every reason, in the order in which people ask for them; each thing that stands in the way is named."""
        load = self._load(session, teacher, span)
        return every_reason_against(session.task(span), teacher.person, load, self.book)

    def in_the_way(self, session: Session, span: Span, teacher: Teacher) -> tuple[Clash, ...]:
        """What of the teacher's own time would have to go."""
        return in_the_way(session.task(span), self._diaries[teacher.person.person_id], self.book)

    def bound(self, teacher: Teacher, span: Span) -> list[Fixed]:
        """What the teacher is bound to then."""
        return self._diaries[teacher.person.person_id].during(span)

    def _load(self, session: Session, teacher: Teacher, span: Span) -> Load:
        """What binds the teacher, and the college under the agreement of that day; rules put aside by name."""
        college, day = teacher.person.college_id, day_of(span.start)
        terms = self.world.terms(college, day)
        if terms is not None:
            held = self._college_total[college, terms.valid_from]
            terms = replace(terms, held_total=held, held_week=self._college_week[college])
        id_ = teacher.person.person_id
        return Load(self._diaries[id_], terms, self.world.waived(session.session_id, day, id_))

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

    def hosted(self, session: Session, span: Span) -> list[SessionId]:
        """What the works hosts at some moment of the span."""
        return [id_ for id_, s in self._rooms[session.enterprise_id] if overlap(s, span)]

    def taught_elsewhere(self, cohort: CohortPlan, day: date, span: Span) -> Iterator[SessionId]:
        """Sessions of other cohorts at that time in which some of its workers sit."""
        if cohort.cohort_id not in self._sharing:
            self._sharing[cohort.cohort_id] = [
                other.cohort_id
                for other in self.cohorts.values()
                if other.cohort_id != cohort.cohort_id and other.workers & cohort.workers
            ]
        for other in self._sharing[cohort.cohort_id]:
            for placed in self.by_cohort[other]:
                if placed.day == day and overlap(self.book.span(placed.day, placed.band), span):
                    yield placed.session.session_id


def _fixed(placed: Placed, span: Span) -> Fixed:
    return Fixed(span, Kind.SESSION, placed.session.place, placed.session.session_id)


def _without(things: tuple[V, ...], thing: V) -> tuple[V, ...]:
    """Without the first that is the same; `ValueError` when there is none."""
    at = things.index(thing)
    return (*things[:at], *things[at + 1 :])
