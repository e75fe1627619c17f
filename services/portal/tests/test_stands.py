"""A version in force is shown with its sessions where they are by now."""

from datetime import date
from uuid import UUID

import pytest

from portal.desks.signed import SessionSeen
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
