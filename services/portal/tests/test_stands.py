"""A version in force is shown with its sessions where they are by now."""

from datetime import date
from uuid import UUID

import pytest

from portal.desks.signed import ReasonSeen, SessionSeen
from portal.desks.union.stands import SlotSeen, StandingSeen, as_they_stand

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
