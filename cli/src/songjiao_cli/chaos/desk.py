"""What all clients share: the orders, the clock, the draw, and how a command is given."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from songjiao_cli.api import Person
from songjiao_cli.chaos.answers import Answers
from songjiao_cli.chaos.house import Clock, House

Json = dict[str, Any]


@dataclass
class Order:
    """An order as a client remembers it: its id and what it is waiting for."""

    number: int
    enterprise: str
    clerk: Person
    lines: list[Json]
    order_id: str = ""
    rosters: int = 0
    waits_until: datetime | None = None
    busy: bool = False
    ended: bool = False
    signed: set[str] = field(default_factory=set)
    revoked: bool = False


@dataclass
class Desk:
    """Everybody who asks for something. `until` is when they stop (monotonic seconds)."""

    house: House
    answers: Answers
    clock: Clock
    draw: random.Random
    orders: list[Order] = field(default_factory=list)
    until: float = 0.0
    acts: int = 0

    async def say(self, who: Person, method: str, service: str, path: str, **rest: Any) -> Any:
        """Give a command; its answer when it was done."""
        self.acts += 1
        return await self.answers.command(who, method, service, path, until=self.until, **rest)

    async def order(self, order: Order, who: Person, what: str, **rest: Any) -> Any:
        """A step of an order at order-intake."""
        return await self.say(who, "POST", "order-intake", f"/orders/{order.order_id}/{what}", **rest)

    async def ask(self, who: Person, service: str, path: str, **params: Any) -> Any:
        """A question; nothing while nobody answers."""
        return await self.answers.ask(who, service, path, **params)
