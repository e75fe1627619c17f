"""What a province and a country would need, and which part gives first. Computed from what was measured. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill

from servicekit.topics import PARTITIONS
from songjiao_cli.bench.growth import Growth
from songjiao_cli.bench.rows import Row
from songjiao_cli.bench.scale import At

SEASONS_A_YEAR, YEARS = 4, 10
REPLICAS, DATABASES = 3, 2
BUSY_SECONDS = 10 * 8 * 3600
"""A season's facts come within ten days of eight hours, as a cautious guess."""
NIGHT_SECONDS = 8 * 3600
"""A rebuild should fit into a night."""
PLACES = {"city": 1, "province": 100, "country": 10_000}


@dataclass(frozen=True)
class Limit:
    """What a part was measured to carry, and what a place would ask of it."""

    part: str
    carries: float
    asked: dict[str, float]

    def margin(self, place: str) -> float:
        """How many times what is asked."""
        return self.carries / self.asked[place]


def number(value: float | None) -> str:
    """Short, and no more exact than it is."""
    if value is None:
        return "-"
    if value >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"  # noqa: PLR2004


def limits(growth: Growth, scales: Sequence[At], rows: Sequence[Row]) -> list[Limit]:
    """Of every part that was measured; commands and rebuild with the most that was stored."""
    busiest = {place: growth.facts * times / BUSY_SECONDS for place, times in PLACES.items()}
    kept = {place: float(growth.facts * times * SEASONS_A_YEAR * YEARS) for place, times in PLACES.items()}
    found = [
        Limit(f"{row.figure} (facts/s, busiest days)", row.value, busiest)
        for row in rows
        if row.figure in {"relay", "consumer"} and row.value
    ]
    if scales:
        last = scales[-1]
        found.append(Limit("commands, one process (facts/s, busiest days)", last.commands, busiest))
        if last.rebuild:
            found.append(Limit("rebuild (facts in a night)", last.rebuild * NIGHT_SECONDS, kept))
    return found


def needs(growth: Growth) -> Iterator[str]:
    """The table of places."""
    yield from ("", "## What a province and a country need", "")
    yield from prose(
        f"Computed from the table above: {SEASONS_A_YEAR} seasons a year, all facts kept for {YEARS} years, "
        f"{REPLICAS} copies of every topic, {DATABASES} of every database; a season's facts come in ten days of eight "
        "hours."
    )
    yield "| | " + " | ".join(f"{place} ({times:,} x)" for place, times in PLACES.items()) + " |"
    yield "| --- " * (1 + len(PLACES)) + "|"
    kept = [times * SEASONS_A_YEAR * YEARS for times in PLACES.values()]
    yield from _line("orders kept", [growth.orders * n for n in kept])
    yield from _line("facts kept", [growth.facts * n for n in kept])
    yield from _line(
        "databases, GB", [growth.database_bytes * growth.orders * n * DATABASES / 1e9 for n in kept]
    )
    yield from _line("topics, GB", [growth.topic_bytes * growth.orders * n * REPLICAS / 1e9 for n in kept])
    yield from _line("facts/s, busiest days", [growth.facts * n / BUSY_SECONDS for n in PLACES.values()])


def _line(name: str, values: Sequence[float]) -> Iterator[str]:
    yield f"| {name} | " + " | ".join(map(number, values)) + " |"


def scale(growth: Growth, scales: Sequence[At], rows: Sequence[Row]) -> Iterator[str]:
    """What was measured with more and more stored, and what gives first."""
    if not scales:
        return
    yield from ("", "## What gives first", "")
    yield from prose(
        "Measured, one run each, with so many seasons' facts stored (20 an order here): *commands* go end to end over "
        "what is stored, *rebuild* folds the portal's read model from as many facts."
    )
    yield "| seasons stored | facts | commands/s | rebuild, facts/s | rebuild takes, s | sender, MB | reader, MB |"
    yield "| --- " * 7 + "|"
    for at in scales:
        sizes = number(at.sender_bytes / 1e6), number(at.reader_bytes / 1e6)
        takes = at.facts / at.rebuild if at.rebuild else None
        told = [number(at.commands), number(at.rebuild), number(takes), *sizes]
        yield f"| {at.times} | {at.facts:,} | " + " | ".join(told) + " |"
    yield from _margins(limits(growth, scales, rows))


def _margins(found: Sequence[Limit]) -> Iterator[str]:
    yield ""
    yield from prose(
        "Computed: how many times what a place asks of it each part carries, as one process of ours on this machine. "
        "Below 1 it needs more: relay, commands and consumer more processes (one relay a service; consumers as many "
        f"as a topic has partitions, which are {PARTITIONS} and cannot be changed later), the rebuild another way."
    )
    yield "| part | carries | " + " | ".join(PLACES) + " |"
    yield "| --- " * (2 + len(PLACES)) + "|"
    for each in found:
        margins = " | ".join(f"{number(each.margin(place))} x" for place in PLACES)
        yield f"| {each.part} | {number(each.carries)} | {margins} |"
    first = {place: min(found, key=lambda each: each.margin(place)) for place in PLACES}
    yield ""
    yield from prose(
        *(
            f"In a {place} the first to give is {one.part}: {number(one.margin(place))} times what is asked"
            f"{'.' if one.margin(place) >= 1 else ', which is too little.'}"
            for place, one in first.items()
        ),
        "One installation is one city federation, so that no part has to carry more than its own city; province and "
        "country stand here as if they were one.",
    )


def prose(*text: str) -> Iterator[str]:
    """A paragraph."""
    yield from fill(" ".join(text), 116).splitlines()
    yield ""
