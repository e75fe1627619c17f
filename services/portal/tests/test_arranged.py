"""The form by which rooms and invigilators are arranged: what is read from it."""

import pytest

from portal.desks.evaluation.arranged import asked

pytestmark = pytest.mark.rules


def test_rows_without_a_name_are_left_out_and_rooms_are_counted_anew():
    form = {
        "key": "x", "room-1": " 一号考场 ", "seats-1": "30", "room-2": "", "seats-2": "", "room-3": "二号考场",
        "seats-3": "20", "sent-1": "p", "name-1": "", "in-1": "3", "sent-2": "", "name-2": "王", "in-2": "7",
        "sent-3": "", "name-3": "", "in-3": "1",
    }  # fmt: skip
    assert asked(form) == {
        "rooms": [{"name": "一号考场", "seats": "30"}, {"name": "二号考场", "seats": "20"}],
        "invigilators": [
            {"room": 2, "person_id": "p", "name": None},
            {"room": 99, "person_id": None, "name": "王"},
        ],
    }
