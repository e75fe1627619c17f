"""The portal's read model folded anew from the topics, beside keeping each fact as it is."""

import asyncpg

from songjiao_cli.bench import shared, work
from songjiao_cli.bench.figures import Bench
from songjiao_cli.bench.rows import Row, alone, paired

FIGURE = "read model rebuild beyond an empty one"
HEADS = """
insert into head (consumer, sender, subject, sequence)
select 'portal-boards', a, b, c from unnest($1::text[], $2::text[], $3::bigint[]) u(a, b, c)"""


async def rebuild(bench: Bench) -> list[Row]:
    """Facts a second of `python -m portal rebuild`, less the time that it takes with nothing to fold."""
    house, facts = bench.house, bench.sizes.folded
    async with house.topics() as prefix, house.topics() as nothing, house.database("portal") as database:
        async with house.part("stream", prefix=prefix) as part:
            heads = (await part.does(facts=facts))["heads"]
        await house.portal("migrate", database, prefix, programmes=bench.programmes)
        await _taken(database, heads)

        async def ours() -> float:
            async with house.database("empty") as empty:
                await house.portal("migrate", empty, nothing, programmes=bench.programmes)
                start = await house.portal("rebuild", empty, nothing, programmes=bench.programmes)
            seconds = await house.portal("rebuild", database, prefix, programmes=bench.programmes)
            assert await house.value(database, "select count(*) from story_fact") == facts
            return facts / max(seconds - start, 0.001)

        async def beside() -> float:
            async with house.database("kept") as kept:
                await work.made(house, kept, shared.KEPT)
                async with house.part("bare_keeper", database=kept, prefix=prefix) as part:
                    told = await part.does(facts=facts)
            return float(facts / (told["ended"] - told["began"]))

        runs = await work.in_turns(bench.sizes, ours, beside, bench.say)
    return [
        paired(FIGURE, "facts/s", runs, at_least=0.4),
        alone(f"{FIGURE}, by itself", "facts/s", [one for one, _ in runs], at_least=8000),
    ]


async def _taken(database: str, heads: list[tuple[str, str, int]]) -> None:
    """As if the portal had taken all of it: a rebuild folds what was taken."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(HEADS, *(list(column) for column in zip(*heads, strict=True)))
    finally:
        await connection.close()
