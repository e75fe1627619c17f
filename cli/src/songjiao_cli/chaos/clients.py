"""The clients: each takes an order at random, looks where it stands, and does the next thing, or a wrong one."""

import asyncio
import time
from datetime import timedelta

from songjiao_cli.chaos.acts.examinations import batches, certify
from songjiao_cli.chaos.acts.offers import offers
from songjiao_cli.chaos.acts.ordering import answer, submit, write
from songjiao_cli.chaos.acts.sessions import sessions
from songjiao_cli.chaos.acts.wrong import do_wrong
from songjiao_cli.chaos.desk import Desk, Json, Order

CLIENTS = 6
WRONG = 0.15
"""Share of acts that are not the order's next one."""
NEW_ORDERS = 7
"""Orders that each round begins with."""
TRADES = {"bgzb": "6-18-01-07", "jinniu": "6-31-01-03"}


def begin_orders(desk: Desk) -> None:
    """New orders, most of them for one and the same fortnight."""
    for _ in range(NEW_ORDERS):
        number = len(desk.orders) + 1
        enterprise = desk.draw.choice(sorted(TRADES))
        clerk = desk.house.clerks[enterprise]
        desk.orders.append(Order(number, enterprise, clerk, _lines(desk, enterprise)))


def _lines(desk: Desk, enterprise: str) -> list[Json]:
    """A course with an examination after it, a course, or an examination alone."""
    first = (desk.clock.now + timedelta(days=8)).date()
    window = {"earliest": first.isoformat(), "latest": (first + timedelta(days=60)).isoformat()}
    teach: Json = {
        "service": "theory_training", "occupation": "6-18-01-07", "level": "L5", "units": ["cnc5-safety"],
        "cohort_sizes": [6], "release_cap_minutes": 2400, **window,
    }  # fmt: skip
    examine: Json = {
        "service": "skill_evaluation", "occupation": TRADES[enterprise], "level": "L5", "units": [],
        "cohort_sizes": [], "release_cap_minutes": 0, **window,
    }  # fmt: skip
    if enterprise == "bgzb":
        return desk.draw.choice([[teach], [teach, examine | {"same_as": 1}], [examine]])
    return [examine | {"level": "L2"}]


async def work(desk: Desk, seconds: float) -> None:
    """All clients at once, for so long."""
    desk.until = time.monotonic() + seconds
    await asyncio.gather(*(_client(desk) for _ in range(CLIENTS)), _keep_time(desk))


async def _client(desk: Desk) -> None:
    while time.monotonic() < desk.until:
        order = _one(desk)
        if order is None:
            await asyncio.sleep(0.05)
            continue
        order.busy = True
        try:
            before = desk.acts
            await _act(desk, order)
            if desk.acts == before:
                await asyncio.sleep(0.05)
        finally:
            order.busy = False


def _one(desk: Desk) -> Order | None:
    """An order that nobody works at and that waits for nothing but us."""
    free = [
        each for each in desk.orders
        if not each.busy and not each.ended and (each.waits_until is None or each.waits_until <= desk.clock.now)
    ]  # fmt: skip
    return desk.draw.choice(free) if free else None


async def _keep_time(desk: Desk) -> None:
    """When most orders wait for a day that has not come, it comes."""
    while time.monotonic() < desk.until:
        await asyncio.sleep(0.3)
        living = [each for each in desk.orders if not each.ended]
        waiting = [
            each.waits_until for each in living if each.waits_until and each.waits_until > desk.clock.now
        ]
        if living and len(waiting) * 5 >= len(living) * 4:
            await desk.clock.move_to(min(waiting))


async def _act(desk: Desk, order: Order) -> None:
    order.waits_until = None
    if not order.order_id:
        await write(desk, order)
    elif desk.draw.random() < WRONG:
        await do_wrong(desk, order)
    else:
        await _go_on(desk, order)


async def _go_on(desk: Desk, order: Order) -> None:
    """The order's next step, whosever it is."""
    seen = await desk.ask(desk.house.coordinator, "order-intake", f"/orders/{order.order_id}")
    seen = seen or await desk.ask(order.clerk, "order-intake", f"/orders/{order.order_id}")
    if seen is None:
        return
    state = seen["state"]
    if state in {"rejected", "withdrawn", "cancelled"}:
        order.ended = True
    elif state in {"draft", "returned"}:
        await submit(desk, order, seen)
    elif state == "submitted":
        await answer(desk, order)
    elif desk.draw.random() < 0.01:  # noqa: PLR2004  now and then a works stops
        reason = {"reason": {"code": "order.production_peak"}}
        await desk.order(order, order.clerk, "cancel", json=reason)
    elif state == "fulfilled":
        await certify(desk, order)
        order.ended = desk.draw.random() < 0.3  # noqa: PLR2004  look at it a few times more
    else:
        await _serve(desk, order)


async def _serve(desk: Desk, order: Order) -> None:
    """From the scheme to the certificates."""
    scheme = await desk.ask(order.clerk, "scheduling", f"/orders/{order.order_id}/scheme")
    if scheme is None or scheme["state"] == "planning":
        return
    if scheme["state"] in {"drafted", "approved"}:
        step = "approve" if scheme["state"] == "drafted" else "confirm"
        who = desk.house.coordinator if step == "approve" else order.clerk
        signed = {"version": scheme["version"], "hash": scheme["hash"]}
        path = f"/orders/{order.order_id}/scheme/{step}"
        await desk.say(who, "POST", "scheduling", path, json=signed)
    elif scheme["state"] == "confirmed":
        await offers(desk, order)
        waits = [await sessions(desk, order), await batches(desk, order)]
        times = [each for each in waits if each is not None]
        order.waits_until = min(times) if times else None
    else:
        order.ended = True  # declined or withdrawn: a person would talk now
