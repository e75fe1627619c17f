"""Every hard rule once more, on a finished plan, by code that shares nothing with the search.

Slow and simple on purpose: lists and loops over all pairs. Used by tests, and for plans changed by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from contracts.values import CohortId, Mode, Reason, SessionId, because
from scheduling.planner.world import CohortPlan, Placed, Teacher, World
from staffing.diary import Fixed, Kind, Place
from staffing.moments import Span, at, overlap, week_of


@dataclass(frozen=True)
class Breach:
    """A rule that a session breaks."""

    session_id: SessionId
    reason: Reason


def check(
    plan: Iterable[Placed], cohorts: Mapping[CohortId, CohortPlan], world: World, *, pace: int, limit: int
) -> tuple[Breach, ...]:
    """All breaches of the plan's sessions, the rest of the world standing as it is.

    `pace` = most sessions of a cohort in a week, `limit` = most people in a cohort.
    """
    mine = list(plan)
    ids = {p.session.session_id for p in mine}
    everything = [*mine, *(p for p in world.sessions if p.session.session_id not in ids)]
    checker = _Checker(world, {**world.cohorts, **cohorts}, everything, mine, pace, limit)
    rules: tuple[Callable[[], Iterator[Breach]], ...] = (
        checker.slots,
        checker.chains,
        checker.people,
        checker.days_and_weeks,
        checker.colleges,
        checker.rooms,
        checker.workers,
    )
    found = (breach for rule in rules for breach in rule() if breach.session_id in ids)
    return tuple(breach for breach in found if breach.reason.code not in checker.put_aside(breach.session_id))


class _Checker:
    def __init__(
        self,
        world: World,
        cohorts: Mapping[CohortId, CohortPlan],
        plan: list[Placed],
        mine: list[Placed],
        pace: int,
        limit: int,
    ) -> None:
        self.world, self.cohorts, self.plan, self.mine = world, cohorts, plan, mine
        self.pace, self.limit = pace, limit
        self.teachers: dict[object, Teacher] = {t.person.person_id: t for t in world.teachers}

    def put_aside(self, session_id: SessionId) -> set[str]:
        """The rules that the coordinator has put aside by name for the session as it stands."""
        if not self.world.waivers:
            return set()
        placed = next(p for p in self.mine if p.session.session_id == session_id)
        return {
            waiver.rule
            for waiver in self.world.waivers
            if placed.day <= waiver.valid_until
            and waiver.duty_id in (None, session_id)
            and waiver.person_id in (None, placed.person_id)
        }

    def span(self, placed: Placed) -> Span:
        starts, ends = self.world.book.programmes.bands[placed.band].minutes
        return Span(at(placed.day, starts), at(placed.day, ends))

    def slots(self) -> Iterator[Breach]:
        """Window, band, closed days, size."""
        for p in self.mine:
            cohort = self.cohorts[p.session.cohort_id]
            id_ = p.session.session_id
            if p.band not in p.session.bands:
                yield Breach(id_, because("slot.band_too_short", band=p.band))
            if not cohort.earliest <= p.day <= cohort.latest:
                yield Breach(
                    id_, because("slot.outside_window", earliest=cohort.earliest, latest=cohort.latest)
                )
            if p.day in self.world.book.programmes.holidays and (
                self.world.book.programmes.holidays[p.day].kind == "holiday"
            ):
                yield Breach(id_, because("slot.closed_day", day=p.day))
            if len(cohort.workers) > self.limit:
                yield Breach(id_, because("cohort.too_large", people=len(cohort.workers), most=self.limit))

    def chains(self) -> Iterator[Breach]:
        """Order of days, pace, the crews' rest and what they lose."""
        chains: dict[CohortId, list[Placed]] = defaultdict(list)
        asked = {p.session.cohort_id for p in self.mine}
        for p in self.plan:
            if p.session.cohort_id in asked:
                chains[p.session.cohort_id].append(p)
        for cohort_id, chain in chains.items():
            cohort = self.cohorts[cohort_id]
            chain.sort(key=lambda p: p.session.position)
            for a, b in pairwise(chain):
                made_up_for = b.day <= self.world.today and b.day != a.day
                if b.day <= a.day and not made_up_for:
                    yield Breach(b.session.session_id, because("slot.order_of_sessions", day=a.day))
            weeks = Counter(week_of(p.day) for p in chain)
            for p in chain:
                if weeks[week_of(p.day)] > self.pace:
                    yield Breach(p.session.session_id, because("slot.pace", most=self.pace))
            yield from self.crews(cohort, chain)

    def crews(self, cohort: CohortPlan, chain: list[Placed]) -> Iterator[Breach]:
        works = self.world.enterprises[cohort.enterprise_id]
        lost: Counter[int] = Counter()
        for p in chain:
            most = 0
            for crew in cohort.crews:
                calendar = self.world.book.crew(works.shift, crew, works.anchor)
                if any(overlap(self.span(p), r) for r in calendar.rest(p.day, p.day)):
                    yield Breach(p.session.session_id, because("slot.crew_rests", crew=crew))
                most = max(most, sum(overlap(self.span(p), w) for w in calendar.work(p.day, p.day)))
            lost[0] += most
        if lost[0] > cohort.release_cap:
            yield Breach(chain[-1].session.session_id, because("slot.release_cap", minutes=lost[0]))

    def people(self) -> Iterator[Breach]:
        """Qualification, declined, home window, own lessons, other sessions, drives."""
        for p in self.mine:
            if p.person_id is None or p.person_id not in self.teachers:
                continue
            teacher, needs, id_ = self.teachers[p.person_id], p.session.needs, p.session.session_id
            ranks = {level.id: level.rank for level in self.world.book.programmes.levels.values()}
            lower = "qualification.too_low" in self.put_aside(id_)
            if not any(
                q.occupation == needs.occupation
                and ranks[q.level] + lower >= ranks[needs.level]
                and (q.valid_until is None or q.valid_until >= p.day)
                for q in teacher.person.qualifications
            ):
                yield Breach(
                    id_, because("qualification.missing", occupation=needs.occupation, level=needs.level)
                )
            if p.person_id in p.session.declined:
                yield Breach(id_, because("offer.declined_before"))
            yield from self.home(p, teacher)
            yield from self.drives(p, teacher)

    def home(self, p: Placed, teacher: Teacher) -> Iterator[Breach]:
        if p.session.mode is Mode.ONLINE:
            return
        book, span = self.world.book, self.span(p)
        drive = book.travel.minutes(
            Place(teacher.person.home), Place(p.session.division, p.session.enterprise_id)
        )
        aside = self.put_aside(p.session.session_id)
        early = span.start - drive < at(p.day, book.day_open) and "home.leaves_too_early" not in aside
        late = span.end + drive > at(p.day, book.day_close) and "home.back_too_late" not in aside
        if early or late:
            yield Breach(p.session.session_id, because("home.window", minutes=drive))

    def drives(self, p: Placed, teacher: Teacher) -> Iterator[Breach]:
        """All pairs leave time for drive and buffer, and neighbours have it whole in one gap."""
        absences = [t for t in teacher.fixed if t.kind is Kind.ABSENCE]
        others = [t for t in teacher.fixed if not any(_inside(t, a) for a in absences)]
        others += [
            Fixed(self.span(o), Kind.SESSION, o.session.place, o.session.session_id)
            for o in self.plan
            if o.person_id == p.person_id and o is not p
        ]
        me, travel = (
            Fixed(self.span(p), Kind.SESSION, p.session.place, p.session.session_id),
            self.world.book.travel,
        )
        for other in others:
            gap = max(other.span.start - me.span.end, me.span.start - other.span.end)
            needed = travel.needed(me, other)
            if gap < needed or overlap(me.span, other.span):
                yield Breach(
                    p.session.session_id, because("session.no_time_to_drive", minutes=needed, gap=gap)
                )
                continue
            free = _longest_free(me.span, other.span, [o.span for o in others])
            follow = not any(o.place and _between(o.span, me.span, other.span) for o in others)
            if needed and follow and free < needed:
                yield Breach(p.session.session_id, because("session.no_whole_gap", minutes=needed, gap=free))

    def days_and_weeks(self) -> Iterator[Breach]:
        """Most sessions a day and a week."""
        days: Counter[object] = Counter((p.person_id, p.day) for p in self.plan)
        weeks: Counter[object] = Counter((p.person_id, week_of(p.day)) for p in self.plan)
        for p in self.mine:
            if p.person_id not in self.teachers:
                continue
            person = self.teachers[p.person_id].person
            if days[p.person_id, p.day] > person.most_sessions_day:
                yield Breach(p.session.session_id, because("load.day", most=person.most_sessions_day))
            if weeks[p.person_id, week_of(p.day)] > person.most_sessions_week:
                yield Breach(p.session.session_id, because("load.week", most=person.most_sessions_week))

    def colleges(self) -> Iterator[Breach]:
        """What each agreement allows."""
        colleges = {id_: teacher.person.college_id for id_, teacher in self.teachers.items()}
        sent = [(p, colleges[p.person_id]) for p in self.plan if p.person_id in colleges]
        for p in self.mine:
            if p.person_id not in colleges:
                continue
            college = colleges[p.person_id]
            terms = next(
                (a for a in self.world.agreements.get(college, ()) if a.valid_from <= p.day <= a.valid_until),
                None,
            )
            if terms is None:
                yield Breach(p.session.session_id, because("college.no_agreement", day=p.day))
                continue
            same = [o for o, c in sent if c == college and terms.valid_from <= o.day <= terms.valid_until]
            if len(same) > terms.sessions_total:
                yield Breach(
                    p.session.session_id,
                    because("college.quota_total", most=terms.sessions_total, held=len(same)),
                )
            held = sum(c == college and week_of(o.day) == week_of(p.day) for o, c in sent)
            if held > terms.sessions_week:
                yield Breach(
                    p.session.session_id, because("college.quota_week", most=terms.sessions_week, held=held)
                )

    def rooms(self) -> Iterator[Breach]:
        """At the start of every session, no more than the works can host."""
        onsite = [p for p in self.plan if p.session.mode is Mode.ONSITE]
        for p in self.mine:
            if p.session.mode is not Mode.ONSITE:
                continue
            start, works = self.span(p).start, p.session.enterprise_id
            at_once = sum(
                o.session.enterprise_id == works and self.span(o).start <= start < self.span(o).end
                for o in onsite
                if o.day == p.day
            )
            if at_once > self.world.enterprises[works].rooms:
                yield Breach(p.session.session_id, because("slot.no_room", sessions=at_once))

    def workers(self) -> Iterator[Breach]:
        """No worker in two sessions at once."""
        for p in self.mine:
            for o in self.plan:
                if (
                    o.day == p.day
                    and o.session.session_id != p.session.session_id
                    and overlap(self.span(o), self.span(p))
                    and self.cohorts[o.session.cohort_id].workers & self.cohorts[p.session.cohort_id].workers
                ):
                    yield Breach(p.session.session_id, because("slot.workers_elsewhere", day=p.day))


def _inside(thing: Fixed, absence: Fixed) -> bool:
    return thing.kind is Kind.LESSON and overlap(thing.span, absence.span) == thing.span.length


def _between(span: Span, a: Span, b: Span) -> bool:
    return min(a.end, b.end) <= span.start and span.end <= max(a.start, b.start)


def _longest_free(a: Span, b: Span, busy: list[Span]) -> int:
    """The longest stretch between two things that nothing else takes."""
    first, last = sorted((a, b))
    free_from, longest = first.end, 0
    for span in sorted(s for s in busy if s.end > first.end and s.start < last.start and s != last):
        longest = max(longest, span.start - free_from)
        free_from = max(free_from, span.end)
    return max(longest, last.start - free_from)
