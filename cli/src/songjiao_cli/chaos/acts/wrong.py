"""What is not the next step: refused, or by chance right at the moment."""

import asyncio
from uuid import uuid4

from songjiao_cli.api import Person
from songjiao_cli.chaos.desk import Desk, Json, Order

Step = tuple[Person, str, Json | None]


async def do_wrong(desk: Desk, order: Order) -> None:
    """Something that is refused, or that happens to be right at the moment."""
    union, path = desk.house.coordinator, f"/orders/{order.order_id}"
    stranger = desk.house.clerks["jinniu" if order.enterprise == "bgzb" else "bgzb"]
    lot = desk.draw.randrange(12)
    if lot > 6:  # noqa: PLR2004
        await two_at_once(desk, order)
    elif lot == 0:
        await desk.order(order, order.clerk, "submit")
    elif lot == 1:
        await desk.order(order, stranger, "withdraw")
    elif lot == 2:  # noqa: PLR2004
        await desk.order(order, union, "accept")
    elif lot == 3:  # noqa: PLR2004
        body = {"version": 99, "hash": "0" * 64}
        await desk.say(union, "POST", "scheduling", f"{path}/scheme/approve", json=body)
    elif lot == 4:  # noqa: PLR2004
        office = next(iter(desk.house.offices.values()))
        await desk.say(office, "POST", "instructor-dispatch", f"/offers/{uuid4()}/accept")
    elif lot == 5:  # noqa: PLR2004
        body = {"line": 9, "day": "2020-01-01", "band": "am"}
        await desk.say(union, "POST", "evaluation", f"{path}/batches", json=body)
    else:
        await desk.say(order.clerk, "PUT", "order-intake", path, json={"lines": "none"})


async def two_at_once(desk: Desk, order: Order) -> None:
    """Two people do what excludes each other at the same moment: one is too late."""
    union, clerk = desk.house.coordinator, order.clerk
    reasons = {"reasons": [{"code": "roster.trade_missing"}]}
    pairs: tuple[tuple[Step, Step], ...] = (
        ((union, "accept", None), (clerk, "withdraw", None)),
        ((union, "accept", None), (union, "return", reasons)),
        ((clerk, "submit", None), (clerk, "submit", None)),
        ((union, "accept", None), (union, "accept", None)),
    )
    chosen = desk.draw.choice(pairs)
    await asyncio.gather(*(desk.order(order, who, what, json=body) for who, what, body in chosen))
