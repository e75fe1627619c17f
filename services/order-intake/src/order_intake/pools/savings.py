"""What lines cost to teach, by the figures that schemes reckon with, and what one class for all of them saves. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal

from contracts.programme import Programme, Programmes
from contracts.programme_tables import Unit
from contracts.values import Mode, OrderLine, Stage
from staffing.classes import cut_line
from staffing.costs import lecture_fees, travel_costs


@dataclass(frozen=True, slots=True)
class Teaching:
    """Classes, their sessions, and the yuan that they cost."""

    classes: int = 0
    sessions: int = 0
    onsite: int = 0
    """Sessions at a works: a drive of whoever is sent, each."""
    class_hours: int = 0
    lecture_fees: Decimal = Decimal(0)
    travel: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Yuan in all."""
        return self.lecture_fees + self.travel

    def __add__(self, other: "Teaching") -> "Teaching":
        return Teaching(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Teaching)))

    def __sub__(self, other: "Teaching") -> "Teaching":
        return Teaching(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Teaching)))


def taught(line: OrderLine, programme: Programme) -> bool:
    """Whether the line leads to sessions."""
    return programme.services.get(line.service) is Stage.DELIVERY


def units_of(line: OrderLine, programmes: Programmes) -> tuple[Unit, ...]:
    """What a class of the line is taught: the units wished, or all of the occupation and level."""
    wished = tuple(programmes.units[code] for code in line.units if code in programmes.units)
    return wished or programmes.units_of(line.occupation, line.level)


def teaching_of(lines: Iterable[OrderLine], programme: Programme, programmes: Programmes) -> Teaching:
    """What these lines cost, each cut into classes as the planner cuts it."""
    return sum(
        (_of_line(line, programme, programmes) for line in lines if taught(line, programme)), Teaching()
    )


def _of_line(line: OrderLine, programme: Programme, programmes: Programmes) -> Teaching:
    classes = len(cut_line(line, programme.class_size_max.value))
    units = units_of(line, programmes)
    sessions = classes * sum(unit.sessions for unit in units)
    onsite = classes * sum(unit.sessions for unit in units if unit.mode is Mode.ONSITE)
    hours = classes * sum(unit.class_hours for unit in units)
    return Teaching(
        classes, sessions, onsite, hours, lecture_fees(hours, programmes), travel_costs(onsite, programmes)
    )
