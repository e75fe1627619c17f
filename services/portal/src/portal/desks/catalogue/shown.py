"""The catalogue in words, and where it has gaps. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.programme import Programme, Programmes
from portal.desks.catalogue.asked import UnitSeen
from portal.web.names import Names


@dataclass(frozen=True)
class Filter:
    """What is looked for; empty = everything."""

    words: str = ""
    occupation: str = ""
    level: str = ""
    mode: str = ""

    def takes(self, unit: UnitSeen, names: Names) -> bool:
        """Whether the unit is shown."""
        told = (unit.unit, unit.name_zh, unit.name_en, unit.occupation, names.occupation(unit.occupation))
        return (
            self.occupation in {"", unit.occupation}
            and self.level in {"", unit.level}
            and self.mode in {"", unit.mode}
            and (not self.words or any(self.words.lower() in each.lower() for each in told))
        )


@dataclass(frozen=True)
class UnitView:
    """A unit in a line."""

    code: str
    name: str
    what: str
    hours: str
    sessions: str
    mode: str
    needs: str
    source: str


@dataclass(frozen=True)
class Coverage:
    """An occupation: its class-hours by level, and where there is nothing to teach."""

    occupation: str
    code: str
    levels: list[tuple[str, str]]
    """By level of the programme: `has`, `gap`, or nothing where the occupation has no such level; and the words."""
    gaps: int


def unit_view(unit: UnitSeen, names: Names) -> UnitView:
    """In words."""
    text = names.text
    return UnitView(
        code=unit.unit,
        name=unit.name_en if text.language == "en" else unit.name_zh,
        what=f"{names.occupation(unit.occupation)} {names.level(unit.level)}",
        hours=text("catalogue.hours", count=unit.class_hours),
        sessions=text("catalogue.sessions", count=unit.sessions, hours=unit.session_hours),
        mode=text.or_code("catalogue.mode", unit.mode),
        needs=f"{names.occupation(unit.needs.occupation)} {names.level(unit.needs.level)}",
        source=text.or_code("catalogue.source", unit.source.replace(" ", "_")),
    )


def coverage(
    units: Iterable[UnitSeen], programmes: Programmes, programme: Programme, names: Names
) -> list[Coverage]:
    """Every occupation with units, and those that the region's enterprises name: what each level has."""
    hours: dict[tuple[str, str], int] = defaultdict(int)
    for unit in units:
        hours[unit.occupation, unit.level] += unit.class_hours
    wanted = {code for works in programmes.demo.enterprises.values() for code in works.occupations}
    codes = {occupation for occupation, _ in hours} | wanted
    rows = [
        _row(code, hours, programmes, programme, names) for code in codes if code in programmes.occupations
    ]
    return sorted(rows, key=lambda row: (-row.gaps, row.code))


def _row(
    code: str, hours: dict[tuple[str, str], int], programmes: Programmes, programme: Programme, names: Names
) -> Coverage:
    own = programmes.levels_of(code, programme)
    cells = []
    for level in programme.levels:
        if hours.get((code, level)):
            cells.append(("has", str(hours[code, level])))
        elif level in own:
            cells.append(("gap", names.text("catalogue.gap")))
        else:
            cells.append(("", ""))
    return Coverage(names.occupation(code), code, cells, sum(state == "gap" for state, _ in cells))


def occupations_of(units: Sequence[UnitSeen], names: Names) -> list[tuple[str, str]]:
    """Occupations with units, by name."""
    return sorted(
        {unit.occupation: names.occupation(unit.occupation) for unit in units}.items(), key=lambda one: one[1]
    )
