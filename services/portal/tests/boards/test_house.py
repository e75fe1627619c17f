"""Rounds of a survey as the boards count them."""

from datetime import date
from uuid import UUID

import pytest

from contracts.order_intake import SurveyAnswered, SurveyWithdrawn
from portal.boards.house import surveys

pytestmark = pytest.mark.rules
SURVEY, DAY = UUID(int=1), date(2026, 3, 3)


def answered(enterprise, person_times):
    return SurveyAnswered(
        survey_id=SURVEY, enterprise_id=enterprise, person_times=person_times, answered_on=DAY
    )


def test_an_answer_that_was_taken_back_counts_no_more_and_the_next_one_once():
    back = SurveyWithdrawn(survey_id=SURVEY, enterprise_id="jinniu", person_times=70, withdrawn_on=DAY)
    facts = [answered("jinniu", 70), answered("jxlt", 50), back]
    row = surveys.folded([(fact, None) for fact in facts])[SURVEY]
    assert (row.visited, row.person_times) == (("jxlt",), 50)
    row = surveys.folded([(fact, None) for fact in [*facts, answered("jinniu", 5)]])[SURVEY]
    assert (set(row.visited), row.person_times) == ({"jxlt", "jinniu"}, 55)
