"""Joint orders over HTTP: proposed and opened by the union, consented to by each enterprise on its own order."""

from typing import Annotated

from fastapi import Depends, Response

from contracts.values import OrderId
from order_intake.enterprises.commands import scope_of
from order_intake.known import known, organisation_of
from order_intake.orders.commands import Change
from order_intake.orders.views import Cancellation
from order_intake.pools import commands
from order_intake.pools.views import Leaving, NewPool, OpenedView, PoolView, ProposalsView, ProposalView
from servicekit.http import IfMatch, Router, Transaction, refusals, set_version
from servicekit.identity import Actor, actor_with

router = Router(tags=["joint orders"])
Clerk = Annotated[Actor, Depends(actor_with("enterprise"))]
Coordinator = Annotated[Actor, Depends(actor_with("union"))]
ClerkOrCoordinator = Annotated[Actor, Depends(actor_with("enterprise", "union"))]
REFUSED = (
    "pool.too_few", "pool.order_refused", "pool.enterprise_twice", "pool.other_programme", "pool.other_lines",
    "pool.other_shifts", "pool.too_far", "pool.window_apart", "pool.bands_apart", "pool.too_many", "pool.worker_twice",
)  # fmt: skip


@router.get("/pools/proposals")
async def read_proposals(tx: Transaction, by: Coordinator) -> ProposalsView:  # noqa: ARG001
    """Small orders that could be taught as one class, with what that saves; of the others, why with none."""
    here = known(tx)
    found = await commands.read_proposals(tx)
    return ProposalsView.of(found, lambda one: here.programme(one.order.programme))


@router.post(
    "/pools",
    status_code=201,
    responses=refusals("order.unknown", "pool.order_twice", "pool.host_no_member", *REFUSED),
)
async def open_pool(asked: NewPool, *, tx: Transaction, by: Coordinator) -> OpenedView:
    """Propose a joint order of these orders; each enterprise is asked for its consent."""
    union = organisation_of(by)
    joint, proposal = await commands.open_pool(tx, asked.orders, asked.host, union_id=union, by=by)
    assert joint.pool is not None
    assert joint.pool.answer_by is not None
    shown = ProposalView.of(proposal, known(tx).programme(joint.programme))
    return OpenedView(order_id=joint.id, number=joint.number, answer_by=joint.pool.answer_by, proposal=shown)


@router.get("/pools/{order_id}", responses=refusals("pool.unknown"))
async def read_pool(order_id: OrderId, *, tx: Transaction, by: ClerkOrCoordinator) -> PoolView:
    """A joint order and what its members answered."""
    return PoolView.of(*await commands.read_pool(tx, order_id, of=scope_of(by)))


@router.post(
    "/pools/{order_id}/withdraw",
    status_code=204,
    responses=refusals("pool.unknown", "pool.not_open_any_more"),
)
async def withdraw_pool(order_id: OrderId, *, asked: Leaving, tx: Transaction, by: Coordinator) -> None:
    """Take the proposal back before it is accepted; every order goes its own way."""
    await commands.withdraw_pool(tx, order_id, asked.reason.reason(), by=by)


@router.post(
    "/orders/{order_id}/pool/consent",
    status_code=204,
    responses=refusals("order.unknown", "pool.not_asked", "pool.consented_already"),
)
async def consent(order_id: OrderId, *, tx: Transaction, by: Clerk) -> None:
    """Agree that your order is taught jointly."""
    await commands.consent(tx, order_id, of=organisation_of(by), by=by)


@router.post(
    "/orders/{order_id}/pool/leave",
    status_code=204,
    responses=refusals("order.unknown", "pool.not_asked", "pool.not_pooled", "pool.begun", "pool.host_stays"),
)
async def leave(order_id: OrderId, *, asked: Leaving, tx: Transaction, by: ClerkOrCoordinator) -> None:
    """Refuse the joint order, or take your order out of it again before teaching begins."""
    await commands.leave(tx, order_id, asked.reason.reason(), of=scope_of(by), by=by)


@router.post(
    "/orders/{order_id}/cancel",
    status_code=204,
    responses=refusals("order.unknown", "order.not_accepted", "order.in_pool", "order.is_joint"),
)
async def cancel_order(
    order_id: OrderId,
    *,
    asked: Cancellation,
    tx: Transaction,
    by: ClerkOrCoordinator,
    response: Response,
    if_match: IfMatch = None,
) -> None:
    """End an accepted order: its sessions are freed and the colleges told; a joint one frees its members."""
    change = Change(by, if_match, asked.note)
    set_version(response, await commands.cancel_order(tx, order_id, asked.reason.reason(), change))
