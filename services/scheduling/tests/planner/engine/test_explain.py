"""What is said of a choice is true when it is tried."""

import pytest

from scheduling.planner.engine import explain as reasons
from scheduling.planner.engine.explain import DECLINED, UNABLE
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
