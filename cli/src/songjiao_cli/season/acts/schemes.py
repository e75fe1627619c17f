"""Fifth act: one enterprise, one scheme: drafted by the planner, approved by the union, confirmed."""

from songjiao_cli.season.stage import PlayedOrder, Stage


async def agree(stage: Stage) -> None:
    """Both sign the hash of each draft, order by order, because dispatch's choices compete."""
    running = [played for played in stage.orders if played.planned]
    for number, played in enumerate(running):
        await _agree_on(stage, played)
        await stage.conductor.quiet()
        stage.progress("schemes", number + 1, len(running))


async def _agree_on(stage: Stage, played: PlayedOrder) -> None:
    await sign(stage, played, "approve", "confirm")


async def sign(stage: Stage, played: PlayedOrder, *steps: str) -> None:
    """Approve (the union), confirm (the enterprise), or both: the newest version by its hash."""
    path = f"/orders/{played.order_id}/scheme"
    scheme = await stage.api.call(played.clerk, "GET", "scheduling", path)
    if scheme["unplaced"]:
        raise AssertionError(f"{played.key}: {scheme['unplaced']} sessions found no time or nobody")
    signed = {"version": scheme["version"], "hash": scheme["hash"]}
    for step in steps:
        who = stage.coordinator if step == "approve" else played.clerk
        await stage.api.call(who, "POST", "scheduling", f"{path}/{step}", json=signed)
