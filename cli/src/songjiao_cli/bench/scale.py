"""The same figures with one, ten, a hundred seasons stored: what slows down, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from songjiao_cli.bench import folding, storing
from songjiao_cli.bench.figures import Bench, end_to_end

FEWEST_FOLDED = 10_000


@dataclass(frozen=True)
class At:
    """With so many seasons' facts stored: rates a second, and the bytes of the sender's log and of the reader."""

    times: int
    facts: int
    commands: float
    rebuild: float | None
    """Nothing where so few facts are folded that the time cannot be told from that of an empty rebuild."""
    sender_bytes: int
    reader_bytes: int


async def at_scales(bench: Bench, facts: int, times: Sequence[int]) -> list[At]:
    """Commands end to end over what is stored, and the read model folded from all of it."""
    return [await _at(bench, facts * each, each) for each in times]


async def _at(bench: Bench, facts: int, times: int) -> At:
    house = bench.house
    async with storing.filled(bench, max(facts, 320)) as full:
        sizes = await _bytes(bench, full.sender), await _bytes(bench, full.reader)
        rate = await end_to_end(
            house, bench.sizes, full.sender, full.reader, full.prefix, writer="writer", names=full.names
        )
    folded = None
    if facts >= FEWEST_FOLDED:
        once = replace(bench, sizes=replace(bench.sizes, runs=1, folded=facts))
        folded = (await folding.rebuild(once))[0].value
    bench.say(f"  {times} x: {rate:,.0f} commands/s, {folded or 0:,.0f} facts/s rebuilt")
    return At(times, facts, rate, folded, *sizes)


async def _bytes(bench: Bench, database: str) -> int:
    return int(await bench.house.value(database, "select pg_database_size(current_database())"))
