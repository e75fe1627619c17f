"""Sessions that were held and wait for the enterprise: several confirmed at once, or one disputed with its reason."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from portal.boards.sessions import SessionRow
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import numbers_of, sessions_lapsed, sessions_waiting
from portal.web.names import names_for
from servicekit.clock import now
from servicekit.http import Router, without_key
from staffing.counting import person_times

router = Router(include_in_schema=False)
MOST = 100
"""Sessions on the page: those that wait longest. The others come when these are confirmed."""
MOST_COMING = 20
"""Sessions ahead from which somebody may be excused: the next ones."""
MOST_LAPSED = 20
"""Sessions that are told as confirmed by silence."""
AT_ONCE = 4
"""Orders that evaluation is asked for beside each other."""
Chosen = Annotated[list[UUID], Form(max_length=200)]


class ReportSeen(BaseModel):
    """What evaluation knows of a session."""

    session_id: UUID
    person_times: int
    absent: int
    class_hours: int
    answer_until: datetime | None = None


@dataclass(frozen=True)
class HeldView:
    """A session to be confirmed."""

    id: str
    when: str
    unit: str
    number: str
    order: str
    person: str
    present: str
    absent: str
    hours: int
    until: str = ""
    """Until when silence is no answer yet."""


@router.get("/sessions")
async def show_held(at: Desk) -> Response:
    """What was held and is not confirmed yet, with its counts."""
    return await _page(at)


@router.post("/sessions/confirm")
@without_key  # the form has a one-time key of its own
async def confirm(at: Desk, *, key: Key, session: Chosen = []) -> Response:  # noqa: B006
    """Each chosen session was held as reported; what is refused is told, the others stand."""
    at.only("enterprise")
    if not session:
        return await _page(at, Wrong(at.text("hd.none_chosen"), 422))
    if wrong := await at.once(key):
        return await _page(at, wrong)
    refused = []
    for step, one in enumerate(session, start=1):
        if wrong := await at.go_on(key, EVALUATION, f"/sessions/{one}/confirm", step=step):
            refused.append(wrong)
    if refused:
        return await _page(
            at, Wrong(at.text("hd.some_refused", count=len(refused), why=refused[0].text), 409)
        )
    return RedirectResponse(f"/sessions?done={len(session)}", 303)


@router.post("/sessions/{session}/dispute")
@without_key
async def dispute(
    at: Desk, session: UUID, *, why: Annotated[str, Form(max_length=60)], key: Key,
    words: Annotated[str, Form(max_length=1000)] = "",
) -> Response:  # fmt: skip
    """It was not held as reported; the union looks into it."""
    at.only("enterprise")
    body = {"reason": {"code": why}, "text": words.strip() or None}
    if wrong := await at.act(key, EVALUATION, f"/sessions/{session}/dispute", body):
        return await _page(at, wrong)
    return RedirectResponse("/sessions?disputed=1", 303)


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    at.only("enterprise")
    scope = at.viewer.scope
    rows = await sessions_waiting(at.tx, scope, "closed", "disputed")
    closed = [row for row in rows if row.state == "closed"]
    waiting = closed[:MOST]
    orders = list(dict.fromkeys(row.order_id for row in waiting))
    numbers = await numbers_of(at.tx, scope, orders)
    some = asyncio.Semaphore(AT_ONCE)
    told = await asyncio.gather(*(_reports(at, order, some) for order in orders))  # none touches `tx`
    reports = {one.session_id: one for some in told for one in some}
    moment = await now(at.tx)
    ahead = await sessions_waiting(at.tx, scope, "scheduled", "opened")
    coming = [row for row in ahead if row.starts_at and row.starts_at > moment][:MOST_COMING]
    lapsed = await sessions_lapsed(at.tx, scope, MOST_LAPSED)
    names = await names_for(at.tx, at.text, scope, [row.taught_by for row in waiting if row.taught_by])
    done = at.request.query_params.get("done", "")
    return await at.page(
        "enterprise_held.html", wrong=wrong, done=int(done) if done[:3].isdecimal() else 0,
        disputed="disputed" in at.request.query_params,
        more=len(closed) - len(waiting), disputes=len(rows) - len(closed),
        why=[(code, names.reason(code, {})) for code in names.programmes.rules.delivery.disputes.value],
        coming=[(f"/sessions/{row.session_id}", _when(row, at), names.unit(row.unit)) for row in coming],
        lapsed=[(f"/orders/{row.order_id}/story", _when(row, at), names.unit(row.unit),
                 at.text("hd.people", count=len(row.attended or {}))) for row in lapsed],
        rows=[
            HeldView(
                str(row.session_id), _when(row, at), names.unit(row.unit),
                numbers.get(row.order_id, "—"), str(row.order_id),
                names.person(row.taught_by) if row.taught_by else "", str(person_times(row)),
                str(reports[row.session_id].absent) if row.session_id in reports else "—", row.class_hours,
                _until(reports.get(row.session_id), at),
            )
            for row in waiting
        ],
    )  # fmt: skip


async def _reports(at: AtDesk, order: UUID, some: asyncio.Semaphore) -> list[ReportSeen]:
    async with some:
        told = await at.read_list(EVALUATION, f"/sessions?order_id={order}", ReportSeen)
    return told if isinstance(told, list) else []


def _until(told: ReportSeen | None, at: AtDesk) -> str:
    return at.text.moment(told.answer_until) if told and told.answer_until else ""


def _when(row: SessionRow, at: AtDesk) -> str:
    return at.text.span(row.starts_at, row.ends_at) if row.starts_at and row.ends_at else "—"
