"""A scheme for one order: the rest of the plan stays as it is.

`draft` is the one door: whatever searches behind it, callers see the same values. The search here is the
first feasible slot in time order; it is deterministic, and the order of its input does not matter.
"""

from dataclasses import replace
from datetime import timedelta

from contracts.values import OccupationCode, OrderLine, Stage
from scheduling.planner.cohorts import cut
from scheduling.planner.cost import cost_of
from scheduling.planner.ledger import Ledger
from scheduling.planner.timetable import sessions_of, timetable, units_of
from scheduling.planner.world import Draft, OrderToPlan, Placed, Session, Unplaced, World, programme_of


def draft(order: OrderToPlan, world: World) -> Draft:
    """Cohorts, sessions with time and a proposed person, cost; what finds no place says why.

    `Invalid` when the order cannot be planned at all: a unit that does not exist, nothing to teach for the
    occupation and level, a crew that the shift pattern does not have.
    """
    book, programme = world.book, programme_of(world, order)
    enterprise = order.enterprise
    world = _with_the_enterprise(world, order)
    lines = {line.line: line for line in order.lines}
    ledger, cohorts = Ledger(world), cut(order, programme)
    todo: dict[str, list[Session]] = {}
    for cohort in cohorts:
        ledger.know(cohort)
        ledger.release_of(cohort)
        todo[cohort.letter] = list(sessions_of(cohort, units_of(lines[cohort.line], book), enterprise, book))
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    earliest = world.today + timedelta(days=programme.notice_days.value)
    scarce = _scarcity(order.lines, world)
    for cohort in sorted(cohorts, key=lambda c: (c.earliest, scarce[lines[c.line].occupation], c.letter)):
        done, left = timetable(
            cohort, todo[cohort.letter], ledger, earliest=earliest, pace=programme.sessions_per_week.value
        )
        placed += done
        unplaced += left
    letters = {c.cohort_id: c.letter for c in cohorts}
    placed.sort(key=lambda p: (letters[p.session.cohort_id], p.session.position))
    unplaced.sort(key=lambda u: (letters[u.session.cohort_id], u.session.position))
    everything = [s for c in cohorts for s in todo[c.letter]]
    cost = cost_of(
        sessions=everything,
        placed=placed,
        cohorts={c.cohort_id: c for c in cohorts},
        lines=order.lines,
        enterprise=enterprise,
        programme=programme,
        book=book,
    )
    stages = {programme.services.get(line.service) for line in order.lines}
    return Draft(cohorts, tuple(placed), tuple(unplaced), tuple(s for s in Stage if s in stages), cost)


def _with_the_enterprise(world: World, order: OrderToPlan) -> World:
    """The order's word on its enterprise is newer than the world's."""
    enterprises = {**world.enterprises, order.enterprise.enterprise_id: order.enterprise}
    return replace(world, enterprises=enterprises)


def _scarcity(lines: tuple[OrderLine, ...], world: World) -> dict[OccupationCode, int]:
    """How many people there are for each occupation: the scarcest is planned first among equals."""
    return {
        line.occupation: sum(
            any(q.occupation == line.occupation for q in t.person.qualifications) for t in world.teachers
        )
        for line in lines
    }
