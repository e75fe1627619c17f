"""A catalogue that somebody changed: each row explained, and what would be different. Pure; nothing is put in force."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.programme import Programmes, Unit
from contracts.refusals import Invalid, Refused
from contracts.values import UnitCode

COLUMNS = tuple(Unit.model_fields)
OPTIONAL = frozenset(name for name, field in Unit.model_fields.items() if not field.is_required())
Cells = Mapping[str, str]
"""A row's cells by column; an empty cell is absent."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a row as Excel counts, and in which column."""

    row: int
    field: str
    why: Refused


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit that is there already and would be different: old and new by field."""

    unit: UnitCode
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a changed catalogue says."""

    units: tuple[Unit, ...]
    wrong: tuple[Wrong, ...]
    added: tuple[Unit, ...] = ()
    changed: tuple[Changed, ...] = ()
    gone: tuple[Unit, ...] = ()

    @property
    def touched(self) -> frozenset[UnitCode]:
        """Units that are in force and would be different or gone."""
        return frozenset({each.unit for each in self.changed} | {each.code for each in self.gone})


def columns_of(heading: Sequence[str]) -> dict[str, int] | None:
    """The columns by name when this row is the heading: it names the code and the class-hours."""
    found = {cell: at for at, cell in reversed(list(enumerate(heading))) if cell}
    return found if {"code", "class_hours"} <= found.keys() else None


def check(
    heading: tuple[int, Mapping[str, int]], rows: Sequence[tuple[int, Cells]], programmes: Programmes
) -> Checked:
    """Each row against the rule data, then the whole against the catalogue in force; all complaints at once."""
    wrong = list(_wrong_columns(*heading))
    units: dict[UnitCode, tuple[int, Unit]] = {}
    for number, cells in rows:
        unit, complaints = _unit(number, {name: cell for name, cell in cells.items() if name in COLUMNS})
        wrong += complaints
        if unit is None:
            continue
        if unit.code in units:
            first = units[unit.code][0]
            wrong.append(Wrong(number, "code", Invalid("catalogue.code_twice", unit=unit.code, row=first)))
            continue
        units[unit.code] = number, unit
        wrong += _references(number, unit, programmes)
    found = tuple(unit for _, unit in units.values())
    if wrong:
        return Checked(found, tuple(sorted(wrong, key=lambda one: one.row)))
    return _compared(found, programmes)


def as_file(units: Sequence[Unit]) -> str:
    """The catalogue as its file, in the columns that are used."""
    unused = {name for name in OPTIONAL if not any(getattr(unit, name) for unit in units)}
    columns = [name for name in COLUMNS if name not in unused]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_told(unit, name) for name in columns] for unit in units)
    return out.getvalue()


def _wrong_columns(row: int, columns: Mapping[str, int]) -> Iterator[Wrong]:
    for name in columns:
        if name not in COLUMNS:
            yield Wrong(row, name, Invalid("catalogue.column_unknown", column=name))
    for name in COLUMNS:
        if name not in columns and name not in OPTIONAL:
            yield Wrong(row, name, Invalid("catalogue.column_missing", column=name))


def _unit(number: int, cells: Cells) -> tuple[Unit | None, list[Wrong]]:
    try:
        return Unit.model_validate(cells), []
    except ValidationError as error:
        return None, [_explained(number, each) for each in error.errors(include_url=False)]


def _explained(number: int, error: ErrorDetails) -> Wrong:
    field = str(error["loc"][0]) if error["loc"] else "class_hours"
    told = str(error["input"]) if error["loc"] else ""
    kind, limits = error["type"], error.get("ctx", {})
    why: Refused = Invalid("catalogue.cell_wrong", column=field, told=told)
    if kind == "missing":
        why = Invalid("catalogue.cell_missing", column=field)
    elif kind.startswith("int_"):
        why = Invalid("catalogue.cell_no_number", column=field, told=told)
    elif kind == "greater_than_equal":
        why = Invalid("catalogue.cell_too_small", column=field, told=told, least=limits["ge"])
    elif kind == "less_than_equal":
        why = Invalid("catalogue.cell_too_large", column=field, told=told, most=limits["le"])
    elif kind in {"enum", "literal_error"}:
        why = Invalid("catalogue.cell_not_among", column=field, told=told, among=_among(limits["expected"]))
    elif not error["loc"]:
        why = Invalid("catalogue.no_whole_sessions")
    return Wrong(number, field, why)


def _among(expected: str) -> str:
    """`'onsite' or 'online'` without words of any language."""
    return expected.replace("'", "").replace(" or ", ", ")


def _references(number: int, unit: Unit, programmes: Programmes) -> Iterator[Wrong]:
    for field, code, register in (
        ("occupation", unit.occupation, programmes.occupations),
        ("level", unit.level, programmes.levels),
        ("needs_occupation", unit.needs_occupation, programmes.occupations),
        ("needs_level", unit.needs_level, programmes.levels),
    ):
        if code not in register:
            yield Wrong(number, field, Invalid("catalogue.code_unknown", column=field, told=code))
    if not programmes.bands_for(unit):
        most = max((programmes.class_hours_of(band) for band in programmes.bands), default=0)
        yield Wrong(
            number, "session_hours", Invalid("catalogue.fits_no_band", hours=unit.session_hours, most=most)
        )


def _compared(units: tuple[Unit, ...], programmes: Programmes) -> Checked:
    before = programmes.units
    now = {unit.code for unit in units}
    changed = (
        Changed(unit.code, fields) for unit in units if (fields := _differences(before.get(unit.code), unit))
    )
    return Checked(
        units=units,
        wrong=(),
        added=tuple(unit for unit in units if unit.code not in before),
        changed=tuple(changed),
        gone=tuple(unit for code, unit in before.items() if code not in now),
    )


def _differences(before: Unit | None, now: Unit) -> dict[str, tuple[str, str]]:
    if before is None:
        return {}
    told = {name: (_told(before, name), _told(now, name)) for name in COLUMNS}
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def _told(unit: Unit, name: str) -> str:
    value = getattr(unit, name)
    return "" if value is None else str(value)
