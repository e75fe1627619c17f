"""A scheme says how its evaluation will be: parts, days after the last session, place, candidates, assessors."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from contracts.values import Part, Qualification
from scheduling.planner.evaluating import evaluations
from scheduling.planner.world import Draft, Enterprise, Teacher
from scheduling.schemes import content
from scheduling.schemes.evaluation_views import view_of
from scheduling.schemes.world import book_of
from staffing.can import Person

from ..builders import ELECTRICIAN, PROGRAMMES, WELDER, a_line, an_evaluation_line, an_instructor
from .test_rules import a_draft

BOOK = book_of(PROGRAMMES)
PROGRAMME = BOOK.programmes.programmes["send-teachers-home"]
WORKS = Enterprise("bgzb", "350481", "day")


def planned(draft: Draft, *lines) -> Draft:
    cohorts = {cohort.cohort_id: cohort for cohort in draft.cohorts}
    return replace(draft, evaluation=evaluations(lines, draft.placed, cohorts, WORKS, PROGRAMME, BOOK))


def an_assessor(*, card: bool = True, person_id: UUID | None = None) -> Teacher:
    held = (Qualification(occupation=ELECTRICIAN, level="L2", assessor=card),)
    return Teacher(Person(person_id or uuid4(), "smtc", "350404", held))


@pytest.mark.rules
class TestPlan:
    def test_it_follows_the_last_session_of_the_same_trade_within_the_programmes_days(self):
        draft = a_draft()  # sessions on 8, 9 and 10 September
        (one,) = planned(draft, a_line(), an_evaluation_line(line=2, people=16)).evaluation
        assert (one.earliest, one.latest) == (date(2026, 9, 11), date(2026, 10, 10))
        assert (one.parts, one.candidates) == ((Part.THEORY, Part.PRACTICAL), 16)
        assert (one.assessors, one.groups) == (3, 2)
        assert (one.division, one.enterprise_id) == ("350481", "bgzb")

    def test_without_training_of_its_trade_its_own_days_count(self):
        other = an_evaluation_line(line=2, occupation=WELDER)
        (one,) = planned(a_draft(), a_line(), other).evaluation
        assert (one.earliest, one.latest) == (other.earliest, other.latest)

    def test_a_level_at_which_nobody_is_examined_is_marked(self):
        draft = planned(a_draft(), an_evaluation_line(level="special"))
        view = view_of(draft.evaluation[0], draft, [], BOOK.ladder)
        assert (view.parts, view.assessors) == ((), 0)
        assert [reason.code for reason in view.reasons] == ["evaluation.level_not_examined"]

    def test_assessors_who_teach_or_have_no_card_do_not_count(self):
        draft = planned(a_draft(), a_line(), an_evaluation_line(line=2))
        teacher = draft.placed[0].person_id
        people = [an_assessor(), an_assessor(), an_assessor(card=False), an_assessor(person_id=teacher)]
        short = view_of(draft.evaluation[0], draft, people, BOOK.ladder)
        assert short.assessors_free == 2
        assert [(reason.code, reason.figures) for reason in short.reasons] == [
            ("evaluation.too_few_assessors", {"free": 2, "needed": 3}),
            ("others.barred", {"rule": "assessor.taught_cohort", "people": 1}),
        ]
        enough = view_of(draft.evaluation[0], draft, [*people, an_assessor()], BOOK.ladder)
        assert (enough.assessors_free, enough.reasons) == (3, ())

    @drawn(heads=st.integers(1, 200), moved=st.integers(0, 40))
    def test_whoever_is_examined_waits_for_the_last_session_and_a_group_is_never_too_large(
        self, heads, moved
    ):
        draft = a_draft()
        last = replace(draft.placed[-1], day=draft.placed[-1].day + timedelta(moved))
        draft = content.with_placed(draft, [last])
        (one,) = planned(draft, a_line(), an_evaluation_line(line=2, people=heads)).evaluation
        assert max(placed.day for placed in draft.placed) < one.earliest <= one.latest
        figures = BOOK.programmes.rules.evaluation.figures(ELECTRICIAN, one.earliest)
        most = one.assessors * figures.candidates_per_assessor
        assert one.groups == -(-heads // most)


@pytest.mark.rules
class TestHash:
    def test_a_version_without_it_keeps_its_hash(self):
        old = a_draft()
        assert planned(old, a_line()) == old
        assert content.fingerprint(planned(old, a_line(), an_evaluation_line(line=2))) != content.fingerprint(
            old
        )

    def test_other_days_touch_the_times_and_other_candidates_the_content(self):
        one = planned(a_draft(), a_line(), an_evaluation_line(line=2))
        (first,) = one.evaluation
        for changed, clause in (
            (replace(first, latest=first.latest + timedelta(1)), "times"),
            (replace(first, candidates=7), "content"),
            (replace(first, division="350428"), "places"),
        ):
            assert content.differences(one, replace(one, evaluation=(changed,))) == (clause,)


class TestOverHttp:
    async def test_the_scheme_shows_it_and_says_what_is_lacking(self, scheduling, given, union):
        order = await given.a_draft(a_line(), an_evaluation_line(line=2))
        scheme = await given.scheme(order)
        (one,) = scheme["evaluation"]
        last = date.fromisoformat(scheme["sessions"][-1]["day"])
        assert one["earliest"] == (last + timedelta(1)).isoformat()
        assert (one["assessors"], one["assessors_free"]) == (3, 0)
        assert one["reasons"][0]["code"] == "evaluation.too_few_assessors"
        card = (Qualification(occupation=ELECTRICIAN, level="L2", assessor=True),)
        await scheduling.deliver(*(an_instructor(qualifications=card) for _ in range(3)))
        (one,) = (await given.scheme(order))["evaluation"]
        assert (one["assessors_free"], one["reasons"]) == (3, [])
        moved = await union.post(
            f"/orders/{order.order_id}/scheme/sessions/{scheme['sessions'][-1]['session_id']}/move",
            json={"day": (last + timedelta(7)).isoformat(), "band": "eve"},
        )
        assert moved.status_code == 204, moved.text
        (one,) = (await given.scheme(order))["evaluation"]
        assert one["earliest"] == (last + timedelta(8)).isoformat()
