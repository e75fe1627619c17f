"""Worlds for the planner's tests: the shipped rules, invented people and orders, all from one seed."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

from contracts.programme import Programme, Programmes, load
from contracts.values import OrderLine, Qualification, ServiceLine, Trainee
from scheduling.planner.world import Enterprise, OrderToPlan, Teacher, World
from staffing.can import Agreement, Person
from staffing.diary import Fixed, Kind, Place
from staffing.moments import Span, at
from staffing.rulebook import Rulebook
from staffing.shifts import crews

TODAY = date(2026, 8, 28)
COLLEGES = {"smu": "350404", "smmst": "350405", "smag": "350405", "fjwp": "350481", "smtc": "350404"}
TRADES = ("6-31-01-03", "6-18-02-04", "6-18-01-07", "6-18-01-01")


@cache
def programmes() -> Programmes:
    return load(Path(__file__).parents[4] / "programmes")


@cache
def book() -> Rulebook:
    return Rulebook.of(programmes())


def programme() -> Programme:
    return programmes().programmes["send-teachers-home"]


def an_id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def a_teacher(rng: Random, *, trade: str | None = None, days: int = 90) -> Teacher:
    college = rng.choice(sorted(COLLEGES))
    home = COLLEGES[college]
    person = Person(
        person_id=an_id(rng),
        college_id=college,
        home=home,
        qualifications=(
            Qualification(occupation=trade or rng.choice(TRADES), level=rng.choice(["L3", "L2", "L2", "L1"])),
        ),
        most_sessions_day=2,
        most_sessions_week=rng.choice([3, 4, 5]),
        avoids=frozenset({"eve"} if rng.random() < 0.25 else ()),
        fair_load=8,
    )
    weekly = [(wd, band) for wd in range(5) for band in ("am", "pm") if rng.random() < 0.34]
    lessons = (
        Fixed(book().span(TODAY + timedelta(days=d), band), Kind.LESSON, Place(home))
        for d in range(days)
        for wd, band in weekly
        if (TODAY + timedelta(days=d)).weekday() == wd
    )
    away = TODAY + timedelta(days=rng.randrange(days))
    absence = Fixed(Span(at(away), at(away + timedelta(days=rng.randint(1, 5)))), Kind.ABSENCE)
    return Teacher(person, (*lessons, absence))


def agreements(sessions_total: int = 400, sessions_week: int = 60) -> dict[str, tuple[Agreement, ...]]:
    terms = Agreement(date(2026, 1, 1), date(2027, 12, 31), sessions_total, sessions_week)
    return dict.fromkeys(COLLEGES, (terms,))


def an_enterprise(rng: Random, shift: str | None = None) -> Enterprise:
    known = [e for e in programmes().demo.enterprises.values() if shift in (None, e.shift_pattern)]
    one = rng.choice(sorted(known, key=lambda e: e.id))
    return Enterprise(one.id, one.division, one.shift_pattern, rooms=rng.choice([1, 1, 2]))


def a_line(
    rng: Random, enterprise: Enterprise, *, line: int = 1, people: int = 110, cap: int = 800
) -> OrderLine:
    letters = crews(programmes().shifts[enterprise.shift])
    return OrderLine(
        line=line,
        service=ServiceLine.THEORY_TRAINING,
        occupation=rng.choice(TRADES),
        level=rng.choice(["L5", "L4"]),
        trainees=tuple(Trainee(worker_id=an_id(rng), crew=rng.choice(letters)) for _ in range(people)),
        bands=rng.choice([(), ("eve",), ("am", "pm"), ("pm", "eve")]),
        earliest=TODAY + timedelta(days=rng.randint(0, 10)),
        latest=TODAY + timedelta(days=rng.randint(50, 80)),
        release_cap_minutes=cap,
    )


def an_order(rng: Random, enterprise: Enterprise | None = None, lines: int = 1, **line: int) -> OrderToPlan:
    enterprise = enterprise or an_enterprise(rng)
    return OrderToPlan(
        order_id=an_id(rng),
        version=1,
        programme="send-teachers-home",
        enterprise=enterprise,
        lines=tuple(a_line(rng, enterprise, line=n + 1, **line) for n in range(lines)),
    )


def a_world(rng: Random, teachers: int = 20) -> World:
    return World(
        book=book(),
        today=TODAY,
        enterprises={},
        teachers=tuple(a_teacher(rng) for _ in range(teachers)),
        agreements=agreements(),
    )


def with_plan(world: World, order: OrderToPlan, draft) -> World:
    """The world in which the draft is in force."""
    return World(
        book=world.book,
        today=world.today,
        enterprises={**world.enterprises, order.enterprise.enterprise_id: order.enterprise},
        teachers=world.teachers,
        agreements=world.agreements,
        sessions=(*world.sessions, *draft.placed),
        cohorts={**world.cohorts, **{c.cohort_id: c for c in draft.cohorts}},
    )
