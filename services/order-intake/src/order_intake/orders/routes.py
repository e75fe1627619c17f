"""Orders over HTTP."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from contracts.values import LineNumber, OrderId
from order_intake.known import organisation_of
from order_intake.orders import commands
from order_intake.orders.commands import Change, Wanted
from order_intake.orders.rules import State
from order_intake.orders.views import (
    Amendment,
    Answer,
    LineClosing,
    NewOrder,
    NewOrderView,
    OrderEdit,
    OrderView,
    desk_lines,
)
from servicekit.http import IfMatch, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(prefix="/orders", tags=["orders"])
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("enterprise", "union", "service"))]

ALONE = ("order.in_pool", "order.is_joint")
DRAFTED = (
    "order.line_twice", "order.service_not_offered", "order.occupation_unknown", "order.level_unknown",
    "order.band_unknown", "order.unit_unknown",
)  # fmt: skip
READY = (
    *DRAFTED, "order.no_lines", "order.line_incomplete", "order.dates_reversed", "order.dates_past",
    "order.no_trainees", "order.too_many_trainees", "order.crew_unknown", "order.cohort_sizes_differ",
    "order.too_large",
)  # fmt: skip


@router.post(
    "",
    status_code=201,
    responses=refusals("intake.programme_unknown", "enterprise.unknown", "survey.unknown", *DRAFTED),
)
async def draft_order(asked: NewOrder, *, tx: Transaction, by: Clerk, response: Response) -> NewOrderView:
    """Lay a new order on your own enterprise's desk."""
    wanted = Wanted(asked.programme, desk_lines(asked.lines), asked.special_session, asked.survey_id)
    order = await commands.draft_order(tx, organisation_of(by), wanted)
    set_version(response, 1)
    return NewOrderView(order_id=order.id, number=order.number)


@router.put(
    "/{order_id}",
    status_code=204,
    responses=refusals("order.unknown", "order.not_editable", *ALONE, *DRAFTED),
)
async def edit_order(
    order_id: OrderId,
    *,
    asked: OrderEdit,
    tx: Transaction,
    by: Clerk,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Change what lies on the desk: a draft, a returned order, or an amendment not yet asked for."""
    lines = desk_lines(asked.lines)
    change = Change(by, if_match)
    version = await commands.edit_order(tx, order_id, lines, change, special_session=asked.special_session)
    set_version(response, version)


@router.get("")
async def list_orders(
    tx: Transaction,
    by: Reader,
    state: State | None = None,
    before: OrderId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[OrderView]:
    """The orders you may see, newest first; `before` = the last id of the page before."""
    found = await commands.list_orders(tx, by=by, state=state, before=before, most=limit)
    return [OrderView.of(each) for each in found]


@router.get("/{order_id}", responses=refusals("order.unknown"))
async def read_order(order_id: OrderId, *, tx: Transaction, by: Reader, response: Response) -> OrderView:
    """One order; the version is the `ETag`."""
    stored = await commands.read_order(tx, order_id, by=by)
    set_version(response, stored.version)
    return OrderView.of(stored)


@router.post(
    "/{order_id}/submit", status_code=204, responses=refusals("order.unknown", "order.not_draft", *READY)
)
async def submit_order(
    order_id: OrderId, *, tx: Transaction, by: Clerk, response: Response, if_match: IfMatch = None
) -> None:
    """Ask for it (企业点单)."""
    set_version(response, await commands.submit_order(tx, order_id, Change(by, if_match)))


@router.post(
    "/{order_id}/withdraw",
    status_code=204,
    responses=refusals("order.unknown", "order.not_submitted", *ALONE),
)
async def withdraw_order(
    order_id: OrderId, *, tx: Transaction, by: Clerk, response: Response, if_match: IfMatch = None
) -> None:
    """Take back what was not accepted yet."""
    set_version(response, await commands.withdraw_order(tx, order_id, Change(by, if_match)))


@router.post(
    "/{order_id}/amend",
    status_code=204,
    responses=refusals(
        "order.unknown",
        "order.not_accepted",
        "order.amends_nothing",
        "order.line_closed_already",
        *ALONE,
        *READY,
    ),
)
async def amend_order(
    order_id: OrderId,
    *,
    asked: Amendment,
    tx: Transaction,
    by: Clerk,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """An accepted order is different from now on; its scheme is planned anew."""
    lines = None if asked.lines is None else desk_lines(asked.lines)
    change = Change(by, if_match, asked.note)
    set_version(response, await commands.amend_order(tx, order_id, lines, change))


@router.post(
    "/{order_id}/lines/{line}/close",
    status_code=204,
    responses=refusals(
        "order.unknown",
        "order.not_accepted",
        "order.line_unknown",
        "order.scheme_not_confirmed",
        "order.line_has_stages",
        "order.line_closed_already",
        "order.more_than_ordered",
    ),
)
async def close_line(
    order_id: OrderId,
    line: Annotated[LineNumber, Path()],
    *,
    asked: LineClosing,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Close a line that no stage of the scheme ends: the competition was held, the apprenticeship begun."""
    change = Change(by, if_match, asked.note)
    set_version(response, await commands.close_line(tx, order_id, line, asked.heads, change))


@router.post(
    "/{order_id}/accept",
    status_code=204,
    responses=refusals("order.unknown", "order.not_submitted", "order.dates_past", *ALONE),
)
async def accept_order(
    order_id: OrderId, *, tx: Transaction, by: Coordinator, response: Response, if_match: IfMatch = None
) -> None:
    """Take a submitted order (工会接单)."""
    union = organisation_of(by)
    set_version(response, await commands.accept_order(tx, order_id, Change(by, if_match), union_id=union))


@router.post(
    "/{order_id}/return", status_code=204, responses=refusals("order.unknown", "order.not_submitted", *ALONE)
)
async def return_order(
    order_id: OrderId,
    *,
    asked: Answer,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Give a submitted order back to be mended, with reasons."""
    reasons = [each.reason() for each in asked.reasons]
    change = Change(by, if_match, asked.note)
    set_version(response, await commands.return_order(tx, order_id, reasons, change))


@router.post(
    "/{order_id}/reject", status_code=204, responses=refusals("order.unknown", "order.not_submitted", *ALONE)
)
async def reject_order(
    order_id: OrderId,
    *,
    asked: Answer,
    tx: Transaction,
    by: Coordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """Do not take a submitted order, with reasons; final."""
    reasons = [each.reason() for each in asked.reasons]
    change = Change(by, if_match, asked.note)
    set_version(response, await commands.reject_order(tx, order_id, reasons, change))
