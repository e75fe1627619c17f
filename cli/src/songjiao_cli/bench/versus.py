"""The product beside faststream-outbox: same payload, same effect, order kept."""

from importlib.util import find_spec

from songjiao_cli.bench import work
from songjiao_cli.bench.figures import Bench, end_to_end
from songjiao_cli.bench.rows import Row, not_run, paired

FIGURE = "against faststream-outbox"
AT_LEAST = 2.0


async def rival(bench: Bench) -> list[Row]:
    """Commands a second until the last effect, ours beside theirs; not run where it is not installed."""
    if find_spec("faststream_outbox") is None:
        why = "faststream-outbox is not installed: it comes with requirements-dev.txt"
        return [not_run(FIGURE, "commands/s", why, at_least=AT_LEAST)]
    house = bench.house

    async def run(writer: str, relay: str) -> float:
        async with (
            house.database("sender") as sender,
            house.database("reader") as reader,
            house.topics() as prefix,
        ):
            await work.sender_tables(house, sender)
            await work.reader_tables(house, reader)
            reached = await end_to_end(house, bench.sizes, sender, reader, prefix, writer=writer, relay=relay)
            assert await house.value(reader, "select count(*) from parked") == 0, "a fact out of its order"
            return reached

    runs = await work.in_turns(
        bench.sizes, lambda: run("writer", "relay"), lambda: run("rival_writer", "rival_relay"), bench.say
    )
    return [paired(FIGURE, "commands/s", runs, at_least=AT_LEAST)]
