"""Batches planned, marked by two, posted, certified, one certificate revoked."""

import random
from datetime import datetime, timedelta

from songjiao_cli.chaos.desk import Desk, Json, Order


async def batches(desk: Desk, order: Order) -> datetime | None:
    """Plan the examination, mark it by two, post, certify; the time of what comes next."""
    path = f"/orders/{order.order_id}/batches"
    seen = await desk.ask(desk.house.coordinator, "evaluation", path)
    if seen is None:
        return None
    living = {each["line"] for each in seen if each["state"] != "cancelled"}
    for number, line in enumerate(order.lines, start=1):
        if line["service"] == "skill_evaluation" and number not in living and await _taught(desk, order):
            day = _working_day(desk, desk.clock.now + timedelta(days=12))
            body = {"line": number, "day": day, "band": desk.draw.choice(["am", "pm"])}
            await desk.say(desk.house.coordinator, "POST", "evaluation", path, json=body)
    waits = [await _batch(desk, each) for each in seen if each["state"] != "cancelled"]
    times = [each for each in waits if each is not None]
    return min(times) if times else None


async def _taught(desk: Desk, order: Order) -> bool:
    if order.lines[0]["service"] != "theory_training":
        return True
    seen = await desk.ask(desk.house.coordinator, "evaluation", "/sessions", order_id=order.order_id)
    return bool(seen) and all(each["state"] in {"closed", "confirmed", "cancelled"} for each in seen)


def _working_day(desk: Desk, when: datetime) -> str:
    day = when.date()
    while day.weekday() > 4 or day in desk.house.programmes.holidays:  # noqa: PLR2004  Friday
        day += timedelta(days=1)
    return day.isoformat()


async def _batch(desk: Desk, batch: Json) -> datetime | None:
    path = f"/batches/{batch['batch_id']}"
    starts = datetime.fromisoformat(batch["slot"]["starts_at"])
    ends = datetime.fromisoformat(batch["slot"]["ends_at"])
    if batch["state"] == "marking":
        if desk.clock.now < starts:
            return starts
        marked = await _mark(desk, path)
        if marked and desk.clock.now < ends:
            return ends
        if marked:
            await desk.say(desk.house.coordinator, "POST", "evaluation", f"{path}/post")
    elif batch["state"] == "posted":
        until = desk.house.at(datetime.fromisoformat(batch["objections_until"]).date() + timedelta(days=1), 9)
        if desk.clock.now < until:
            return until
        await desk.say(desk.house.coordinator, "POST", "evaluation", f"{path}/certificates")
    return None


async def _mark(desk: Desk, path: str) -> bool:
    """Two assessors enter the same marks, part by part; whether all parts stand."""
    seen = await desk.ask(desk.house.coordinator, "evaluation", path)
    if seen is None or len(seen["assessors"]) < max(2, seen["wanted"]):
        return False
    counts = {one["evaluation_id"]: {each["part"] for each in one["carried"]} for one in seen["candidates"]}
    admitted = sorted(one["evaluation_id"] for one in seen["candidates"] if one["state"] == "admitted")
    if not admitted:
        return any(one["state"] == "assessed" for one in seen["candidates"]) or not seen["candidates"]
    first, second = [await desk.house.sent(one) for one in seen["assessors"][:2]]
    for part in seen["parts"]:
        marks = [
            {"evaluation_id": one, "mark": f"{random.Random(one + part).randint(450, 980) / 10:.1f}"}  # noqa: S311
            for one in admitted
            if part not in counts[one]  # passed before: not taken again
        ]
        if not marks:
            continue
        body = {"part": part, "marks": marks}
        await desk.say(first, "POST", "evaluation", f"{path}/marks", json=body)
        await desk.say(second, "POST", "evaluation", f"{path}/marks/confirm", json=body)
    return False


async def certify(desk: Desk, order: Order) -> None:
    """Now and then one was issued in error."""
    if order.revoked or desk.draw.random() < 0.6:  # noqa: PLR2004
        return
    order.revoked = True
    seen = await desk.ask(desk.house.coordinator, "evaluation", "/certificates", order_id=order.order_id)
    if seen:
        body = {"reason": {"code": "certificate.issued_in_error"}}
        path = f"/certificates/{desk.draw.choice(seen)['certificate_id']}/revoke"
        await desk.say(desk.house.coordinator, "POST", "evaluation", path, json=body)
