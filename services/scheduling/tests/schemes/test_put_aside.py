"""The coordinator moves a session to a public holiday: refused by name, done where an override names it."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.overrides import OverrideGranted, OverrideWithdrawn
from contracts.values import because

from ..builders import a_line

HOLIDAY = date(2026, 9, 25)
"""Mid-autumn Festival."""


def an_override(**told):
    given = {"override_id": uuid4(), "rule": "slot.closed_day", "valid_until": HOLIDAY}
    return OverrideGranted(**given | {"reason": because("override.production")} | told)


BY_HAND = {"move": "session.cannot_move", "changes": "change.breaks_rules"}
"""The two ways to move a session by hand, and how each refuses what a rule forbids."""


async def on_the_holiday(given, order, way):
    first, last = (await given.scheme(order))["sessions"][0], (await given.scheme(order))["sessions"][-1]
    assert first["day"] < last["day"]
    path, there = f"/orders/{order.order_id}/scheme", {"day": str(HOLIDAY), "band": "eve"}
    if way == "move":
        return last["session_id"], await given.union.post(
            f"{path}/sessions/{last['session_id']}/move", json=there
        )
    change = {"do": "move", "session_id": last["session_id"]} | there
    return last["session_id"], await given.union.post(f"{path}/changes", json={"changes": [change]})


@pytest.mark.parametrize("way", BY_HAND)
@pytest.mark.parametrize("withdrawn", [False, True])
async def test_a_session_goes_to_a_holiday_only_where_an_override_names_it(scheduling, given, way, withdrawn):
    order = await given.a_draft(a_line())
    session, answer = await on_the_holiday(given, order, way)
    assert (answer.status_code, answer.json()["code"]) == (409, BY_HAND[way]), answer.text
    assert "slot.closed_day" in answer.text
    elsewhere = an_override(session_id=uuid4())
    named = an_override(session_id=session)
    await scheduling.deliver(elsewhere)
    assert (await on_the_holiday(given, order, way))[1].status_code == 409
    await scheduling.deliver(named)
    if withdrawn:
        await scheduling.deliver(OverrideWithdrawn(override_id=named.override_id))
    moved, answer = await on_the_holiday(given, order, way)
    assert answer.status_code == 409 if withdrawn else answer.is_success, answer.text
    days = {each["session_id"]: each["day"] for each in (await given.scheme(order))["sessions"]}
    assert (days[moved] == str(HOLIDAY)) is not withdrawn
