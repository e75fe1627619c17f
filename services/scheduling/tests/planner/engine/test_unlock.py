"""Whatever is said to let a session be held lets it be held, when it is granted."""

import pytest

from scheduling.planner.engine import unlock
from scheduling.planner.engine.arrays import arrays
from scheduling.planner.engine.lines import plan_of
from scheduling.planner.engine.lines import planned as asked
from scheduling.planner.engine.rules import slot_fits
from scheduling.planner.engine.solve import solve
from scheduling.planner.engine.times import time_barred

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def planned(instance):
    given = instance(137, 1)
    return given, solve(given, rounds=500).lines


def unlocks(given, lines, session):
    return unlock.unlocks(asked(given, lines), session)


def nobody_for(given, session):
    """The instance in which the session's instructors are away for the whole horizon, but for lessons of their own."""
    people = [
        each if each.skills.get(session.qualification, 0) < session.min_level
        else each.model_copy(update={"busy": [(0, given.days * 1440, each.home)]})
        for each in given.instructors
    ]  # fmt: skip
    return given.model_copy(update={"instructors": people})


def test_what_can_be_held_needs_no_unlock(planned):
    given, lines = planned
    assert unlocks(given, lines[1:], lines[0].session) == []


def test_a_lesson_of_ones_own_that_could_move(planned):
    given, lines = planned
    session = next(s for s in given.sessions if s.id == lines[0].session)
    without = [line for line in lines if line.session != session.id]
    found = unlocks(nobody_for(given, session), without, session.id)
    assert any("own lesson" in each.what[0] for each in found)


@pytest.mark.parametrize("number", [0, 30, 60, 90])
def test_a_week_that_is_full_is_unlocked_by_one_more_and_then_it_is_held(planned, number, checker, made):
    """Everybody's week is full: one session more for one of them, or one more in the agreement, is the answer."""
    given, lines = planned
    name = lines[number].session
    rest = [line for line in lines if line.session != name]
    full = {each.id: sum(line.instructor == each.id for line in rest) for each in given.instructors}
    tight = given.model_copy(
        update={
            "instructors": [each.model_copy(update={"max_week_sessions": 0}) for each in given.instructors]
        }
    )
    assert full
    found = unlocks(tight, [], name)
    assert found
    for each in found:
        (what,) = each.what
        person = next(i for i in given.instructors if f"for {i.id}" in what or f"{i.id}'s" in what)
        assert "one session a week more" in what
        people = [
            one.model_copy(update={"max_week_sessions": 1}) if one.id == person.id else one
            for one in tight.instructors
        ]
        granted, names = arrays(tight.model_copy(update={"instructors": people}))
        plan = plan_of(granted, names, [each.line])
        assert plan.tiers[0] == len(names.sessions) - 1


def test_a_day_that_is_full_is_unlocked_by_one_more(planned):
    """Whoever holds as many sessions a day as anybody may: one more finds room in the plan's own tables too."""
    given, _ = planned
    tight = given.model_copy(
        update={
            "instructors": [each.model_copy(update={"max_day_sessions": 0}) for each in given.instructors]
        }
    )
    found = unlocks(tight, [], given.sessions[0].id)
    assert found
    assert all("one session a day more for" in each.what[0] for each in found)


def test_nobody_without_the_qualification_is_offered_at_a_lower_level(planned):
    given, _ = planned
    first = given.sessions[0].model_copy(update={"qualification": "diver", "min_level": 0})
    asked_of = given.model_copy(update={"sessions": [first, *given.sessions[1:]]})
    assert unlocks(asked_of, [], first.id) == []


def test_two_are_asked_at_once_only_when_one_does_not_help(planned):
    given, lines = planned
    name = lines[10].session
    tight = given.model_copy(update={
        "instructors": [each.model_copy(update={"max_week_sessions": 0, "max_day_sessions": 0})
                        for each in given.instructors],
    })  # fmt: skip
    found = unlocks(tight, [], name)
    assert found
    assert all(len(each.what) == 2 for each in found)


def test_a_time_that_is_barred_says_by_what_and_one_that_is_not_fits(planned):
    given, lines = planned
    arrayed, names = arrays(given)
    for line in lines[::20]:
        plan = plan_of(arrayed, names, (other for other in lines if other is not line))
        s = names.sessions.index(line.session)
        for slot in range(arrayed.days * arrayed.bands):
            rules = time_barred(arrayed, plan, s, slot)
            fits = slot_fits(arrayed, plan, s, slot)
            assert fits or rules
            assert not rules or not fits or all("order" in rule for rule in rules)
