"""Who stands on a line of an order, masked: whose rows were taken, and by which four characters they sign in."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from portal.desks.asking import INTAKE
from portal.desks.at import AtDesk
from portal.desks.enterprise.asked import OrderSeen

MOST = 200
"""Rows on the page; a line may have ten times as many."""
LAST = 4


class TraineeSeen(BaseModel):
    """Somebody on a line, as order-intake shows them."""

    line: int
    worker_id: UUID
    crew: str
    masked_name: str | None
    masked: str | None


@dataclass(frozen=True)
class OnLine:
    """Name and crew, and the end of the ID number: what is typed on a phone to sign in."""

    name: str
    crew: str
    last: str


@dataclass(frozen=True)
class Standing:
    """The first of them, and how many more there are."""

    people: tuple[OnLine, ...]
    more: int


async def on_line(at: AtDesk, order: OrderSeen, line: int) -> Standing:
    """By crew; nobody while order-intake does not answer."""
    told = await at.read_list(INTAKE, f"/orders/{order.order_id}/trainees", TraineeSeen)
    return standing([] if isinstance(told, str) else told, line)


def standing(told: list[TraineeSeen], line: int) -> Standing:
    """Of one line, by crew. Whoever was erased shows as their number. Pure."""
    here = sorted((one for one in told if one.line == line), key=lambda one: (one.crew, one.masked or ""))
    people = (
        OnLine(one.masked_name or f"#{str(one.worker_id)[:8]}", one.crew, (one.masked or "")[-LAST:])
        for one in here[:MOST]
    )
    return Standing(tuple(people), max(0, len(here) - MOST))
