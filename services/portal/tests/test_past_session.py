"""The page of one session of a scheme: once its day has gone by nobody is proposed for it any more, unless it is
still to be held.
"""

from datetime import date, timedelta
from uuid import UUID

import pytest
from browsing import PASSWORD, log_in
from story_of_an_order import AnOrder, enterprise

from portal.accounts import commands
from servicekit.clock import today

ORDER = AnOrder("gone", "2026-0710")
PERSON = str(UUID(int=5))


def told(day: date, scheme_is: str, session_is: str):
    scheme, session = f"/orders/{ORDER.order_id}/scheme", str(ORDER.session())
    line = {
        "session_id": session, "cohort": "A", "position": 1, "unit": "el4-control", "mode": "onsite", "class_hours": 4,
        "day": f"{day}", "band": "am", "person_id": PERSON, "division": "350428",
    }  # fmt: skip
    choice = {
        "day": f"{day}", "band": "am", "person_id": PERSON, "qualified": 2, "free": 1, "next": [], "barred": [],
    }  # fmt: skip
    why = {
        "reasons": [{"code": "chosen.no_release"}],
        "kept": None,
        "lost": None,
        "as_of": f"{day}",
        "today": choice,
    }
    stands = {"person_id": PERSON, "can_come": True, "beside": [], "against": []}
    slot = {"day": f"{day}", "band": "pm", "free": 2, "against": []}
    return {
        "/sessions": [
            {"session_id": session, "state": session_is, "slot": {"day": f"{day}", "band": "am"}, "person_id": PERSON}
        ],
        scheme: {"state": scheme_is, "version": 1, "row_version": 1, "hash": None, "in_force": None, "unplaced": 0,
                 "shift_pattern": "4x3", "shift_anchor": "2026-01-05", "sessions": [line]},
        f"{scheme}/sessions/{session}/why": why,
        f"{scheme}/sessions/{session}/people": {"day": f"{day}", "band": "am", "people": [stands]},
        f"{scheme}/sessions/{session}/why-then": {"slots": [slot]},
        f"{scheme}/sessions/{session}/unlocks": {"unlocks": [], "tried": []},
    }  # fmt: skip


@pytest.fixture(scope="module")
async def union(portal):
    await portal.deliver(enterprise(), ORDER.submitted(), ORDER.accepted())
    async with portal.transactions.begin() as tx:
        await commands.make_account(tx, "union", PASSWORD, roles={"union"}, organisation="smftu", name="王")
    return await log_in(portal, "union")


@pytest.mark.parametrize(
    ("days", "scheme_is", "session_is", "past"),
    [
        (-1, "confirmed", "closed", True),
        (0, "confirmed", "staffed", False),
        (-1, "confirmed", "missed", False),
        (-1, "drafted", "", False),
    ],
)
async def test_who_could_be_sent_is_told_while_it_is_to_be_held(
    portal, union, asked, days, scheme_is, session_is, past
):
    async with portal.transactions.begin() as tx:
        asked(told(await today(tx) + timedelta(days=days), scheme_is, session_is))
    path = f"/orders/{ORDER.order_id}/scheme/sessions/{ORDER.session()}"
    page = (await union.get(path, params={"lang": "en"})).text
    assert "Why so" in page
    assert ("Its day has gone by" in page, 'id="people"' in page, 'id="slots"' in page) == (
        past,
        not past,
        not past,
    )
