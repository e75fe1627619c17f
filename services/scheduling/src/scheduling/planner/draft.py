"""A scheme for one order: the rest of the plan stays as it is.

`draft` is the one door, and `alternatives` beside it: whatever searches behind them, callers see the same values. The
search here is greedy by the manner of the draft; it is deterministic, and the order of its input does not matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from contracts.values import CohortId, OccupationCode, OrderLine, Stage
from scheduling.planner.cost import cost_of
from scheduling.planner.cuts import compared, worth_trying
from scheduling.planner.evaluating import evaluations
from scheduling.planner.kept import keep
from scheduling.planner.ledger import Ledger
from scheduling.planner.manner import ALTERNATIVES, WISHED, Manner
from scheduling.planner.timetable import sessions_of, timetable, units_of
from scheduling.planner.world import (
    Alternative,
    CohortPlan,
    Draft,
    OrderToPlan,
    Placed,
    Session,
    Unplaced,
    World,
    programme_of,
)


def draft(order: OrderToPlan, world: World) -> Draft:
    """Cohorts, sessions with time and a proposed person, cost; what finds no place says why.

    `Invalid` when the order cannot be planned at all: a unit that does not exist, nothing to teach for the
    occupation and level, a crew that the shift pattern does not have.
    """
    return _best_cut(order, world)[1].draft


def alternatives(order: OrderToPlan, world: World) -> tuple[Alternative, ...]:
    """The draft, and for every other manner the plan that reaches most of what it wants. `Invalid` as for a draft.

    A greedy search may miss what it puts first, so each manner has the choice among the plans of all. The cohorts are
    those of the draft.
    """
    task, wished = _best_cut(order, world)
    plans = {WISHED: wished} | {manner: _plan(task, manner) for manner in ALTERNATIVES}

    def best(manner: Manner) -> Alternative:
        own_first = (plans[manner], *plans.values())
        found = min(own_first, key=lambda each: manner.goal(each.draft, each.driving))
        return replace(found, name=manner.name, cuts=None)

    return wished, *(best(manner) for manner in ALTERNATIVES)


@dataclass(frozen=True)
class _Task:
    """An order in its world, cut into cohorts: the same in whatever manner it is planned. The ledger is only copied."""

    order: OrderToPlan
    world: World
    ledger: Ledger
    cohorts: tuple[CohortPlan, ...]
    todo: Mapping[CohortId, tuple[Session, ...]]


def _best_cut(order: OrderToPlan, world: World) -> tuple[_Task, Alternative]:
    """The order planned as wished with every cut that is worth a try, and the best of those plans."""
    world = _with_the_enterprise(world, order)
    ledger = Ledger(world)
    tasks = {
        name: _task(order, world, ledger, cohorts)
        for name, cohorts in worth_trying(order, programme_of(world, order)).items()
    }
    plans = {name: _plan(task, WISHED) for name, task in tasks.items()}
    name, cuts = compared({name: plan.draft for name, plan in plans.items()})
    return tasks[name], replace(plans[name], cuts=cuts)


def _task(order: OrderToPlan, world: World, empty: Ledger, cohorts: tuple[CohortPlan, ...]) -> _Task:
    book, enterprise, ledger = world.book, order.enterprise, empty.copy()
    lines = {line.line: line for line in order.lines}
    todo: dict[CohortId, tuple[Session, ...]] = {}
    for cohort in cohorts:
        ledger.know(cohort)
        ledger.release_of(cohort)
        units = units_of(lines[cohort.line], book)
        todo[cohort.cohort_id] = tuple(sessions_of(cohort, units, enterprise, book))
    return _Task(order, world, ledger, cohorts, todo)


def _plan(task: _Task, manner: Manner) -> Alternative:
    order, world, ledger = task.order, task.world, task.ledger.copy()
    programme = programme_of(world, order)
    occupation = {line.line: line.occupation for line in order.lines}
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    driving = 0
    earliest = world.today + timedelta(days=programme.notice_days.value)
    scarce, pace = _scarcity(order.lines, world), programme.sessions_per_week.value
    kept = keep(order.pinned, task.cohorts, task.todo, ledger, pace)
    for cohort in sorted(task.cohorts, key=lambda c: (c.earliest, scarce[occupation[c.line]], c.letter)):
        made = timetable(
            cohort, task.todo[cohort.cohort_id], ledger, manner, earliest=earliest, pace=pace, kept=kept,
        )  # fmt: skip
        placed += made.placed
        unplaced += made.unplaced
        driving += made.driving
    letters = {c.cohort_id: c.letter for c in task.cohorts}
    placed.sort(key=lambda p: (letters[p.session.cohort_id], p.session.position))
    unplaced.sort(key=lambda u: (letters[u.session.cohort_id], u.session.position))
    by_id = {c.cohort_id: c for c in task.cohorts}
    cost = cost_of(
        sessions=[s for c in task.cohorts for s in task.todo[c.cohort_id]],
        placed=placed,
        cohorts=by_id,
        lines=order.lines,
        enterprise=order.enterprise,
        programme=programme,
        book=world.book,
    )
    found = {programme.services.get(line.service) for line in order.lines}
    stages = tuple(s for s in Stage if s in found)
    examined = evaluations(order.lines, placed, by_id, order.enterprise, programme, world.book)
    plan = Draft(task.cohorts, tuple(placed), tuple(unplaced), stages, cost, examined)
    return Alternative(manner.name, plan, driving)


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
