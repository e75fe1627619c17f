"""From the service's world to the engine's arrays, and back.

What the engine has no word for (a worker in two cohorts, the drive whole in one gap, a qualification that ends, a
second agreement) is left to `settle`, which looks at every change by the planner's own rules.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.values import BandCode, EnterpriseId, Mode, Needs, PersonId, SessionId
from scheduling.planner.engine import instance as form
from scheduling.planner.engine.arrays import arrays
from scheduling.planner.engine.plan import book, nothing_placed
from scheduling.planner.engine.state import Plan
from scheduling.planner.federation.whole import Whole
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Placed, Session, Teacher
from staffing.diary import Diary, Place
from staffing.moments import DAY, at
from staffing.people import reasons_against_teaching

NOBODY = "~"
"""Who stands for nobody: comes to nothing, and sorts after every id."""
NO_QUOTA = 1_000_000


@dataclass(frozen=True)
class Spot:
    """A slot and a person by their numbers."""

    slot: int
    who: int


class Adapted:
    """The engine's arrays of a world, with every session that has a time booked where it stands.

    No plan in force is told to the engine (what a change costs is reckoned by whoever searches), and nothing is
    pinned: what is not free is never taken out.
    """

    def __init__(self, whole: Whole, seed: int) -> None:
        self.whole, world = whole, whole.world
        self.sessions: dict[SessionId, Session] = {p.session.session_id: p.session for p in world.sessions}
        self.sessions |= {s.session_id: s for s in whole.waiting}
        ahead = [whole.cohort(s).latest for id_, s in self.sessions.items() if id_ in whole.free]
        days = [p.day for p in world.sessions]
        first = min([world.today, *days])
        self.monday = first - timedelta(days=first.weekday())
        self.days = (max([world.today, *days, *ahead]) - self.monday).days + 1
        self.given, self._names = arrays(_Form(self).instance())
        number = {name: n for n, name in enumerate(self._names.sessions)}
        self.numbers: dict[SessionId, int] = {id_: number[str(id_)] for id_ in self.sessions}
        self.ids = {n: id_ for id_, n in self.numbers.items()}
        self._people: dict[PersonId, int] = {
            t.person.person_id: self._names.instructors.index(str(t.person.person_id)) for t in world.teachers
        }
        self._by_number = {n: id_ for id_, n in self._people.items()}
        self.free = tuple(sorted(self.numbers[id_] for id_ in whole.free if id_ in self.numbers))
        self._fill_release()
        self.plan: Plan = nothing_placed(self.given, seed)
        for placed in world.sessions:
            self._stand(placed)
        for k, minutes in self._released().items():
            self.plan.released[k] = minutes

    def spot(self, placed: Placed) -> Spot:
        """As numbers; the person must be known."""
        assert placed.person_id is not None  # whoever asks has somebody
        return Spot(self._slot(placed.day, placed.band), self._people[placed.person_id])

    def placed(self, s: int) -> Placed | None:
        """The session as it stands in the engine's plan now."""
        slot = int(self.plan.slot[s])
        return self.at(s, Spot(slot, int(self.plan.who[s]))) if slot >= 0 else None

    def at(self, s: int, spot: Spot) -> Placed:
        """The session there, whether or not it is."""
        day, band = divmod(spot.slot, self.given.bands)
        when, person = self.monday + timedelta(days=day), self._by_number.get(spot.who)
        return Placed(self.sessions[self.ids[s]], when, self._names.bands[band], person)

    @property
    def people(self) -> Collection[PersonId]:
        """Who can be sent."""
        return self._people.keys()

    def slot_of(self, placed: Placed) -> int:
        """Number of its time."""
        return self._slot(placed.day, placed.band)

    def take_out(self, s: int) -> Spot | None:
        """Out of the plan; where it was, nothing when it had no time."""
        spot = Spot(int(self.plan.slot[s]), int(self.plan.who[s]))
        if spot.slot < 0:
            return None
        book(self.given, self.plan, s, spot.slot, spot.who, -1)
        return spot

    def put(self, s: int, spot: Spot) -> None:
        """Into the plan; it is not in it."""
        book(self.given, self.plan, s, spot.slot, spot.who, 1)

    def _slot(self, day: date, band: BandCode) -> int:
        return (day - self.monday).days * self.given.bands + self._names.bands.index(band)

    def _fill_release(self) -> None:
        """What each slot takes from the crews of the cohorts that have something free, -1 where it is not open."""
        whole, release = self.whole, self.given.release
        release[:] = 0
        ledger = Ledger(whole.world)
        known: dict[object, list[int | None]] = {}
        for k, s in self._cohorts():
            cohort = whole.cohort(s)
            works = whole.world.enterprises[cohort.enterprise_id]
            same = (works.shift, works.anchor, tuple(sorted(cohort.crews)))
            if same not in known:
                minutes = ledger.release_of(cohort).minutes
                known[same] = [minutes(whole.world.book.span(*each)) for each in self._slots()]
            open_ = (
                max(cohort.earliest, whole.open_from) <= day <= cohort.latest
                and not whole.world.book.calendar.is_closed(day)
                for day, _ in self._slots()
            )
            release[k] = [m if m is not None and o else -1 for m, o in zip(known[same], open_, strict=True)]
        for id_ in whole.free:
            if id_ in whole.was:  # where it stands it may stay
                placed = whole.was[id_]
                k = self.given.cohort[self.numbers[id_]]
                span = whole.world.book.span(placed.day, placed.band)
                release[k, self._slot(placed.day, placed.band)] = (
                    ledger.release_of(whole.cohort(placed.session)).minutes(span) or 0
                )

    def _released(self) -> dict[int, int]:
        """Minutes in use of each cohort that has something free."""
        ledger = Ledger(self.whole.world)
        return {k: ledger.released(self.whole.cohort(s)) for k, s in self._cohorts()}

    def _cohorts(self) -> Iterator[tuple[int, Session]]:
        """Number of each cohort with something free, and one of its sessions."""
        seen: set[int] = set()
        for s in self.free:
            k = int(self.given.cohort[s])
            if k not in seen:
                seen.add(k)
                yield k, self.sessions[self.ids[s]]

    def _slots(self) -> Iterator[tuple[date, BandCode]]:
        for day in range(self.days):
            for band in self._names.bands:
                yield self.monday + timedelta(days=day), band

    def _stand(self, placed: Placed) -> None:
        """Booked as it is, whether or not it keeps the rules: it may stand so since before they changed."""
        given, plan = self.given, self.plan
        s, slot = self.numbers[placed.session.session_id], self._slot(placed.day, placed.band)
        day, band = divmod(slot, given.bands)
        who = self._people.get(placed.person_id) if placed.person_id else None
        if who is not None and plan.on_day[who, day] < given.bands:
            book(given, plan, s, slot, who, 1)
            return
        if placed.session.session_id in self.whole.free:
            return  # nobody comes: it is to be staffed like one without a time
        plan.slot[s], plan.who[s] = slot, len(self._names.instructors) - 1
        plan.held[given.cohort[s], day // 7] += 1
        if given.place[s] > 0:
            plan.room[given.place[s], day] += given.pieces[band]


class _Form:
    """The world in the words of the engine's exchange format."""

    def __init__(self, adapted: Adapted) -> None:
        self.whole, self.world, self.adapted = adapted.whole, adapted.whole.world, adapted
        self.origin, self.end = at(adapted.monday), at(adapted.monday) + adapted.days * DAY
        self.sites: dict[Place, int] = {}
        self.needs = {s.needs for s in self.adapted.sessions.values()}

    def instance(self) -> form.Instance:
        planning, book_ = self.world.book.programmes.rules.planning, self.world.book
        of_cohort: dict[str, list[Session]] = {}
        for session in self.adapted.sessions.values():
            of_cohort.setdefault(str(session.cohort_id), []).append(session)
        for chain in of_cohort.values():  # a move that waits for its signature stands beside its session
            chain.sort(key=lambda s: (s.position, s.session_id))
        enterprises = self._enterprises()
        instructors = [self._instructor(each) for each in self.world.teachers]
        home = self._site(next(iter(self.sites)))
        return form.Instance(
            format="training-plan-instance/1", name="federation", days=self.adapted.days, closed_days=[],
            bands={
                code: form.Band(start=band.minutes[0], end=band.minutes[1])
                for code, band in book_.programmes.bands.items()
            },
            buffer=book_.travel.buffer, day_open=book_.day_open, day_close=book_.day_close,
            weights=form.Weights(unfairness=planning.weight_unfairness.value, lateness=0),
            colleges=[*self._colleges(), form.College(id=NOBODY, cap_total=0, cap_week=0, target=0)],
            instructors=[*instructors, _nobody(home, self.end - self.origin)],
            enterprises=enterprises, crews=[form.Crew(id=NOBODY, work=[], rest=[])],
            cohorts=[self._cohort(id_, of) for id_, of in of_cohort.items()],
            sessions=[self._session(s, n) for chain in of_cohort.values() for n, s in enumerate(chain)],
            travel=[[self._drive(a, b) for b in self.sites] for a in self.sites],
        )  # fmt: skip

    def _site(self, place: Place) -> int:
        return self.sites.setdefault(place, len(self.sites))

    def _drive(self, a: Place, b: Place) -> int:
        return 0 if a == b else self.world.book.travel.minutes(a, b)

    def _enterprises(self) -> list[form.Enterprise]:
        works = {_works(s): s for s in self.adapted.sessions.values()}
        return [
            form.Enterprise(
                id=id_,
                site=self._site(Place(s.division, s.enterprise_id)),
                rooms=self._rooms(s.enterprise_id),
            )
            for id_, s in sorted(works.items())
        ]

    def _rooms(self, enterprise_id: EnterpriseId) -> int:
        return self.world.enterprises[enterprise_id].rooms

    def _colleges(self) -> Iterator[form.College]:
        for college in sorted({t.person.college_id for t in self.world.teachers}):
            signed = self.world.agreements.get(college, ())
            yield form.College(
                id=college,
                cap_total=min(NO_QUOTA, sum(each.sessions_total for each in signed)),
                cap_week=min(NO_QUOTA, max((each.sessions_week for each in signed), default=0)),
                target=0,
            )

    def _instructor(self, teacher: Teacher) -> form.Instructor:
        person = teacher.person
        busy = [
            (t.span.start - self.origin, t.span.end - self.origin, self._site(t.place) if t.place else None)
            for t in Diary(teacher.fixed)
            if t.span.end > self.origin - DAY and t.span.start < self.end + DAY
        ]
        return form.Instructor(
            id=str(person.person_id), college=person.college_id, home=self._site(Place(person.home)),
            skills={_kind(each): 1 for each in self.needs if self._able(teacher, each)},
            busy=[*busy, *self._not_sent(teacher)],
            max_day_sessions=person.most_sessions_day, max_week_sessions=person.most_sessions_week,
            avoid_bands=sorted(person.avoids & self.world.book.programmes.bands.keys()),
            fair_load=person.fair_load,
        )  # fmt: skip

    def _able(self, teacher: Teacher, needs: Needs) -> bool:
        """Today; what ends before the session is seen when the change is checked."""
        today, ladder = self.world.today, self.world.book.ladder
        return not reasons_against_teaching(teacher.person.qualifications, needs, today, ladder)

    def _not_sent(self, teacher: Teacher) -> Iterator[tuple[int, int, None]]:
        """The time for which the college has no agreement."""
        free_from = self.origin
        for each in sorted(
            self.world.agreements.get(teacher.person.college_id, ()), key=lambda a: a.valid_from
        ):
            begins = min(at(each.valid_from), self.end)
            if begins > free_from:
                yield free_from - self.origin, begins - self.origin, None
            free_from = max(free_from, at(each.valid_until) + DAY)
        if free_from < self.end:
            yield free_from - self.origin, self.end - self.origin, None

    def _cohort(self, id_: str, sessions: Sequence[Session]) -> form.Cohort:
        cohort = self.whole.cohort(sessions[0])
        bands = self.world.book.programmes.bands
        return form.Cohort(
            id=id_, enterprise=_works(sessions[0]), crew=NOBODY, sessions=[str(s.session_id) for s in sessions],
            earliest_day=0, due_day=self.adapted.days, release_cap=cohort.release_cap,
            max_week_sessions=self.whole.programme(sessions[0]).sessions_per_week.value,
            preferred_bands=[band for band in bands if not cohort.bands or band in cohort.bands],
        )  # fmt: skip

    def _session(self, session: Session, seq: int) -> form.Session:
        return form.Session(
            id=str(session.session_id), cohort=str(session.cohort_id), seq=seq, unit=session.unit,
            mode="onsite" if session.mode is Mode.ONSITE else "online", qualification=_kind(session.needs),
            min_level=0, bands=list(session.bands),
        )  # fmt: skip


def _nobody(home: int, minutes: int) -> form.Instructor:
    return form.Instructor(
        id=NOBODY, college=NOBODY, home=home, skills={}, busy=[(0, minutes, None)], max_day_sessions=0,
        max_week_sessions=0, avoid_bands=[], fair_load=0,
    )  # fmt: skip


def _works(session: Session) -> str:
    return f"{session.enterprise_id}@{session.division}"


def _kind(needs: Needs) -> str:
    return f"{needs.occupation}/{needs.level}"
