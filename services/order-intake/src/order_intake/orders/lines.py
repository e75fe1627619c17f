"""Lines of an order: as they lie on the enterprise's desk, and what makes them fit to be asked for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.base import Value
from contracts.refusals import Invalid
from contracts.values import (
    BandCode,
    LevelCode,
    Minutes,
    OccupationCode,
    OrderLine,
    ServiceLine,
    Trainee,
    UnitCode,
)

MOST_TRAINEES = 2000
"""Most people on one line."""


class DraftLine(Value):
    """A line on the enterprise's desk; what is missing may come later, but before the order is submitted."""

    line: Annotated[int, Field(ge=1, le=99)]
    service: ServiceLine
    occupation: OccupationCode
    level: LevelCode | None = None
    heads: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """People the enterprise thinks of, until there is a roster."""
    trainees: tuple[Trainee, ...] = ()
    units: tuple[UnitCode, ...] = ()
    bands: tuple[BandCode, ...] = ()
    cohort_sizes: tuple[Annotated[int, Field(ge=1, le=200)], ...] = ()
    earliest: date | None = None
    latest: date | None = None
    release_cap_minutes: Minutes = 0


@dataclass(frozen=True, slots=True)
class Offered:
    """What a programme lets be ordered, and the crews of the works: rule data, not code."""

    services: Collection[str]
    levels_of: Mapping[str, Collection[str]]
    """Levels by occupation."""
    bands: Collection[str]
    units: Collection[str] | None
    """Course units of the catalogue; `None` where the programme has none written down."""
    crews: Collection[str]


def with_trainees_of(lines: Iterable[DraftLine], before: Iterable[DraftLine]) -> tuple[DraftLine, ...]:
    """The lines with the people that stood on the line of the same number: an edit does not lose a roster."""
    known = {line.line: line.trainees for line in before}
    return tuple(line.model_copy(update={"trainees": known.get(line.line, ())}) for line in lines)


def drafted(line: OrderLine) -> DraftLine:
    """A line as ordered, laid on the desk again."""
    return DraftLine(**dict(line), heads=len(line.trainees))


def check_drafted(lines: Sequence[DraftLine], offered: Offered) -> None:
    """What may lie on a desk: much may be missing, but each line has its own number and no code is a wrong one."""
    check_numbers(lines)
    for at, line in enumerate(lines):
        _known(line, offered, f"lines.{at}")


def check_numbers(lines: Sequence[DraftLine]) -> None:
    """Each line has a number of its own."""
    seen: set[int] = set()
    for at, line in enumerate(lines):
        if line.line in seen:
            raise Invalid("order.line_twice", field=f"lines.{at}.line", line=line.line)
        seen.add(line.line)


def ready(lines: Sequence[DraftLine], offered: Offered, *, today: date) -> tuple[OrderLine, ...]:
    """The lines as they can be asked for, or the first rule that says no, with its field."""
    if not lines:
        raise Invalid("order.no_lines", field="lines")
    check_numbers(lines)
    return tuple(_ready(line, offered, today, f"lines.{at}") for at, line in enumerate(lines))


def _ready(line: DraftLine, offered: Offered, today: date, at: str) -> OrderLine:
    if line.level is None:
        raise Invalid("order.line_incomplete", field=f"{at}.level", line=line.line, missing="level")
    if line.earliest is None or line.latest is None:
        missing = "earliest" if line.earliest is None else "latest"
        raise Invalid("order.line_incomplete", field=f"{at}.{missing}", line=line.line, missing=missing)
    if line.latest < line.earliest:
        raise Invalid(
            "order.dates_reversed",
            field=f"{at}.latest",
            line=line.line,
            earliest=line.earliest,
            latest=line.latest,
        )
    _not_past(line.line, line.latest, today, at)
    _known(line, offered, at)
    _people(line, offered, at)
    return OrderLine(**line.model_dump(exclude={"heads"}))


def check_not_past(lines: Iterable[OrderLine], *, today: date) -> None:
    """A line whose last day has gone by can no longer be planned."""
    for at, line in enumerate(lines):
        _not_past(line.line, line.latest, today, f"lines.{at}")


def _not_past(line: int, latest: date, today: date, at: str) -> None:
    if latest < today:
        raise Invalid("order.dates_past", field=f"{at}.latest", line=line, latest=latest, today=today)


def _known(line: DraftLine, offered: Offered, at: str) -> None:
    if line.service not in offered.services:
        raise Invalid(
            "order.service_not_offered",
            field=f"{at}.service",
            line=line.line,
            service=line.service,
            known=_told(offered.services),
        )
    levels = offered.levels_of.get(line.occupation)
    if levels is None:
        raise Invalid(
            "order.occupation_unknown", field=f"{at}.occupation", line=line.line, occupation=line.occupation
        )
    if line.level is not None and line.level not in levels:
        raise Invalid(
            "order.level_unknown",
            field=f"{at}.level",
            line=line.line,
            level=line.level,
            occupation=line.occupation,
            known=_told(levels),
        )
    for band in line.bands:
        if band not in offered.bands:
            raise Invalid(
                "order.band_unknown",
                field=f"{at}.bands",
                line=line.line,
                band=band,
                known=_told(offered.bands),
            )
    for unit in line.units:
        if offered.units is not None and unit not in offered.units:
            raise Invalid("order.unit_unknown", field=f"{at}.units", line=line.line, unit=unit)


def _told(codes: Collection[str]) -> str:
    return ", ".join(sorted(codes))


def _people(line: DraftLine, offered: Offered, at: str) -> None:
    heads = len(line.trainees)
    if not heads:
        raise Invalid("order.no_trainees", field=f"{at}.trainees", line=line.line)
    if heads > MOST_TRAINEES:
        raise Invalid(
            "order.too_many_trainees",
            field=f"{at}.trainees",
            line=line.line,
            heads=heads,
            most=MOST_TRAINEES,
        )
    strange = sorted({trainee.crew for trainee in line.trainees} - set(offered.crews))
    if strange:
        raise Invalid("order.crew_unknown", field=f"{at}.trainees", line=line.line, crew=strange[0])
    if line.cohort_sizes and sum(line.cohort_sizes) != heads:
        raise Invalid(
            "order.cohort_sizes_differ",
            field=f"{at}.cohort_sizes",
            line=line.line,
            sum=sum(line.cohort_sizes),
            heads=heads,
        )
