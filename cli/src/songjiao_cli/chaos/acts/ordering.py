"""The works' clerk writes and submits; the union accepts, returns, rejects."""

from songjiao_cli.chaos.acts.wrong import two_at_once
from songjiao_cli.chaos.desk import Desk, Json, Order
from songjiao_cli.season.people import roster, workforce

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def write(desk: Desk, order: Order) -> None:
    lines = [{key: value for key, value in line.items() if key != "same_as"} for line in order.lines]
    body = {"programme": desk.house.script.programme, "special_session": False, "lines": lines}
    answer = await desk.say(order.clerk, "POST", "order-intake", "/orders", json=body)
    if answer:
        order.order_id = answer["order_id"]
        return
    order.ended = True  # nobody knows its number: given up


async def submit(desk: Desk, order: Order, seen: Json) -> None:
    for index, line in enumerate(order.lines[order.rosters :], start=order.rosters + 1):
        path = f"lines/{index}/roster"
        if line.get("same_as"):
            done = await desk.order(order, order.clerk, f"{path}/same-as/{line['same_as']}")
        else:
            people = workforce(order.number * 3 + index, 6, ["A"], desk.house.seed)
            level = "L3" if line["level"] == "L2" else ""
            files = {"file": ("roster.xlsx", roster(people, level), EXCEL)}
            done = await desk.order(order, order.clerk, path, files=files, params={"take": "true"})
        if done is None:
            return
        order.rosters = index
    if seen["state"] == "draft" or desk.draw.random() < 0.7:  # noqa: PLR2004
        await desk.order(order, order.clerk, "submit")


async def answer(desk: Desk, order: Order) -> None:
    union, lot = desk.house.coordinator, desk.draw.random()
    if lot < 0.25:  # noqa: PLR2004
        await two_at_once(desk, order)
    elif lot < 0.85:  # noqa: PLR2004
        await desk.order(order, union, "accept")
    elif lot < 0.93:  # noqa: PLR2004
        await desk.order(order, union, "return", json={"reasons": [{"code": "roster.trade_missing"}]})
    elif lot < 0.97:  # noqa: PLR2004
        await desk.order(order, union, "reject", json={"reasons": [{"code": "order.outside_season"}]})
    else:
        await desk.order(order, order.clerk, "withdraw")
