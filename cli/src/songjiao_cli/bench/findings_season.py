"""An honest season in memory, of the pilot's size: sessions as they are held, with the cases that are near a limit.

The cohorts come in threes that meet on one day: in the morning, in the afternoon a drive away, in the evening near by.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from contracts.evaluation import SessionClosed
from contracts.programme import Programmes
from contracts.scheduling import SessionScheduled
from contracts.values import Attendance, CrewCode, DivisionCode, Mode, Needs, Way
from evaluation.findings.checks import Crews, Examined, Meeting, Sign, room_for
from staffing.rulebook import Rulebook
from staffing.shifts import CrewCalendar

SESSIONS, PEOPLE = 137, 7400
"""The pilot's own figures."""
WEEKS, COHORT, FULL = 4, 60, 6
THIRD = 2
NO_MARK, LENT, FEW = 0.1, 0.5, 8
"""Share of phones that keep no mark, of classes in which one is lent, and how many scan before that can be."""
BEGINS = date(2026, 4, 13)
BANDS = ("am", "pm", "eve")
HOURS = {"am": 4, "pm": 4, "eve": 3}
WORKS = (("350481", "4x3"), ("350428", "3x8"), ("350429", "3x8"), ("350404", "4x3"), ("350405", "4x3"))
ROUTE = ((0, 1, 1), (2, 1, 1), (3, 0, 0), (1, 3, 4), (4, 1, 1), (0, 3, 4))
"""Works of a three's morning, afternoon and evening; the last two are less than an hour apart."""
SPACE = UUID("7d0e3a55-8a2b-5a0e-9a7c-3b54fd0e7c22")
PROGRAMME, OCCUPATION = "send-teachers-home", "6-31-01-03"


def an_id(*told: object) -> UUID:
    """The same for the same words."""
    return uuid5(SPACE, "|".join(map(str, told)))


@dataclass
class Season:
    """Meetings by (cohort, week), the crews of each cohort, batches, and what is near a limit, by name."""

    meetings: dict[tuple[int, int], Meeting] = field(default_factory=dict)
    crews: dict[tuple[int, int], Crews] = field(default_factory=dict)
    batches: list[Examined] = field(default_factory=list)
    hard: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more case of this kind."""
        self.hard[what] = self.hard.get(what, 0) + 1

    def threes(self) -> Iterator[tuple[int, int]]:
        """Whole threes: the first cohort and the week."""
        cohorts = {cohort for cohort, week in self.meetings if week == WEEKS - 1}
        for first in range(0, max(cohorts) - 1, 3):
            yield from ((first, week) for week in range(WEEKS))


def worker(cohort: int, number: int) -> UUID:
    """Somebody of a cohort."""
    return an_id("worker", cohort, number)


def lead_of(cohort: int) -> UUID:
    """One leads the morning and the afternoon of a three; of every second one the same leads the evening, too."""
    three, evening = cohort // 3, cohort % 3 == THIRD
    return an_id("lead", three, "evening" if evening and three % 2 == 0 else "day")


def honest(programmes: Programmes, seed: int, sessions: int = SESSIONS) -> Season:
    """The season; `sessions` fewer than the pilot's for a quick look."""
    random, book = Random(seed), Rulebook.of(programmes)  # noqa: S311  a season is drawn, no secret
    limits = programmes.rules.finding(BEGINS)
    most = room_for("works", programmes.programmes[PROGRAMME].class_size_max.value, limits)
    season = Season()
    swing = 0
    for number in range(sessions):
        cohort, week = divmod(number, WEEKS)
        if number % 2 == 0:
            swing = random.randint(1, FULL)
        heads = PEOPLE // SESSIONS + (PEOPLE % SESSIONS if number == sessions - 1 else swing * (-1) ** number)
        if heads == most:
            season.count("class as large as allowed")
        season.meetings[cohort, week] = _held(random, season, book, cohort, week, heads, most)
        season.crews[cohort, week] = _crews(book, cohort)
    _near_the_limits(random, season, book)
    _examined(season, sessions // WEEKS)
    return season


def _held(
    random: Random, season: Season, book: Rulebook, cohort: int, week: int, heads: int, most: int
) -> Meeting:
    """As the facts have it: the session told, and closed with who was there."""
    band, place = BANDS[cohort % 3], ROUTE[cohort // 3 % len(ROUTE)][cohort % 3]
    slot = book.slot(BEGINS + timedelta(weeks=week, days=cohort // 3 % 5), band)
    scheduled = SessionScheduled(
        order_id=an_id("order", cohort), session_id=an_id("session", cohort, week),
        cohort_id=an_id("cohort", cohort), line=1, occupation=OCCUPATION, level="L4", position=week + 1,
        unit="el4-control", mode=Mode.ONSITE, class_hours=HOURS[band],
        needs=Needs(occupation=OCCUPATION, level="L3"), enterprise_id=f"works{place}", division=WORKS[place][0],
        slot=slot,
    )  # fmt: skip
    here = random.sample(range(COHORT), heads)
    way, moments = _moments(random, season, cohort, slot.starts_at, len(here))
    if way is Way.ROLL_CALL:
        here.sort()
    minutes = scheduled.class_hours * 45
    closed = SessionClosed(
        order_id=scheduled.order_id, session_id=scheduled.session_id, person_id=lead_of(cohort),
        cohort_id=scheduled.cohort_id, class_hours=scheduled.class_hours, absent=COHORT - heads,
        closed_at=slot.ends_at,
        attended=tuple(
            Attendance(
                worker_id=worker(cohort, who), minutes=minutes - max(0, (at - slot.starts_at) // timedelta(minutes=1)),
                way=way, act_id=an_id("act", cohort, week, who), at=at,
            )
            for who, at in zip(here, moments, strict=True)
        ),
    )  # fmt: skip
    return meeting_of(scheduled, closed, most, _phones(random, season, closed))


def meeting_of(
    scheduled: SessionScheduled, closed: SessionClosed, most: int, phones: dict[UUID, str]
) -> Meeting:
    """What the checks look at, of the session's facts and the marks of the phones, which are in no fact."""
    return Meeting(
        session_id=scheduled.session_id,
        order_id=scheduled.order_id,
        cohort_id=scheduled.cohort_id,
        enterprise_id=scheduled.enterprise_id,
        division=scheduled.division,
        slot=scheduled.slot,
        led_by=closed.person_id,
        signs=tuple(
            Sign(each.worker_id, each.minutes, each.way, each.at, phones.get(each.worker_id))
            for each in closed.attended
        ),
        most=most,
        onsite=scheduled.mode is Mode.ONSITE,
    )


def _moments(
    random: Random, season: Season, cohort: int, starts_at: datetime, heads: int
) -> tuple[Way, list[datetime]]:
    """How a class comes in: at a full gate, along the instructor's phone, down a list, by one bus, or as it likes."""
    how = ("gate", "phone", "list", "bus", "loose")[cohort % 5]
    at, found = starts_at - timedelta(minutes=random.randint(9, 25)), list[datetime]()
    if how == "list":
        at = starts_at - timedelta(seconds=50)
    if how == "bus":
        at, order = starts_at - timedelta(minutes=20), range(heads)
        season.count("a bus that comes at the same time every week")
        return Way.SCAN, [at + timedelta(seconds=20 * n + random.randint(-45, 45)) for n in order]
    gaps = {"gate": (0.15, 1.0), "phone": (0.9, 3), "list": (0.62, 1.6), "loose": (2, 20)}[how]
    for _ in range(heads):
        at += timedelta(seconds=random.uniform(*gaps))
        found.append(at)
    if how != "loose":
        season.count(
            {
                "gate": "a full gate, two a second at times",
                "phone": "the instructor's phone, as fast as it reads",
                "list": "called in one go every week, one thumb down the list",
            }[how]
        )
    return {"phone": Way.INSTRUCTOR_SCAN, "list": Way.ROLL_CALL}.get(how, Way.SCAN), found


def _phones(random: Random, season: Season, closed: SessionClosed) -> dict[UUID, str]:
    """Everybody has one, but for those who borrow a neighbour's, and those whose browser keeps nothing."""
    scanned = [each.worker_id for each in closed.attended if each.way is Way.SCAN]
    phones = {each: f"{each}" for each in scanned if random.random() > NO_MARK}
    if len(scanned) > FEW and random.random() < LENT:
        owner, *borrowed = random.sample(scanned, 3)
        phones |= dict.fromkeys((owner, *borrowed), f"{owner}")
        season.count("a phone lent to two neighbours")
    return phones


def crew_letters(cohort: int) -> tuple[DivisionCode, str]:
    """Where the cohort's works is, and how its shifts go."""
    return WORKS[ROUTE[cohort // 3 % len(ROUTE)][cohort % 3]]


def _crews(book: Rulebook, cohort: int) -> Crews:
    """The cohort is crew A, whom the scheme released whatever its shift."""
    calendar = book.crew(crew_letters(cohort)[1], "A")
    return Crews(frozenset({"A"}), {worker(cohort, who): calendar for who in range(COHORT)})


def put_in(
    meeting: Meeting, who: UUID, *, at: datetime | None, minutes: int | None = None, instead: int = 0
) -> Meeting:
    """Somebody else in the place of one who was there; who was there already is so in another way."""
    signs = list(meeting.signs)
    place = next((k for k, each in enumerate(signs) if each.worker_id == who), instead)
    signs[place] = Sign(who, minutes or HOURS[meeting.slot.band] * 45, Way.ROLL_CALL, at)
    return replace(meeting, signs=tuple(signs))


def _near_the_limits(random: Random, season: Season, book: Rulebook) -> None:
    """Make-up lessons, long days that are not too long, crews after the night, shifts with release."""
    for first, week in season.threes():
        am, pm, eve = (season.meetings[first + n, week] for n in range(3))
        guest = next(each.worker_id for each in am.signs if each.at is not None)
        season.meetings[first + 1, week] = put_in(
            pm, guest, at=pm.slot.starts_at - timedelta(minutes=40), instead=-1
        )
        season.count("a made-up lesson a drive away: eight class-hours on one day")
        late = season.meetings[first + 1, week].signs[5].worker_id
        season.meetings[first + 2, week] = put_in(
            eve, late, at=eve.slot.starts_at + timedelta(minutes=2), instead=-1
        )
        season.count("straight from the afternoon to the evening")
        _half_of_it(season, first, week)
        _off_the_night(random, season, book, first, week)
    for meeting in season.meetings.values():
        calendar = book.crew(crew_letters_of(meeting), "A")
        span = book.span_of(meeting.slot)
        if calendar.release(span):
            season.count("a crew at a lesson in its shift, released by the scheme")


def crew_letters_of(meeting: Meeting) -> str:
    """The shift pattern of the works where it was held."""
    return WORKS[int(meeting.enterprise_id.removeprefix("works"))][1]


def _half_of_it(season: Season, first: int, week: int) -> None:
    """Left at the break, set right by hand, and at the other lesson of the same works after."""
    am, pm = season.meetings[first, week], season.meetings[first + 1, week]
    who = am.signs[7].worker_id
    season.meetings[first, week] = put_in(am, who, at=None, minutes=90, instead=7)
    season.meetings[first + 1, week] = put_in(
        pm, who, at=pm.slot.starts_at - timedelta(minutes=55), instead=-2
    )
    season.count("half a lesson, set right by hand, then another one")


def _off_the_night(random: Random, season: Season, book: Rulebook, first: int, week: int) -> None:
    """Somebody of another crew signs in for a lesson in the minutes before their night shift ends."""
    meeting, (_, pattern) = season.meetings[first, week], crew_letters(first)
    crew = crew_at(book, pattern, meeting.slot.day, "N")
    if crew is None or crew.crew == "A":
        return
    who = an_id("off the night", first, week)
    at = meeting.slot.starts_at - timedelta(minutes=random.randint(36, 58))
    season.meetings[first, week] = put_in(meeting, who, at=at, instead=-3)
    known = season.crews[first, week]
    season.crews[first, week] = Crews(known.released, {**known.of, who: crew})
    season.count("a crew that is not released, in the last minutes of its night")


def crew_at(book: Rulebook, pattern: str, day: date, letter: str) -> CrewCalendar | None:
    """The crew of a pattern that has this letter on a day."""
    letters: tuple[CrewCode, ...] = ("A", "B", "C", "D")[: book.programmes.shifts[pattern].crews]
    return next((each for one in letters if (each := book.crew(pattern, one)).letter(day) == letter), None)


def _examined(season: Season, cohorts: int) -> None:
    """A batch for every third cohort; one assessor has taught at the same works, but nobody of these."""
    for cohort in range(0, cohorts - 3, 3):
        taught_elsewhere = lead_of((cohort + 3) % cohorts)
        season.batches.append(
            Examined(
                batch_id=an_id("batch", cohort),
                order_id=an_id("order", cohort),
                candidates=frozenset(worker(cohort, who) for who in range(20)),
                assessors=frozenset(
                    {taught_elsewhere, an_id("assessor", cohort, 1), an_id("assessor", cohort, 2)}
                ),
            )
        )
        season.count("an assessor who teaches, but none of these")
