"""Fourth act: small orders are proposed to be taught as one class; each enterprise consents to it."""

from collections.abc import Sequence

from songjiao_cli.season.acts.house import copied
from songjiao_cli.season.script import Joint, Line, Order
from songjiao_cli.season.stage import PlayedOrder, Stage


async def pool(stage: Stage) -> None:
    """Every joint order of the script; with the last consent it goes on as an order of its own."""
    of_the_script = {(played.script.key, played.copy): played for played in stage.orders}
    for copy in range(stage.scale):
        for joint in stage.script.joint:
            members = [of_the_script[key, copy] for key in joint.orders]
            stage.orders.append(await _pooled(stage, joint, members))
            stage.progress("joint", 1 + copy, stage.scale)


async def _pooled(stage: Stage, joint: Joint, members: Sequence[PlayedOrder]) -> PlayedOrder:
    host = members[0]
    opened = await stage.api.call(
        stage.coordinator, "POST", "order-intake", "/pools",
        json={"orders": [each.order_id for each in members], "host": host.enterprise},
    )  # fmt: skip
    for each in members:
        await stage.api.call(each.clerk, "POST", "order-intake", f"/orders/{each.order_id}/pool/consent")
    await stage.conductor.quiet()
    script = Order(key=joint.key, enterprise=host.script.enterprise, lines=_as_one(members))
    key, order_id = copied(joint.key, host.copy), opened["order_id"]
    people = await stage.api.call(host.clerk, "GET", "order-intake", f"/orders/{host.order_id}/trainees")
    return PlayedOrder(
        key, script, host.enterprise, host.clerk, host.copy, order_id=order_id,
        host_people=frozenset(one["worker_id"] for one in people),
    )  # fmt: skip


def _as_one(members: Sequence[PlayedOrder]) -> tuple[Line, ...]:
    """The members' lines of one kind as one: everybody on it, and what befalls them together."""
    lines = zip(*(each.script.lines for each in members), strict=True)
    return tuple(
        some[0].model_copy(
            update={
                name: sum(getattr(line, name) for line in some)
                for name in ("heads", "absences", "fail", "stay_away")
            }
        )
        for some in lines
    )
