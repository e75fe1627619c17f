"""An order as its enterprise sent it, to be read: nothing in it is changed any more, or not now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.desks.enterprise.asked import LineSeen
from portal.web.names import Names


@dataclass(frozen=True)
class OrderedLine:
    """What a line asks for, in words; empty where nothing was wished."""

    what: str
    people: str
    days: str
    bands: str
    sizes: str


def ordered(lines: Iterable[LineSeen], names: Names) -> list[OrderedLine]:
    """The lines in the order in which they were written."""
    return [_line(line, names) for line in lines]


def _line(line: LineSeen, names: Names) -> OrderedLine:
    text = names.text
    asked = (text(f"service_line.{line.service}"), names.occupation(line.occupation))
    people = text("of.people", count=line.people or line.heads)
    crews = text.listed(f"{crew} {count}" for crew, count in line.crews.items())
    return OrderedLine(
        what=" ".join([*asked, names.level_whole(line.level)] if line.level else asked),
        people=text.aside(people, crews) if crews else people,
        days=" – ".join(text.day(day) if day else "—" for day in (line.earliest, line.latest)),
        bands=text.listed(names.band(band) for band in line.bands),
        sizes=text.listed(map(str, line.cohort_sizes)),
    )
