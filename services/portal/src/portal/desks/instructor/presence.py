"""Beside the roll call: the instructor is there, somebody leaves early, somebody comes from another class."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Form, Path
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.instructor.pages import sign_page
from portal.desks.instructor.sheet import KeySeen, SheetSeen, key_of, sheet, time_of
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Session = Annotated[UUID, Path()]
Clock = Annotated[str, Form(max_length=5)]
"""Hours and minutes; empty = now."""


@router.post("/my/sessions/{session}/arrive")
@without_key  # the form has a one-time key of its own
async def arrive(at: Desk, session: Session, *, time: Clock = "", key: Key) -> Response:
    """The instructor is there."""
    moment = await _moment(at, session, time)
    if isinstance(moment, Wrong):
        return await sign_page(at, session, moment)
    path = f"/sessions/{session}/arrival"
    wrong = await at.act(key, EVALUATION, path, {"at": moment.isoformat()}, arrives=False)
    return await _after(at, session, wrong)


@router.post("/my/sessions/{session}/leave")
@without_key
async def leave(
    at: Desk, session: Session, *, worker: Annotated[UUID, Form()], time: Clock = "", key: Key
) -> Response:
    """Somebody leaves before the end."""
    moment = await _moment(at, session, time)
    if isinstance(moment, Wrong):
        return await sign_page(at, session, moment)
    act = {"act_id": str(uuid4()), "worker_id": str(worker), "at": moment.isoformat(), "way": "roll_call"}
    return await _acted(at, session, key, "sign-out", act)


@router.post("/my/sessions/{session}/guest")
@without_key
async def guest(at: Desk, session: Session, *, worker: Annotated[UUID, Form()], key: Key) -> Response:
    """Somebody of another class of the order is here, and is called in."""
    moment = await _moment(at, session, "")
    if isinstance(moment, Wrong):
        return await sign_page(at, session, moment)
    act = {
        "act_id": str(uuid4()), "worker_id": str(worker), "at": moment.isoformat(), "way": "roll_call",
        "walk_in": True,
    }  # fmt: skip
    return await _acted(at, session, key, "sign-in", act)


async def _acted(at: AtDesk, session: UUID, key: str, what: str, act: dict[str, Any]) -> Response:
    """An act has its own answer: a no is told on the page."""
    if wrong := await at.once(key):
        return await sign_page(at, session, wrong)
    answer = await at.sent(str(uuid4()), EVALUATION, f"/sessions/{session}/{what}", {"acts": [act]})
    if answer is None or not answer.is_success:
        return await sign_page(at, session, Wrong(at.text("plan.missing_away"), 503))
    why = [each["sentences"].get(at.text.language, "") for each in answer.json() if each["reason"]]
    return await _after(at, session, Wrong(why[0], 409) if why else None)


async def _moment(at: AtDesk, session: UUID, typed: str) -> datetime | Wrong:
    at.only("instructor")
    if not typed:
        told = await key_of(at, str(session))
        return told.now if isinstance(told, KeySeen) else datetime.now(UTC)
    seen = await sheet(at, str(session))
    found = time_of(typed, seen.slot) if isinstance(seen, SheetSeen) else None
    return found or Wrong(at.text("my.time_wrong"), 422)


async def _after(at: AtDesk, session: UUID, wrong: Wrong | None) -> Response:
    return await sign_page(at, session, wrong) if wrong else RedirectResponse(f"/my/sessions/{session}", 303)
