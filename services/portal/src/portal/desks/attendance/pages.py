"""A session's sheet, for the union, its enterprise and whoever leads it; the list of corrections that wait."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.accounts import commands as accounts
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.attendance.seen import SessionSeen, WaitingSeen
from portal.desks.attendance.shown import HELD, correction_of, logins_of, row_of, waiting_of
from portal.desks.orders import sessions_of
from portal.desks.session.read import reported
from portal.web.sheets import Cell, Sheet, excel
from portal.web.text import Text
from portal.web.viewer import NotForYou
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Why = Annotated[str, Form(max_length=60)]
MOST_MINUTES = 24 * 60
AHEAD = frozenset({"planned", "open"})
COLUMNS = (
    "attendance.column.name", "column.state", "attendance.column.why", "attendance.column.came",
    "attendance.column.left", "attendance.column.minutes", "attendance.column.hours",
)  # fmt: skip


@router.get("/corrections")
async def show_corrections(at: Desk) -> Response:
    """What somebody has proposed and somebody else is to decide."""
    at.only("union")
    found = await at.read_list(EVALUATION, "/corrections", WaitingSeen)
    known = found if isinstance(found, list) else []
    names = await at.names()
    users = await accounts.names_of(at.tx, logins_of(known))
    return await at.page(
        "corrections.html",
        away=not isinstance(found, list),
        rows=[waiting_of(one, names, users) for one in known],
    )


@router.get("/sessions/{session}")
async def show_sheet(at: Desk, session: UUID) -> Response:
    """Who was there, for how long, and what was set right."""
    return await _page(at, session)


@router.post("/sessions/{session}/correct")
@without_key  # the form has a one-time key of its own
async def propose(
    at: Desk,
    session: UUID,
    *,
    worker: Annotated[UUID, Form()],
    minutes: Annotated[int, Form(ge=0, le=MOST_MINUTES)],
    why: Why,
    key: Key,
) -> Response:
    """Propose to set one attendance right; it stands until somebody else confirms."""
    at.only("union", "instructor")
    body = {
        "worker_id": str(worker), "minutes": minutes, "act_id": str(uuid4()), "reason": {"code": why},
    }  # fmt: skip
    return await _sent(at, session, key, f"/sessions/{session}/attendance", body)


@router.post("/sessions/{session}/corrections/{correction}/confirm")
@without_key
async def confirm(at: Desk, session: UUID, correction: UUID, *, key: Key) -> Response:
    """Somebody else says that it was so."""
    at.only("union")
    return await _sent(at, session, key, f"/sessions/{session}/corrections/{correction}/confirm", None)


@router.post("/sessions/{session}/corrections/{correction}/refuse")
@without_key
async def refuse(at: Desk, session: UUID, correction: UUID, *, why: Why, key: Key) -> Response:
    """Somebody else says that the record stands."""
    at.only("union")
    path = f"/sessions/{session}/corrections/{correction}/refuse"
    return await _sent(at, session, key, path, {"reason": {"code": why}})


@router.post("/sessions/{session}/excuse")
@without_key
async def excuse(
    at: Desk,
    session: UUID,
    *,
    worker: Annotated[UUID, Form()],
    why: Annotated[str, Form(max_length=40)],
    key: Key,
) -> Response:
    """The enterprise says before the session that somebody will not come."""
    at.only("enterprise")
    path = f"/sessions/{session}/excuses"
    if wrong := await at.act(key, EVALUATION, path, {"worker_id": str(worker), "reason": why}, arrives=False):
        return await _page(at, session, wrong)
    return RedirectResponse(f"/sessions/{session}", 303)


@router.get("/sessions/{session}/list.xlsx")
async def download_sheet(at: Desk, session: UUID) -> Response:
    """The same as a sheet."""
    seen, names = await _read(at, session), await at.names()
    when = await _when(at, seen)
    text = at.text
    rows: list[list[Cell]] = []
    for one in seen.rows:
        each, record = row_of(one, names, when), one.attendance
        states = text.listed(word for word, _ in each.states)
        counted: list[Cell] = [record.minutes, record.class_hours] if record else [0, 0]
        rows.append([each.name, states, each.why, each.came, each.left, *counted])
    title = text("attendance.sheet")
    heads = [text(key) for key in COLUMNS]
    return excel([Sheet(title, heads, rows)], f"{title} {text.day(seen.slot.day)}")


async def _sent(at: AtDesk, session: UUID, key: str, path: str, body: dict[str, object] | None) -> Response:
    if wrong := await at.act(key, EVALUATION, path, body, arrives=False):
        return await _page(at, session, wrong)
    return RedirectResponse(f"/sessions/{session}#corrections", 303)


async def _read(at: AtDesk, session: UUID) -> SessionSeen:
    at.only("union", "enterprise", "instructor")
    seen = await at.read(EVALUATION, f"/sessions/{session}", SessionSeen)
    if not isinstance(seen, SessionSeen):
        raise NotForYou("error.away" if seen == "away" else "error.not_found")
    return seen


async def _when(at: AtDesk, seen: SessionSeen) -> dict[UUID, str]:
    """When the sessions were that somebody here makes up for."""
    if not any(row.attendance and row.attendance.makes_up for row in seen.rows):
        return {}
    rows = await sessions_of(at.tx, at.viewer.scope, [seen.order_id])
    return {
        row.session_id: at.text.span(row.starts_at, row.ends_at)
        for row in rows
        if row.starts_at and row.ends_at
    }


async def _page(at: AtDesk, session: UUID, wrong: Wrong | None = None) -> Response:
    seen, names = await _read(at, session), await at.names()
    users = await accounts.names_of(at.tx, logins_of(seen.corrections))
    when = await _when(at, seen)
    who = {row.worker_id: row.name for row in seen.rows}
    roles, viewer = at.viewer.account.roles, str(at.viewer.account.id)
    text = at.text
    may = names.programmes.rules.delivery
    ahead = seen.state in AHEAD and await now(at.tx) < seen.slot.starts_at
    return await at.page(
        "session.html", wrong=wrong, session=str(session),
        title=names.occupation(seen.occupation), when=text.span(seen.slot.starts_at, seen.slot.ends_at),
        hours=text("my.hours", count=seen.class_hours),
        state=text(f"session_state.{_state_of(seen)}"),
        until=text.moment(seen.answer_until) if seen.answer_until else "",
        counts=text("attendance.counts", there=seen.person_times, absent=seen.absent) if seen.state in HELD else "",
        taught=_taught(seen, text),
        rows=[row_of(row, names, when) for row in seen.rows],
        corrections=[correction_of(one, who, names, users, viewer) for one in seen.corrections],
        may_propose=seen.state in HELD and not roles.isdisjoint({"union", "instructor"}),
        may_decide="union" in roles,
        may_excuse=ahead and "enterprise" in roles,
        excuses=[
            (each.code, names.reason(each.code, {})) for each in may.excuses.value
        ],
        why=[(code, names.reason(code, {})) for code in may.corrections.value],
        stands=[(code, names.reason(code, {})) for code in may.corrections_refused.value],
        order=f"/orders/{seen.order_id}/story",
        enters=not roles.isdisjoint({"union", "instructor"}),
        **await reported(at, session),
    )  # fmt: skip


def _taught(seen: SessionSeen, text: Text) -> str:
    """When the instructor was there, as far as it was told."""
    told = [
        text("attendance.arrived", time=text.clock(seen.arrived_at)) if seen.arrived_at else "",
        text("attendance.departed", time=text.clock(seen.departed_at)) if seen.departed_at else "",
    ]
    return text.listed([part for part in told if part])


def _state_of(seen: SessionSeen) -> str:
    if seen.state == "confirmed" and seen.confirmed == "lapsed":
        return "lapsed"
    return {"planned": "scheduled", "open": "opened"}.get(seen.state, seen.state)
