"""Who may answer, until when, and what a link proves. Pure."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.refusals import Invalid, NotFound, Refused
from contracts.values import Attendance, Way
from evaluation import links
from evaluation.aftercare import rules
from evaluation.aftercare.rules import Followup
from evaluation.delivery.session import State
from evaluation.links import Link

from .. import builders as a

pytestmark = pytest.mark.rules
PROGRAMME = a.the_programmes().programmes["send-teachers-home"]
ASKED, LATER = PROGRAMME.satisfaction, PROGRAMME.followup
KEY = b"k" * 32
WORKER = UUID(int=5)
DAY = date(2027, 4, 6)
FIVE = {"content": "5", "instructor": "4", "usefulness": "3"}
FARES = {
    "employed": "same_enterprise",
    "post": "promoted",
    "pay": "higher",
    "skill_use": "daily",
    "problem": "solved",
}


def held(**given):
    session = a.a_session(state=State.CLOSED)
    attended = Attendance(worker_id=WORKER, minutes=180, way=Way.SCAN, act_id=uuid4())
    told = {"attended": (attended,), "closed_at": session.slot.ends_at}
    return replace(session, **(told | given))


def row(**given):
    told = {
        "order_id": uuid4(), "months": 3, "worker_id": WORKER, "enterprise_id": "jinniu", "due_on": DAY,
        "answers_by": DAY + timedelta(days=14),
    }  # fmt: skip
    return Followup(**(told | given))


class TestSatisfaction:
    def may(self, session, worker=WORKER, given=False, later=timedelta()):
        return rules.may_give(session, worker, ASKED, given=given, at=session.slot.ends_at + later)

    def test_whoever_was_there_answers_each_question_once(self):
        session = held()
        fact = rules.give(session, UUID(int=9), FIVE, self.may(session), DAY)
        assert {each.question: each.score for each in fact.scores} == {
            "content": 5, "instructor": 4, "usefulness": 3,
        }  # fmt: skip
        assert str(WORKER) not in fact.model_dump_json(), "nobody can tell whose answer it is"

    @pytest.mark.parametrize(
        ("code", "given"),
        [
            ("not_yet", {"session": held(state=State.OPEN)}),
            ("not_present", {"session": held(), "worker": UUID(int=6)}),
            ("given_already", {"session": held(), "given": True}),
            ("too_late", {"session": held(), "later": timedelta(days=14)}),
        ],
    )
    def test_nobody_else_no_sooner_no_later_and_not_twice(self, code, given):
        with pytest.raises(Refused, match=f"satisfaction.{code}"):
            self.may(**given)

    def test_a_programme_that_does_not_ask(self):
        with pytest.raises(Refused, match=r"satisfaction\.not_asked"):
            rules.may_give(held(), WORKER, None, given=False, at=a.a_slot().ends_at)

    @pytest.mark.parametrize("answers", [{**FIVE, "content": "6"}, {"content": "5"}, {**FIVE, "more": "5"}])
    def test_an_answer_that_is_none_is_refused(self, answers):
        with pytest.raises(Invalid, match=r"aftercare\.(answer|question)_unknown"):
            rules.give(held(), UUID(int=9), answers, ASKED, DAY)


class TestLater:
    def test_the_same_day_so_many_months_later(self):
        assert [rules.months_after(date(2026, 8, 31), n) for n in (1, 3, 6)] == [
            date(2026, 9, 30), date(2026, 11, 30), date(2027, 2, 28),
        ]  # fmt: skip

    def test_an_answer_can_be_set_right_until_its_last_day(self):
        fact = rules.answer(row(), FARES, LATER, by="worker", today=DAY)
        assert {each.question: each.answer for each in fact.answers} == FARES
        told = row(answers=FARES)
        other = FARES | {"pay": "same"}
        assert rules.answer(told, FARES, LATER, by="worker", today=DAY) is None
        assert rules.answer(told, other, LATER, by="enterprise", today=told.answers_by).by == "enterprise"
        with pytest.raises(Refused, match=r"followup\.answered_already"):
            rules.answer(told, other, LATER, by="enterprise", today=told.answers_by + timedelta(days=1))

    def test_what_is_overdue_can_still_be_answered(self):
        late = DAY + timedelta(days=15)
        assert row().overdue(late)
        assert not row().overdue(late - timedelta(days=1))
        assert rules.answer(row(), FARES, LATER, by="worker", today=late) is not None

    def test_an_enterprise_is_reminded_once_a_day_while_something_waits(self):
        assert rules.remind([row(), row(answers=FARES)], "jinniu", DAY).waiting == 1
        with pytest.raises(Refused, match=r"followup\.reminded_today"):
            rules.remind([row(reminded_on=DAY)], "jinniu", DAY)
        with pytest.raises(Refused, match=r"followup\.nothing_waits"):
            rules.remind([row(answers=FARES), row(enterprise_id="near")], "jinniu", DAY)

    def test_a_code_of_no_question_or_of_another_is_refused(self):
        with pytest.raises(Invalid, match=r"aftercare\.answer_unknown"):
            rules.answer(row(), FARES | {"pay": "promoted"}, LATER, by="worker", today=DAY)


class TestLinks:
    def test_a_link_names_its_question_and_person_and_nobody_makes_another(self):
        link = Link("later", uuid4(), WORKER, 6)
        made = links.made(KEY, link)
        assert links.read(KEY, made) == link
        assert links.made(KEY, link) == made
        for wrong in (made[:-1], made[:-2] + "AA", links.made(b"x" * 32, link), "", "äö", "A" * 80):
            with pytest.raises(NotFound, match=r"aftercare\.link_unknown"):
                links.read(KEY, wrong)

    def test_an_answer_has_one_id_for_each_person_and_session(self):
        session, other = uuid4(), uuid4()
        assert links.answer_id(KEY, session, WORKER) == links.answer_id(KEY, session, WORKER)
        assert len({links.answer_id(KEY, one, WORKER) for one in (session, other)}) == 2
        assert links.answer_id(KEY, session, WORKER) != links.answer_id(b"x" * 32, session, WORKER)
