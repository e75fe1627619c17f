"""Asking order-intake who a worker is. Names and evidence only, in jobs, never inside a decision."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter

from contracts.values import LevelCode, OrderId, WorkerId
from servicekit.neighbours import Neighbours


class Worker(BaseModel):
    """A worker as order-intake knows them; `last_four` are the last four characters of the ID number."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    worker_id: WorkerId
    name: str
    id_masked: str
    last_four: str
    birth_date: date | None
    years_in_trade: int
    holds_level: LevelCode | None


_WORKERS = TypeAdapter(list[Worker])


@dataclass(frozen=True)
class People:
    """The way to order-intake's `POST /people`. Address and token are looked up at each question."""

    url: Callable[[], str]
    token: Callable[[], str]
    transport: httpx.AsyncBaseTransport | None = None

    async def ask(self, order_id: OrderId, workers: Sequence[WorkerId], purpose: str) -> list[Worker]:
        """Everything known of these workers of an order; `httpx.HTTPError` when order-intake does not answer well."""
        way = Neighbours(lambda _: self.url(), self.token, self.transport)
        told = way.people("order-intake", "workers", workers, purpose=purpose, order_id=str(order_id))
        return _WORKERS.validate_python([worker async for worker in told])
