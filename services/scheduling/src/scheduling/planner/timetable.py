"""The sessions of a cohort: units in teaching order, on strictly increasing days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid5

from contracts.programme import Unit
from contracts.refusals import Invalid
from contracts.values import CohortId, Minutes, Needs, OrderLine, SessionId
from scheduling.planner.choice import Search
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import Manner
from scheduling.planner.world import CohortPlan, Enterprise, Placed, Session, Unplaced
from staffing.rulebook import Rulebook


def units_of(line: OrderLine, book: Rulebook) -> tuple[Unit, ...]:
    """The wished units in the wished order, else all of the occupation and level.

    `Invalid` for a unit that does not exist, and when the catalogue has nothing for the line.
    """
    catalogue = book.programmes.units
    for code in line.units:
        if code not in catalogue:
            raise Invalid("unit.unknown", unit=code, line=line.line)
    units = tuple(catalogue[code] for code in line.units)
    units = units or book.programmes.units_of(line.occupation, line.level)
    if not units:
        raise Invalid("catalogue.nothing_to_teach", occupation=line.occupation, level=line.level)
    return units


def sessions_of(
    cohort: CohortPlan, units: Iterable[Unit], enterprise: Enterprise, book: Rulebook
) -> Iterator[Session]:
    """What the cohort is taught, cut into sessions."""
    pieces = (unit for unit in units for _ in range(unit.sessions))
    for position, unit in enumerate(pieces, start=1):
        yield session_of(
            unit, cohort.cohort_id, position, uuid5(cohort.cohort_id, str(position)), enterprise, book
        )


def session_of(
    unit: Unit, cohort_id: CohortId, position: int, id_: SessionId, enterprise: Enterprise, book: Rulebook
) -> Session:
    """One session of the unit at this place in the cohort's teaching order."""
    return Session(
        session_id=id_,
        cohort_id=cohort_id,
        position=position,
        unit=unit.code,
        mode=unit.mode,
        class_hours=unit.session_hours,
        needs=Needs(occupation=unit.needs_occupation, level=unit.needs_level),
        enterprise_id=enterprise.enterprise_id,
        division=enterprise.division,
        bands=book.programmes.bands_for(unit),
    )


NONE_KEPT: Mapping[SessionId, Placed | Unplaced] = {}


@dataclass
class Timetable:
    """A cohort's sessions with their times, and those that found none."""

    placed: list[Placed] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    driving: Minutes = 0
    """Minutes of driving that the sessions add to the days of those proposed."""


def timetable(
    cohort: CohortPlan,
    sessions: Sequence[Session],
    ledger: Ledger,
    manner: Manner,
    *,
    earliest: date,
    pace: int,
    kept: Mapping[SessionId, Placed | Unplaced] = NONE_KEPT,
) -> Timetable:
    """Places the cohort's sessions in order, each at the best slot that somebody can come to.

    A session that finds no slot is left out, and the next one is tried from the same day on. What is `kept` has its
    place in the ledger already, and the others are placed before and after it.
    """
    made = Timetable()
    first = max(earliest, cohort.earliest)
    for later, session in zip(reversed(range(len(sessions))), sessions, strict=True):
        stays = kept.get(session.session_id)
        if isinstance(stays, Unplaced):
            made.unplaced.append(stays)
            continue
        if stays is not None:
            made.placed.append(stays)
            first = max(first, stays.day + timedelta(days=1))
            continue
        search = Search(ledger, session, pace, manner)
        days = [p.day for p in ledger.by_cohort[cohort.cohort_id] if p.session.position > session.position]
        last = min([cohort.latest, *(day - timedelta(days=1) for day in days)])
        found = search.first(manner.windows(first, last, later=later, pace=pace))
        if found is None:
            made.unplaced.append(Unplaced(session, search.tried()))
            continue
        made.driving += ledger.added_by(found)
        ledger.add(found)
        made.placed.append(found)
        first = found.day + timedelta(days=1)
    return made
