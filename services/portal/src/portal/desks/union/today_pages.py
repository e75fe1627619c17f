"""The union's page of the sessions of today (U7): how each goes, and what can be done about one that does not."""

import asyncio
from datetime import date, datetime
from uuid import UUID

from starlette.responses import RedirectResponse, Response

from portal.boards.sessions import SessionRow
from portal.desks.asking import EVALUATION
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.orders import cards_of, sessions_between
from portal.desks.union import calling
from portal.desks.union.lessons import people_in
from portal.desks.union.today import OVER, SheetSeen, TodayRow, of_the_day, rows_of
from portal.web.names import names_for
from portal.web.sheets import Sheet, excel
from servicekit.clock import now
from servicekit.http import Router, without_key

router = Router(prefix="/today", include_in_schema=False)
COLUMNS = (
    "column.when", "column.number", "column.enterprise", "column.unit", "column.place", "column.person", "today.signed",
    "column.state",
)  # fmt: skip


@router.get("")
async def show_today(at: Desk) -> Response:
    """What is late first, then what goes on, what comes and what is over."""
    return await _page(at)


@router.get("/part")
async def show_today_part(at: Desk) -> Response:
    """The changing part, for a page that is open."""
    rows, _, moment = await _rows(at)
    return at.part("today_part.html", rows=rows, as_of=at.text.clock(moment))


@router.get("/list.xlsx")
async def download_today(at: Desk) -> Response:
    """The same as a sheet."""
    rows, day, _ = await _rows(at)
    cells = [[r.when, r.number, r.enterprise, r.unit, r.place, r.person, r.signed, r.state] for r in rows]
    return excel(
        [Sheet(day.isoformat(), [at.text(key) for key in COLUMNS], cells)], f"{at.text('today.title')} {day}"
    )


@router.post("/sessions/{session}/close")
@without_key  # the form has a one-time key of its own
async def close_session(at: Desk, session: UUID, *, key: Key) -> Response:
    """The union closes one that its lead has left open."""
    at.only("union")
    return await _after(at, await at.act(key, EVALUATION, f"/sessions/{session}/close"))


@router.post("/sessions/{session}/call")
@without_key
async def call_for_somebody(at: Desk, session: UUID, *, key: Key) -> Response:
    """All colleges are asked at once."""
    sessions, _, _ = await _sessions(at)
    day = next((one.day for one in sessions if one.session_id == session), None)
    if day is None:
        return await _page(at, Wrong(at.text("today.gone"), 409))
    return await _after(at, await calling.call(at, key, "sessions", session, day))


async def _after(at: AtDesk, wrong: Wrong | None) -> Response:
    return await _page(at, wrong) if wrong else RedirectResponse("/today", 303)


async def _page(at: AtDesk, wrong: Wrong | None = None) -> Response:
    rows, day, moment = await _rows(at)
    return await at.page(
        "today.html", wrong=wrong, rows=rows, day=at.text.day(day), as_of=at.text.clock(moment)
    )


async def _sessions(at: AtDesk) -> tuple[list[SessionRow], date, datetime]:
    at.only("union")
    moment = await now(at.tx)
    day = moment.astimezone(at.text.zone).date()
    return of_the_day(await sessions_between(at.tx, at.viewer.scope, day, day), day), day, moment


async def _rows(at: AtDesk) -> tuple[list[TodayRow], date, datetime]:
    sessions, day, moment = await _sessions(at)
    scope = at.viewer.scope
    cards = await cards_of(at.tx, scope, list({one.order_id for one in sessions}))
    people = people_in(sessions) | {one.taught_by for one in sessions if one.taught_by}
    names = await names_for(at.tx, at.text, scope, people)
    sheets = await asyncio.gather(*(_sheet(at, one) for one in sessions))  # none touches `tx`
    told = {one.session_id: sheet for one, sheet in zip(sessions, sheets, strict=True) if sheet}
    return rows_of(sessions, cards, told, names, moment), day, moment


async def _sheet(at: AtDesk, one: SessionRow) -> SheetSeen | None:
    """Of one that has begun."""
    if one.state not in {"opened", *OVER}:
        return None
    found = await at.read(EVALUATION, f"/sessions/{one.session_id}", SheetSeen)
    return found if isinstance(found, SheetSeen) else None
