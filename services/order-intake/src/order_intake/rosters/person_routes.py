"""One person over HTTP: what is held, masked; all of it as one answer, said in a fact; and the end of it."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from contracts.masking import masked_name
from contracts.values import LevelCode, OrderId, OrderLine, Reason, WorkerId
from contracts.workers import WorkerErased
from order_intake.orders.ended import UNDER_WAY
from order_intake.orders.lines import DraftLine
from order_intake.orders.rules import Order
from order_intake.rosters import id_number, persons
from order_intake.rosters.persons import Held, Stands
from servicekit.http import Request, Router, Transaction, refusals, without_key
from servicekit.identity import Actor, actor_with

router = Router(prefix="/workers", tags=["rosters"])
kept_router = Router(tags=["rosters"])
Union = Annotated[Actor, Depends(actor_with("union"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]
Keeper = Annotated[Actor, Depends(actor_with("union", "administrator"))]
MOST_TYPED = 40


class StandsView(BaseModel):
    """An order with the person on it; names masked, and none once they are erased."""

    order_id: OrderId
    number: str
    enterprise_id: str
    state: str
    lines: tuple[int, ...]
    under_way: bool
    masked_name: str | None
    masked: str | None
    kept_until: date | None
    """The last day on which the name is kept; none while the order is under way, or without a name."""


class DisclosedView(BaseModel):
    """To whom the name was given; when and what for, where that was kept."""

    number: str
    receiver: str
    at: datetime | None
    purpose: str | None


class ToldView(BaseModel):
    """That the data were given out or erased."""

    what: str
    reason: Reason
    on: date
    by: str


class WorkerView(BaseModel):
    """What is held of a person, masked."""

    worker_id: WorkerId
    orders: list[StandsView]
    disclosed: list[DisclosedView]
    told: list[ToldView]


class WholeView(BaseModel):
    """How one order names the person, whole."""

    number: str
    enterprise_id: str
    state: str
    lines: tuple[int, ...]
    name: str | None
    id_number: str | None
    birth_date: date | None
    years_in_trade: int | None
    holds_level: LevelCode | None


class ExportView(BaseModel):
    """Everything that is held of a person here."""

    worker_id: WorkerId
    orders: list[WholeView]
    disclosed: list[DisclosedView]
    told: list[ToldView]


class KeptView(BaseModel):
    """Of a class of data: what was removed last, and what is removed next."""

    of: str
    removed_at: datetime | None
    removed: int
    next_due: datetime | None
    waiting: int


class Why(Request):
    """Why: a code of the rules."""

    reason: Reason


class Erasure(Why):
    """Why, and the worker's number typed once more."""

    typed: Annotated[str, Field(max_length=MOST_TYPED)]


@router.get("/{worker_id}", responses=refusals("worker.unknown"))
async def read_worker(worker_id: WorkerId, tx: Transaction, by: Reader) -> WorkerView:
    """What is held of a person, masked; an enterprise reads what its own orders hold."""
    held = await persons.held_of(tx, worker_id, by=by)
    return WorkerView(
        worker_id=worker_id,
        orders=[_stands(each, worker_id) for each in held.stands],
        disclosed=_disclosed(held),
        told=_told(held),
    )


@router.post("/{worker_id}/export", responses=refusals("worker.unknown", "worker.reason_unknown"))
@without_key  # an answer with names is not to be kept; asked twice, twice is said
async def export_worker(
    worker_id: WorkerId, asked: Why, *, tx: Transaction, by: Reader, response: Response
) -> ExportView:
    """Everything that is held of a person here, ID number included; that it was given out is a fact."""
    response.headers["Cache-Control"] = "no-store"
    held = await persons.export(tx, worker_id, asked.reason, by=by)
    return ExportView(
        worker_id=worker_id,
        orders=[
            WholeView(
                number=each.order.number,
                enterprise_id=each.order.enterprise_id,
                state=each.order.state,
                lines=_lines(each.order, worker_id),
                name=each.kept.name if each.kept else None,
                id_number=each.kept.id_number if each.kept else None,
                birth_date=each.kept.birth_date if each.kept else None,
                years_in_trade=each.kept.years_in_trade if each.kept else None,
                holds_level=each.kept.holds_level if each.kept else None,
            )
            for each in held.stands
        ],
        disclosed=_disclosed(held),
        told=_told(held),
    )


@router.post(
    "/{worker_id}/erase",
    status_code=204,
    responses=refusals(
        "worker.unknown", "worker.reason_unknown", "worker.not_confirmed", "worker.order_under_way"
    ),
)
async def erase_worker(worker_id: WorkerId, asked: Erasure, *, tx: Transaction, by: Union) -> None:
    """Name, ID number and birth date of the person are destroyed; the number stays in the facts."""
    await persons.erase(tx, worker_id, asked.reason, asked.typed, by=by)


def _lines(order: Order, worker_id: WorkerId) -> tuple[int, ...]:
    lines: list[OrderLine | DraftLine] = [*order.lines, *order.draft]
    return tuple(
        sorted({each.line for each in lines if worker_id in {one.worker_id for one in each.trainees}})
    )


def _stands(each: Stands, worker_id: WorkerId) -> StandsView:
    order, kept = each.order, each.kept
    return StandsView(
        order_id=order.id,
        number=order.number,
        enterprise_id=order.enterprise_id,
        state=order.state,
        lines=_lines(order, worker_id),
        under_way=order.state in UNDER_WAY,
        masked_name=masked_name(kept.name) if kept else None,
        masked=id_number.masked(kept.id_number) if kept else None,
        kept_until=each.kept_until,
    )


def _disclosed(held: Held) -> list[DisclosedView]:
    numbers = {each.order.id: each.order.number for each in held.stands}
    return [
        DisclosedView(number=numbers[each.order_id], receiver=each.receiver, at=each.at, purpose=each.purpose)
        for each in held.disclosed
    ]


def _told(held: Held) -> list[ToldView]:
    return [
        ToldView(
            what="erased" if isinstance(each.fact, WorkerErased) else "exported",
            reason=each.fact.reason,
            on=each.fact.erased_on if isinstance(each.fact, WorkerErased) else each.fact.exported_on,
            by=each.by,
        )
        for each in held.told
    ]


@kept_router.get("/kept")
async def read_kept(tx: Transaction, _: Keeper) -> list[KeptView]:
    """What is kept for a time: the last removal of each class, and the next."""
    return [KeptView.model_validate(each, from_attributes=True) for each in await persons.kept(tx)]
