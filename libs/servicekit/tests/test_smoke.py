from uuid import uuid4

from contracts.order_intake import OrderStarted


async def test_a_command_says_its_fact(sender):
    async with sender.client("union") as client:
        order = uuid4()
        answer = await client.post(f"/orders/{order}/step", json={})
        assert answer.status_code == 201, answer.text
        assert answer.headers["songjiao-position"] == f"order-intake/{order}/1"
    assert [f.type for f in await sender.facts(order)] == ["order.started.v1"]


async def test_a_fact_has_its_effect_once(reader):
    order = uuid4()
    await reader.deliver(OrderStarted(order_id=order, started_on="2026-05-06"))
    assert len(await reader.facts(order)) == 1
