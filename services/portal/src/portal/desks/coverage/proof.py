"""An order's proof: every clause of what was agreed, folded from the facts of its story. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.base import Fact
from contracts.evaluation import DeliveryCompleted
from contracts.order_intake import (
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderFulfilled,
    OrderLineClosed,
    OrderRejected,
    OrderSubmitted,
    OrderWithdrawn,
)
from contracts.programme import Programmes
from contracts.scheduling import SchemeConfirmed
from contracts.values import LineNumber, OrderId, OrderLine, Reason, Stage, WorkerId, because
from portal.desks.coverage.clauses import (
    Completed,
    Coverage,
    LineCoverage,
    Status,
    Totals,
    together,
)
from portal.desks.coverage.examined import Candidate, Key, candidates_of, part_figures, person_clause
from portal.desks.coverage.teaching import Teaching, teaching_of
from servicekit.db import Cause
from staffing.counting import totals


@dataclass
class Agreed:
    """What order-intake said of the order."""

    order_id: OrderId | None = None
    number: str = ""
    programme: str = ""
    lines: dict[LineNumber, OrderLine] = field(default_factory=dict)
    """As agreed now; one that an amendment took away has nobody on it."""
    ever: dict[LineNumber, dict[WorkerId, None]] = field(default_factory=dict)
    """Everybody who was on a line since the order was taken."""
    ended: tuple[Reason, ...] | None = None
    closed: dict[LineNumber, int] = field(default_factory=dict)
    completed: DeliveryCompleted | None = None


def coverage_of(known: Sequence[tuple[Fact, Cause]], programmes: Programmes) -> Coverage | None:
    """The proof; nothing while no order was asked for in these facts."""
    agreed = _agreed(known)
    if agreed.order_id is None:
        return None
    teaching, candidates = teaching_of(known), candidates_of(known)
    lines = tuple(
        _line(line, agreed, teaching, candidates, programmes) for _, line in sorted(agreed.lines.items())
    )
    told = _totals(lines, agreed, teaching)
    done = agreed.completed
    completed = Completed.model_validate(done, from_attributes=True) if done else None
    return Coverage.of_status(
        lines,
        order_id=agreed.order_id,
        number=agreed.number,
        version=teaching.version,
        in_force=teaching.in_force,
        totals=told,
        completed=completed,
        agrees=completed is None or completed == _as_completed(told),
    )


def _agreed(known: Sequence[tuple[Fact, Cause]]) -> Agreed:  # noqa: C901  one line per fact
    agreed = Agreed()
    for fact, _ in known:
        match fact:
            case OrderSubmitted() | OrderAccepted():
                agreed.order_id, agreed.number, agreed.programme = fact.order_id, fact.number, fact.programme
                agreed.lines, agreed.ended = {line.line: line for line in fact.lines}, None
            case OrderAmended():
                gone = {
                    number: line.model_copy(update={"trainees": ()}) for number, line in agreed.lines.items()
                }
                agreed.lines, agreed.completed = gone | {line.line: line for line in fact.lines}, None
            case OrderCancelled():
                agreed.ended = (fact.reason,)
            case OrderRejected():
                agreed.ended = fact.reasons
            case OrderWithdrawn():
                agreed.ended = (because("coverage.withdrawn"),)
            case OrderFulfilled():
                agreed.ended = (because("coverage.fulfilled_without"),)
            case OrderLineClosed():
                agreed.closed[fact.line] = fact.heads
            case DeliveryCompleted():
                agreed.completed = fact
            case SchemeConfirmed():
                agreed.completed = None
        if isinstance(fact, OrderAccepted | OrderAmended):
            for line in fact.lines:
                agreed.ever.setdefault(line.line, {}).update((t.worker_id, None) for t in line.trainees)
    return agreed


def _line(
    line: OrderLine,
    agreed: Agreed,
    teaching: Teaching,
    candidates: Mapping[Key, Candidate],
    programmes: Programmes,
) -> LineCoverage:
    programme = programmes.programmes[agreed.programme]
    found = LineCoverage(
        line=line.line,
        service=line.service,
        stage=programme.services.get(line.service),
        occupation=line.occupation,
        level=line.level,
        people=len(line.trainees),
        status=Status.AHEAD,
        units=teaching.units.get(line.line, ()),
        earlier=teaching.earlier.get(line.line, ()),
    )
    if found.stage is Stage.EVALUATION:
        kinds = programme.certificates.kinds
        here = {trainee.worker_id for trainee in line.trainees}
        persons = tuple(
            person_clause(
                worker,
                candidates.get((line.line, worker)),
                kinds=kinds,
                left=worker not in here,
                ended=agreed.ended,
            )
            for worker in {**agreed.ever.get(line.line, {}), **dict.fromkeys(here)}
        )
        parts = tuple(part_figures(part, persons) for part in programmes.levels[line.level].parts)
        return _with(found, persons=persons, parts=parts, status=together(one.status for one in persons))
    if found.units:
        return _with(found, status=together(unit.status for unit in found.units))
    if line.line in agreed.closed:
        return _with(found, status=Status.DELIVERED, closed_heads=agreed.closed[line.line])
    return _without_clauses(found, agreed)


def _without_clauses(line: LineCoverage, agreed: Agreed) -> LineCoverage:
    """A line that nothing in the version fulfils: it was taught before, was taken away, ended, or waits."""
    if any(each.delivered for each in line.earlier):
        return _with(line, status=Status.DELIVERED, reasons=(because("coverage.taught_earlier"),))
    if not line.people:
        return _with(line, status=Status.NOT, reasons=(because("coverage.line_gone"),))
    if agreed.ended is not None:
        return _with(line, status=Status.NOT, reasons=agreed.ended)
    waits = because("coverage.to_close") if line.stage is None else because("coverage.no_scheme")
    return _with(line, reasons=(waits,))


def _with(line: LineCoverage, **changes: object) -> LineCoverage:
    return line.model_copy(update=changes)


def _totals(lines: Sequence[LineCoverage], agreed: Agreed, teaching: Teaching) -> Totals:
    sessions = [each for line in lines for unit in line.units for each in unit.sessions]
    earlier = [each for line in lines for each in line.earlier]
    held = teaching.held()
    learnt = totals(held)
    persons = [one for line in lines for one in line.persons]
    certificates = [each for one in persons for each in one.certificates if each.replaced_by is None]
    taught = [agreed.lines[line.line] for line in lines if line.stage is Stage.DELIVERY]
    return Totals(
        sessions=len(sessions),
        sessions_held=len(held),
        sessions_ahead=sum(each.status is Status.AHEAD for each in sessions),
        sessions_not_held=sum(each.status is Status.NOT for each in sessions),
        sessions_replaced=sum(not each.delivered for each in earlier),
        class_hours=sum(each.class_hours for each in (*sessions, *(one for one in earlier if one.delivered))),
        class_hours_delivered=sum(each.delivered for each in (*sessions, *earlier)),
        people=len({trainee.worker_id for line in taught for trainee in line.trainees}),
        heads=learnt.heads,
        person_times=learnt.person_times,
        people_to_certify=len(persons),
        people_certified=sum(one.status is Status.DELIVERED for one in persons),
        certificates_issued=len(certificates),
        certificates_revoked=sum(each.revoked_on is not None for each in certificates),
    )


def _as_completed(totals: Totals) -> Completed:
    return Completed(
        sessions=totals.sessions_held,
        heads=totals.heads,
        person_times=totals.person_times,
        class_hours=totals.class_hours_delivered,
    )
