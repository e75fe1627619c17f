"""What a programme is: the files in `programmes/` are a contract too, and every service reads the same ones.

`load(folder)` reads and checks them all when a service starts; a wrong file stops the start with `WrongFile`,
one line a complaint: `programmes/rules/levels.csv:4: pass_mark: ...`. Every figure keeps where it comes
from: seed, public fact, approximate or invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from contracts.programme_checks import Tables
from contracts.programme_demo import Demo
from contracts.programme_files import Folder, Placed, WrongFile
from contracts.programme_notices import NoticeSets, read_notices
from contracts.programme_rules import Programme, Rules, Signatures, Tolerance
from contracts.programme_tables import (
    Admission,
    Band,
    Distance,
    Division,
    Entry,
    Holiday,
    Level,
    Occupation,
    ShiftPattern,
    Sourced,
    Starred,
    Term,
    Unit,
    Wording,
)
from contracts.values import (
    BandCode,
    Code,
    DivisionCode,
    LevelCode,
    OccupationCode,
    ShiftPatternCode,
    UnitCode,
)

__all__ = [
    "Band",
    "Holiday",
    "Level",
    "Programme",
    "Programmes",
    "Rules",
    "ShiftPattern",
    "Signatures",
    "Sourced",
    "Tolerance",
    "Unit",
    "Wording",
    "WrongFile",
    "load",
]

Row = TypeVar("Row", bound=Entry)


@dataclass(frozen=True)
class Programmes:
    """Everything in the folder, checked."""

    programmes: Mapping[str, Programme]
    rules: Rules
    levels: Mapping[LevelCode, Level]
    occupations: Mapping[OccupationCode, Occupation]
    shifts: Mapping[ShiftPatternCode, ShiftPattern]
    holidays: Mapping[date, Holiday]
    calendar_years: frozenset[int]
    """Years whose public holidays are known; any other year is provisional."""
    divisions: Mapping[DivisionCode, Division]
    distances: tuple[Distance, ...]
    bands: Mapping[BandCode, Band]
    admission: tuple[Admission, ...]
    starred: Mapping[Code, Starred]
    """Safety items of practicals, by code."""
    units: Mapping[UnitCode, Unit]
    glossary: Mapping[str, Term]
    notices: NoticeSets
    demo: Demo

    def units_of(self, occupation: OccupationCode, level: LevelCode) -> tuple[Unit, ...]:
        """All units of an occupation and level, in teaching order (the order of the catalogue)."""
        return tuple(u for u in self.units.values() if (u.occupation, u.level) == (occupation, level))

    def starred_of(self, occupation: OccupationCode) -> tuple[Starred, ...]:
        """The safety items of the occupation's practical, as its sheet lists them."""
        return tuple(each for each in self.starred.values() if each.occupation == occupation)

    def levels_of(self, occupation: OccupationCode, programme: Programme) -> frozenset[LevelCode]:
        """The levels of the programme that the occupation has; where its standard names none, all of them."""
        by_certificate = {level.cert_level_code: level.id for level in self.levels.values()}
        own = self.occupations[occupation].levels
        levels = frozenset(programme.levels)
        return levels & {by_certificate[each] for each in own if each in by_certificate} or levels

    def class_hours_of(self, band: BandCode) -> int:
        """Class-hours a session of this band can hold: whole class-hours in its length, the rest is breaks.

        08:30-11:45 are 195 minutes: four class-hours of 45 minutes and 15 minutes of breaks.
        """
        starts, ends = self.bands[band].minutes
        return (ends - starts) // self.rules.class_hour_minutes.value

    def bands_for(self, unit: Unit) -> tuple[BandCode, ...]:
        """Bands long enough for a session of the unit, by time of day."""
        fitting = (b for b in self.bands if self.class_hours_of(b) >= unit.session_hours)
        return tuple(sorted(fitting, key=lambda b: self.bands[b].minutes))


def load(root: Path | str) -> Programmes:
    """Reads and checks the folder; `WrongFile` with the complaints when anything is wrong."""
    folder = Folder(Path(root))
    tables = Tables(folder)
    rules, lines = folder.tree("rules/rules.yaml", Rules)
    folder.finish()  # a row that could not be read would be complained about again by all that name it
    tables.check_references()
    tables.check_rules(rules, lines)
    tables.check_background()
    notices = read_notices(folder)
    programmes = tables.programmes()
    folder.finish()
    return Programmes(
        programmes=programmes,
        rules=rules,
        levels=_rows(tables.levels),
        occupations=_rows(tables.occupations),
        shifts=_rows(tables.shifts),
        holidays={p.row.date: p.row for p in tables.holidays.values()},
        calendar_years=frozenset(tables.years),
        divisions=_rows(tables.divisions),
        distances=tuple(_rows(tables.distances).values()),
        bands=_rows(tables.bands),
        admission=tuple(_rows(tables.admission).values()),
        starred=_rows(tables.starred),
        units=_rows(tables.units),
        glossary=_rows(tables.glossary),
        notices=notices,
        demo=Demo(_rows(tables.colleges), _rows(tables.enterprises), _rows(tables.unions)),
    )


def _rows(placed: Mapping[str, Placed[Row]]) -> dict[str, Row]:
    return {key: p.row for key, p in placed.items()}
