"""After the season: orders of the next one, each left where somebody's turn is."""

from datetime import date

from songjiao_cli.season.acts.offers import accept_all
from songjiao_cli.season.acts.ordering import ask, submit
from songjiao_cli.season.acts.schemes import sign
from songjiao_cli.season.acts.teaching import lead_of
from songjiao_cli.season.script import UnderWay
from songjiao_cli.season.stage import PlayedOrder, Stage

ALL_ACCEPTED = {"staffed", "evaluation"}
"""Whoever is asked for these has said yes; begun first, so that nobody says it for those that are left open."""


async def leave_under_way(stage: Stage) -> None:
    """Begin every order of `under_way`, those that get furthest first, and stop where the script says."""
    furthest_first = sorted(stage.script.under_way, key=lambda one: one.leave_at not in ALL_ACCEPTED)
    for number, one in enumerate(furthest_first, start=len(stage.orders)):
        await _begin(stage, one, number)
        await stage.conductor.quiet()


async def _begin(stage: Stage, one: UnderWay, number: int) -> None:
    order = one.order
    played = PlayedOrder(order.key, order, order.enterprise, stage.clerks[order.enterprise], 0)
    await submit(stage, played, number)
    if one.leave_at == "returned":
        await ask(stage, played, "return", {"reasons": [{"code": "roster.trade_missing"}]})
    if one.leave_at in {"submitted", "returned"}:
        return
    await ask(stage, played, "accept")
    await stage.conductor.quiet()
    if one.leave_at == "drafted":
        return
    await sign(stage, played, "approve")
    if one.leave_at == "approved":
        return
    await sign(stage, played, "confirm")
    if one.leave_at == "staffed":
        await accept_all(stage)
        await _let_them_in(stage, played)
    if one.evaluated_on:
        await _evaluation_planned(stage, played, one.evaluated_on)


async def _evaluation_planned(stage: Stage, played: PlayedOrder, day: date) -> None:
    """Assessors have accepted and have accounts; nobody has entered a mark."""
    await stage.conductor.quiet()
    planned = await stage.api.call(
        stage.coordinator, "POST", "evaluation", f"/orders/{played.order_id}/batches",
        json={"line": 1, "day": day.isoformat(), "band": "am"},
    )  # fmt: skip
    await accept_all(stage)
    seen = await stage.api.call(stage.coordinator, "GET", "evaluation", f"/batches/{planned['batch_id']}")
    for person in seen["assessors"]:
        await stage.sent(person)


async def _let_them_in(stage: Stage, played: PlayedOrder) -> None:
    """Whoever is sent has an account before the first session."""
    path = f"/orders/{played.order_id}/scheme"
    for session in (await stage.api.call(stage.coordinator, "GET", "scheduling", path))["sessions"]:
        await stage.sent(await lead_of(stage, session))
