"""What is said of a choice is true when it is tried."""

import pytest

from scheduling.planner.engine import explain as reasons
from scheduling.planner.engine.explain import (
    AWAY,
    DAY,
    DECLINED,
    NEARBY,
    QUOTA,
    QUOTA_WEEK,
    UNABLE,
    WEEK,
)
from scheduling.planner.engine.instance import WrongInstance
from scheduling.planner.engine.lines import planned as asked
from scheduling.planner.engine.solve import solve

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def planned(instance):
    given = instance(137, 1)
    return given, solve(given, rounds=500).lines


def explain(given, lines, session):
    return reasons.explain(asked(given, lines), session)


def test_everybody_is_either_a_choice_or_barred(planned):
    given, lines = planned
    for line in lines[::10]:
        why = explain(given, lines, line.session)
        people = {line.instructor, *why.barred, *(one.instructor for one in why.others)}
        assert people == {one.id for one in given.instructors}
        assert all(why.barred.values())
        assert [one.more for one in why.others] == sorted(one.more for one in why.others)


def test_without_the_rule_that_bars_them_they_are_a_choice(planned):
    given, lines = planned
    tried = 0
    for line in lines:
        if not (others := explain(given, lines, line.session).others):
            continue
        name = others[0].instructor
        declined = given.model_copy(update={"forbidden": [(line.session, name)]})
        assert explain(declined, lines, line.session).barred[name] == (DECLINED,)
        tried += 1
    assert tried


def without_the_rules(given, lines, line, name, rules):
    """The instance and the plan from which every rule is gone that is named against this person."""
    session = next(one for one in given.sessions if one.id == line.session)
    person = next(one for one in given.instructors if one.id == name)
    changed = {}
    if UNABLE in rules:
        changed["skills"] = person.skills | {session.qualification: session.min_level}
    if AWAY in rules:
        cohort = next(one for one in given.cohorts if one.id == session.cohort)
        site = next(one.site for one in given.enterprises if one.id == cohort.enterprise)
        changed |= {"busy": [], "home": site}
    if DAY in rules:
        changed["max_day_sessions"] = 9
    if WEEK in rules:
        changed["max_week_sessions"] = 99
    colleges = [
        one.model_copy(update={"cap_total": 9_999, "cap_week": 999}) if one.id == person.college else one
        for one in given.colleges
    ]
    update = {
        "instructors": [
            one.model_copy(update=changed) if one.id == name else one for one in given.instructors
        ],
        "forbidden": [pair for pair in given.forbidden if pair != (line.session, name)],
    }
    if {QUOTA, QUOTA_WEEK} & set(rules):
        update["colleges"] = colleges
    kept = [other for other in lines if NEARBY not in rules or other.instructor != name]
    return given.model_copy(update=update), kept


def test_whoever_is_barred_is_a_choice_once_every_named_rule_is_gone(planned):
    given, lines = planned
    seen = set()
    for n, line in enumerate(lines[::15]):
        barred = explain(given, lines, line.session).barred
        names = sorted(barred)[n % 3 :: 7]
        for name in names:
            rules = barred[name]
            freed, kept = without_the_rules(given, lines, line, name, rules)
            assert name not in explain(freed, kept, line.session).barred, rules
            seen |= set(rules)
    assert {UNABLE, AWAY} <= seen


def test_somebody_who_lacks_the_trade_is_told_so(planned):
    given, lines = planned
    session = next(s for s in given.sessions if s.id == lines[0].session)
    for one in given.instructors:
        lacks = one.skills.get(session.qualification, 0) < session.min_level
        assert (UNABLE in explain(given, lines, session.id).barred.get(one.id, ())) == lacks


def test_an_unstaffed_session_tells_how_many_times_would_do(planned):
    given, lines = planned
    why = explain(given, lines[1:], lines[0].session)
    assert why.line is None
    assert why.other_times > 0


def test_an_unknown_session(planned):
    given, lines = planned
    with pytest.raises(WrongInstance, match="session S9 is not in the file"):
        explain(given, lines, "S9")
