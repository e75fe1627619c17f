"""Tight worlds, in which much is barred, and each rule of a world taken away by its name."""

from dataclasses import replace
from random import Random

import planner_worlds as given_

from contracts.values import Qualification
from scheduling.planner import draft
from scheduling.planner.ledger import Ledger

PACE = 3


def a_tight_plan(seed):
    """Few people, often small agreements, little release; one order's draft in force, and the draft."""
    rng = Random(seed)
    world = given_.a_world(rng, rng.randint(3, 9))
    if rng.random() < 0.4:
        world = replace(world, agreements=given_.agreements(rng.randint(4, 30), rng.randint(1, 5)))
    order = given_.an_order(
        rng, given_.an_enterprise(rng, "day"), people=rng.choice([30, 70]), cap=rng.choice([0, 200, 500])
    )
    plan = draft(order, world)
    return given_.with_plan(world, order, plan), plan


def without(world, placed):
    """The ledger of the world in which the session has no time, and everything else stands."""
    return Ledger(world, without={placed.session.session_id})


def rid_of(world, session, day, band, person_id):
    """The world and the session without any rule that is named against this person then."""
    ledger = Ledger(world, without={session.session_id})
    teacher, span = ledger.teachers[person_id], world.book.span(day, band)
    codes = {reason.code for reason in ledger.every_against(session, span, teacher)}
    gone = {clash.other for clash in ledger.in_the_way(session, span, teacher)}
    person = teacher.person
    if any(code.startswith("qualification.") for code in codes):
        held = Qualification(occupation=session.needs.occupation, level=session.needs.level)
        person = replace(person, qualifications=(held,))
    if "load.day" in codes:
        person = replace(person, most_sessions_day=99)
    if "load.week" in codes:
        person = replace(person, most_sessions_week=99)
    if any(code.startswith("college.") for code in codes):
        world = replace(world, agreements={**world.agreements, person.college_id: given_.agreements()["smu"]})
    if any(code.startswith("home.") for code in codes):
        world = replace(world, book=replace(world.book, day_open=-1440, day_close=2 * 1440))
    if "offer.declined_before" in codes:
        session = replace(session, declined=frozenset())
    changed = replace(teacher, person=person, fixed=tuple(t for t in teacher.fixed if t not in gone))
    taken = {thing.id for thing in gone if thing.id}
    return (
        replace(
            world,
            teachers=tuple(changed if t is teacher else t for t in world.teachers),
            sessions=tuple(p for p in world.sessions if p.session.session_id not in taken),
        ),
        session,
    )
