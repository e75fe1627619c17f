"""What evaluation holds of one person, over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Response
from pydantic import BaseModel

from contracts.values import LevelCode, WorkerId
from evaluation.known import known
from evaluation.persons import commands
from servicekit.http import Router, Transaction, refusals
from servicekit.identity import Actor, actor_with

router = Router(tags=["persons"])
Keeper = Annotated[Actor, Depends(actor_with("union", "administrator"))]
Reader = Annotated[Actor, Depends(actor_with("union", "enterprise"))]


class KnownView(BaseModel):
    """The name and the evidence that order-intake has told."""

    name: str
    id_masked: str
    birth_date: date | None
    years_in_trade: int
    holds_level: LevelCode | None


class NeededView(BaseModel):
    """What the name would be kept for: the class of data, its rule's source and day, and the last day."""

    of: str
    since: date
    until: date
    source: str
    note: str | None


class KeptView(BaseModel):
    """Of a class of data: what was removed last, and what is removed next."""

    of: str
    removed_at: datetime | None
    removed: int
    next_due: datetime | None
    waiting: int


class HeldView(BaseModel):
    """Everything that is held of a person here. `parts`: rows by what they are, ids and codes as they stand."""

    worker_id: WorkerId
    known: KnownView | None
    kept_until: date | None
    needed: list[NeededView]
    orders: list[dict[str, Any]]
    parts: dict[str, list[dict[str, Any]]]


@router.get("/workers/{worker_id}", responses=refusals("worker.unknown"))
async def read_worker(worker_id: WorkerId, tx: Transaction, by: Reader, response: Response) -> HeldView:
    """What is held of a person; an enterprise reads what is of its own orders."""
    response.headers["Cache-Control"] = "no-store"
    held = await commands.held_of(tx, worker_id, by=by)
    personal = known(tx).programmes.rules.personal
    return HeldView(
        worker_id=worker_id,
        known=KnownView.model_validate(held.known, from_attributes=True) if held.known else None,
        kept_until=held.kept_until,
        needed=[
            NeededView(
                of=each.of, since=each.since, until=each.until,
                source=personal.rule(each.of, each.since).source, note=personal.rule(each.of, each.since).note,
            )
            for each in held.needed
        ],
        orders=list(held.orders),
        parts={part: list(rows) for part, rows in held.parts.items()},
    )  # fmt: skip


@router.get("/kept")
async def read_kept(tx: Transaction, _: Keeper) -> list[KeptView]:
    """What is kept for a time: the last removal of each class, and the next."""
    return [KeptView.model_validate(each, from_attributes=True) for each in await commands.kept_now(tx)]
