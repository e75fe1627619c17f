"""Second act: the demand survey, rounds of visits with the people spoken to."""

from songjiao_cli.season.acts.house import copied
from songjiao_cli.season.stage import Stage


async def survey(stage: Stage) -> None:
    """Visit every enterprise in the rounds, in turn; visits and people add up to the script's numbers."""
    plan = stage.script.surveys
    rounds, visits = plan.rounds * stage.scale, plan.enterprises * stage.scale
    people = plan.person_times * stage.scale
    orders = {order.enterprise: order for order in stage.script.orders}
    own = [copied(key, copy) for copy in range(stage.scale) for key in orders]
    visited = (own + [f"visited-{n + 1}" for n in range(visits - len(own))])[:visits]
    for number in range(rounds):
        opened = await stage.api.call(
            stage.coordinator, "POST", "order-intake", "/surveys",
            json={
                "programme": stage.script.programme, "round": number + 1,
                "channel": plan.channels[number % len(plan.channels)],
            },
        )  # fmt: skip
        for index in range(number, len(visited), rounds):
            enterprise = visited[index]
            order = orders.get(enterprise)
            needs = [
                {
                    "service": line.service, "occupation": line.occupation, "heads": line.heads,
                    "problem": plan.problems[index % len(plan.problems)],
                }
                for line in (order.lines if order else ())
            ]  # fmt: skip
            spoken = people // visits + (1 if index < people % visits else 0)
            await stage.api.call(
                stage.coordinator, "POST", "order-intake", f"/surveys/{opened['survey_id']}/answers",
                json={"enterprise_id": enterprise, "person_times": spoken, "needs": needs},
            )  # fmt: skip
        await stage.api.call(
            stage.coordinator, "POST", "order-intake", f"/surveys/{opened['survey_id']}/close"
        )
        stage.progress("surveys", number + 1, rounds)
