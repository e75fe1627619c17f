from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from contracts.programme_delivery import PaperRules
from contracts.refusals import Refused
from contracts.values import Way
from evaluation.delivery import paper_rules
from evaluation.delivery.session import SignIn, State

from .. import builders as a

pytestmark = pytest.mark.rules
LIMITS = a.the_programmes().rules.delivery
SESSION = a.a_session(state=State.OPEN, opened_by=UUID(int=7))
COHORT = [a.a_worker(n) for n in range(3)]
START, END = SESSION.slot.starts_at, SESSION.slot.ends_at
MINUTE = timedelta(minutes=1)


def refused(session=SESSION, at=END, limits=LIMITS):
    with pytest.raises(Refused) as why:
        paper_rules.check_can_be_entered(session, at=at, limits=limits)
    return why.value.code


def outcome(at, *, left=None, worker=COHORT[0], now=END, signed=None):
    act = SignIn(UUID(int=1), worker, at, Way.ROLL_CALL, on_paper=True, left_at=left)
    answer = paper_rules.sign_in(SESSION, COHORT, signed or {}, act, at=now, limits=LIMITS)
    return answer.outcome, answer.reason


class TestWhen:
    def test_while_the_session_is_open_and_hours_after_its_end(self):
        paper_rules.check_can_be_entered(SESSION, at=START, limits=LIMITS)
        paper_rules.check_can_be_entered(SESSION, at=END + timedelta(hours=72) - MINUTE, limits=LIMITS)
        assert refused(at=END + timedelta(hours=72)) == "paper.too_late"

    def test_not_before_it_is_opened_and_not_after_it_is_closed(self):
        assert refused(replace(SESSION, state=State.PLANNED)) == "sign_in.not_open"
        assert refused(replace(SESSION, state=State.CLOSED)) == "sign_in.closed"

    def test_where_the_rules_of_its_day_take_no_paper(self):
        ends = PaperRules(since=SESSION.slot.day, counts=False, hours=1, source="invented")
        assert (
            refused(limits=LIMITS.model_copy(update={"paper": (*LIMITS.paper, ends)})) == "paper.not_allowed"
        )
        begins = PaperRules(since=date(2099, 1, 1), hours=1, source="invented")
        assert refused(limits=LIMITS.model_copy(update={"paper": (begins,)})) == "paper.not_allowed"


class TestLine:
    def test_whoever_signed_is_here_once(self):
        assert outcome(START) == ("taken", None)
        act = SignIn(UUID(int=9), COHORT[0], START, Way.SCAN)
        assert outcome(START + MINUTE, signed={COHORT[0]: act}) == ("already", None)

    def test_somebody_of_another_class_is_not(self):
        assert outcome(START, worker=a.a_worker(50)) == ("refused", "sign_in.another_cohort")

    def test_the_times_have_to_be_possible(self):
        assert outcome(START - 61 * MINUTE) == ("refused", "sign_in.too_early")
        assert outcome(END) == ("refused", "sign_in.after_end")
        assert outcome(START + 30 * MINUTE, now=START + 29 * MINUTE) == ("refused", "paper.not_yet")
        assert outcome(START + 30 * MINUTE, left=START + 30 * MINUTE) == ("refused", "paper.left_before")
        assert outcome(START + 30 * MINUTE, left=START + 31 * MINUTE) == ("taken", None)
