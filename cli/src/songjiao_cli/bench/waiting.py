"""How long an effect waits for its command's fact, at a steady 200 commands a second."""

from typing import Any

from servicekit.local.ports import free_ports
from songjiao_cli.bench import work
from songjiao_cli.bench.figures import Bench, identity
from songjiao_cli.bench.rows import Row, alone

WARM_COMMANDS = 200


async def latency(bench: Bench) -> list[Row]:
    """From the moment a command is due by HTTP until its effect can be read in another service's database."""
    house, sizes, known = bench.house, bench.sizes, identity(bench.house)
    halves: list[float] = []
    tails: list[float] = []
    async with (
        house.database("sender") as sender,
        house.database("reader") as reader,
        house.topics() as prefix,
    ):
        await work.sender_tables(house, sender)
        await work.reader_tables(house, reader)
        at: dict[str, Any] = known | {"prefix": prefix, "port": free_ports(1)[0]}
        names = work.subjects(sizes.subjects)
        async with (
            house.part("serve", **at, database=sender, does=["http", "relay"]),
            house.part("consumer", **at, database=reader) as reading,
            house.part("beat", **at, reader=reader, orders=names) as load,
        ):
            await reading.does(run=True)
            await load.does(commands=WARM_COMMANDS, rate=sizes.rate)
            for n in range(sizes.runs):
                told = await load.does(commands=int(sizes.seconds * sizes.rate), rate=sizes.rate)
                spent = sorted(1000 * each for each in told["spent"])
                halves.append(spent[len(spent) // 2])
                tails.append(spent[int(len(spent) * 0.99)])
                bench.say(f"  run {n + 1}: p50 {halves[-1]:.1f} ms, p99 {tails[-1]:.1f} ms")
    return [
        alone("effect after command at 200/s, p50", "ms", halves, at_most=40),
        alone("effect after command at 200/s, p99", "ms", tails, at_most=150),
    ]
