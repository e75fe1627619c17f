"""Colleges answer their offers, and send one and the same person to several places at once."""

import asyncio

from songjiao_cli.chaos.desk import Desk, Json, Order


async def offers(desk: Desk, order: Order) -> None:
    """Colleges answer: several offers at once, a no, or somebody else."""
    found = await desk.ask(desk.house.coordinator, "instructor-dispatch", "/offers", state="open")
    seen = [each for each in found or [] if each["state"] == "offered"]
    mine = [each for each in seen if each["order_id"] == order.order_id]
    if not mine:
        return
    offer = desk.draw.choice(mine)
    office = desk.house.offices[offer["college_id"]]
    path, lot = f"/offers/{offer['assignment_id']}", desk.draw.random()
    if lot < 0.45:  # noqa: PLR2004
        several = [e["assignment_id"] for e in seen if e["college_id"] == offer["college_id"]][:6]
        body = {"assignment_ids": several}
        await desk.say(office, "POST", "instructor-dispatch", "/offers/accept", json=body)
    elif lot < 0.75:  # noqa: PLR2004
        await desk.say(office, "POST", "instructor-dispatch", f"{path}/accept")
    elif lot < 0.85:  # noqa: PLR2004
        why = {"reason": "own_lessons"}
        await desk.say(office, "POST", "instructor-dispatch", f"{path}/decline", json=why)
    else:
        await _substitute(desk, offer, seen)


async def _substitute(desk: Desk, offer: Json, others: list[Json]) -> None:
    """One and the same person instead, for several offers of one time at once: only one may win."""
    college = offer["college_id"]
    own = [one for one, each in desk.house.listed.items() if each.college == college]
    person = desk.draw.choice(sorted(own))
    rivals = [
        each
        for each in others
        if each["college_id"] == college and each["slot"]["day"] == offer["slot"]["day"]
    ]
    await asyncio.gather(
        *(
            desk.say(
                desk.house.offices[college], "POST", "instructor-dispatch",
                f"/offers/{each['assignment_id']}/substitute", json={"person_id": person},
            )
            for each in rivals[:4]
        )
    )  # fmt: skip
