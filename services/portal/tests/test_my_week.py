"""A teacher's sessions: which of them is the big one."""

from dataclasses import replace

import pytest

from portal.desks.instructor.week import Lesson, in_turn

A_LESSON = Lesson(
    id="now",
    title="t",
    when="w",
    where="p",
    drive="",
    hours="4",
    state="scheduled",
    was="",
    now=True,
    over=False,
)


@pytest.mark.rules
class TestTurn:
    def test_an_hour_that_nobody_opened_does_not_stand_before_the_one_that_begins(self):
        forgotten, later = (
            replace(A_LESSON, id="forgotten", over=True),
            replace(A_LESSON, id="later", now=False),
        )
        assert [each.id for each in in_turn([forgotten, A_LESSON, later])] == ["now", "later", "forgotten"]

    def test_what_is_open_is_gone_on_with_first(self):
        opened = replace(A_LESSON, id="open", state="opened")
        assert [each.id for each in in_turn([A_LESSON, opened])] == ["open", "now"]

    def test_a_forgotten_one_alone_can_still_be_opened(self):
        assert in_turn([replace(A_LESSON, over=True)])[0].now
