"""A version in force is shown with its sessions where they are by now."""

from datetime import date
from uuid import UUID

import pytest

from portal.boards.cards import Lesson
from portal.desks.signed import ReasonSeen, SessionSeen
from portal.desks.union.stands import SlotSeen, StandingSeen, as_they_stand
from portal.desks.union.undecided import undecided

pytestmark = pytest.mark.rules
MONDAY, TUESDAY = date(2026, 10, 12), date(2026, 10, 13)
SHE, HE = UUID(int=1), UUID(int=2)


def a_line(n: int) -> SessionSeen:
    return SessionSeen(
        session_id=UUID(int=10 + n), cohort="A", position=n, unit="el5-basics", mode="onsite", class_hours=3,
        day=MONDAY, band="am", person_id=SHE,
    )  # fmt: skip


def stands(n: int, state: str = "scheduled") -> StandingSeen:
    return StandingSeen(
        session_id=UUID(int=10 + n), state=state, slot=SlotSeen(day=TUESDAY, band="eve"), person_id=HE
    )


def test_what_was_moved_is_where_it_is_and_what_is_cancelled_or_not_there_is_left_out():
    (moved,) = as_they_stand([a_line(1), a_line(2), a_line(3)], [stands(1), stands(2, "cancelled")])
    assert (moved.position, moved.day, moved.band, moved.person_id) == (1, TUESDAY, "eve", HE)


def test_the_reasons_for_somebody_else_or_for_another_time_are_not_told_as_if_they_held():
    reasons = [ReasonSeen(code="chosen.no_release"), ReasonSeen(code="chosen.among", figures={"free": 45})]
    line = a_line(1).model_copy(update={"reasons": reasons})
    row = stands(1)
    same_time = SlotSeen(day=MONDAY, band="am")

    def told(slot: SlotSeen, person: UUID | None) -> list[str]:
        stands_now = row.model_copy(update={"slot": slot, "person_id": person})
        (shown,) = as_they_stand([line], [stands_now])
        return [reason.code for reason in shown.reasons]

    assert told(same_time, SHE) == ["chosen.no_release", "chosen.among"]
    assert told(same_time, None) == told(same_time, HE) == ["chosen.no_release"]
    assert told(row.slot, SHE) == []


def test_what_waits_for_a_hand_stands_first_with_what_was_tried_and_nothing_else():
    tried = [ReasonSeen(code="slot.closed_day")]
    unplaced, never = a_line(3), a_line(5).model_copy(update={"day": None, "band": None, "reasons": tried})
    lines = [a_line(1), a_line(2), unplaced, a_line(4), never]
    card = {
        str(line.session_id): Lesson(state)
        for line, state in zip(lines, ("scheduled", "unstaffable", "unplaced", "missed"), strict=False)
    }
    told = stands(3, "unplaced").model_copy(update={"reasons": tried})
    found = undecided(lines, card, [told])
    assert [(str(id_)[-1], why, [one.code for one in reasons]) for id_, (why, reasons) in found.items()] == [
        ("e", "missed", []),
        ("d", "unplaced", ["slot.closed_day"]),
        ("f", "unplaced", ["slot.closed_day"]),
        ("c", "unstaffable", []),
    ]
    assert undecided([a_line(1)], {}, []) == {}
