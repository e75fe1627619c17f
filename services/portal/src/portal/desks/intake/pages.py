"""The page on which the union takes an order, gives it back or rejects it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk, Desk, Key, Wrong
from portal.desks.enterprise.asked import LineSeen, OrderSeen, WorksSeen
from portal.desks.enterprise.orders import order_seen, rules_of
from portal.desks.enterprise.window import doubts, said
from portal.desks.intake.beside import Room, history, room
from portal.desks.past_orders import others_of
from portal.known import known
from portal.web.lines import Lines
from servicekit.clock import today
from servicekit.http import Router, without_key

router = Router(include_in_schema=False)
Reasons = Annotated[list[str], Form(max_length=10)]
Words = Annotated[str, Lines, Form(max_length=2000)]


@dataclass(frozen=True)
class LineView:
    """A line of the order, and the times at which all its crews are free."""

    service: str
    occupation: str
    level: str
    people: int
    crews: tuple[str, ...]
    bands: tuple[str, ...]
    days: str
    free: Room | None


@router.get("/orders/{order}/intake")
async def show_intake(at: Desk, order: str) -> Response:
    """The order beside the enterprise's history, and whether there is room for it."""
    at.only("union")
    return await _page(at, await order_seen(at, order))


@router.post("/orders/{order}/intake")
@without_key  # the form has a one-time key of its own
async def accept(at: Desk, order: str, *, key: Key) -> Response:
    """Take it (接单); the scheme comes next, on whose page the draft appears."""
    at.only("union")
    seen = await order_seen(at, order)
    if wrong := await at.act(key, INTAKE, f"/orders/{seen.order_id}/accept"):
        return await _page(at, await order_seen(at, order), wrong)
    return RedirectResponse(f"/orders/{seen.order_id}/scheme", 303)


@router.post("/orders/{order}/intake/return")
@without_key
async def give_back(at: Desk, order: str, *, key: Key, reason: Reasons = [], note: Words = "") -> Response:  # noqa: B006
    """Give it back to be mended."""
    return await _answered(at, order, "return", key, reason, note)


@router.post("/orders/{order}/intake/reject")
@without_key
async def reject(at: Desk, order: str, *, key: Key, reason: Reasons = [], note: Words = "") -> Response:  # noqa: B006
    """Do not take it; final."""
    return await _answered(at, order, "reject", key, reason, note)


async def _answered(at: AtDesk, order: str, how: str, key: str, reasons: list[str], note: str) -> Response:
    at.only("union")
    seen = await order_seen(at, order)
    if not reasons:
        return await _page(at, seen, Wrong(at.text("cf.no_reason"), 422), note)
    body = {"reasons": [{"code": code} for code in reasons], "note": note.strip() or None}
    if wrong := await at.act(key, INTAKE, f"/orders/{seen.order_id}/{how}", body):
        return await _page(at, await order_seen(at, order), wrong, note)
    return RedirectResponse(f"/orders/{seen.order_id}/story", 303)


async def _page(at: AtDesk, seen: OrderSeen, wrong: Wrong | None = None, note: str = "") -> Response:
    names, day = await at.names(), await today(at.tx)
    found = await at.read(INTAKE, f"/enterprises/{seen.enterprise_id}", WorksSeen)
    works = found if isinstance(found, WorksSeen) else None
    programme = known(at.tx).programmes.programmes.get(seen.programme)
    rules = rules_of(at)
    return await at.page(
        "intake.html", wrong=wrong, order=seen, note=note, waits=seen.state == "submitted", works=works,
        enterprise=names.organisation(seen.enterprise_id, seen.enterprise_name),
        place=names.division(works.division) if works else "",
        state=at.text.or_code("order_state", seen.state),
        doubts=said(doubts(seen.lines, seen.programme, rules, day), at.text) if seen.state == "submitted" else [],
        past=history(
            seen, await others_of(at.tx, at.viewer.scope, seen.enterprise_id, seen.order_id), names
        ),
        lines=[
            LineView(
                at.text(f"service_line.{line.service}"),
                names.occupation(line.occupation), names.level(line.level or ""),
                line.people or line.heads,
                tuple(at.text("in.crew", crew=crew, count=n) for crew, n in line.crews.items()),
                tuple(names.band(band) for band in line.bands), _days(line, at),
                room(line, works, rules, day) if works else None,
            )
            for line in seen.lines
        ],
        reasons=[(code, names.reason(code, {})) for code in (programme.order_return_reasons if programme else {})],
    )  # fmt: skip


def _days(line: LineSeen, at: AtDesk) -> str:
    return " – ".join(at.text.day(day) if day else "—" for day in (line.earliest, line.latest))
