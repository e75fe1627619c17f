"""What a confirmed version says, made again from facts. Its hash tells whether it is the same."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from contracts.values import Cohort, OrderId
from scheduling.planner.cost import cost_of
from scheduling.planner.evaluating import evaluations
from scheduling.planner.world import CohortPlan, Draft, Placed
from scheduling.schemes.rules import Scheme
from scheduling.schemes.store import Ordered
from scheduling.sessions.commands import as_placed
from scheduling.sessions.rules import Timetabled
from staffing.rulebook import Rulebook


def cohort_plans(
    order_id: OrderId, ordered: Ordered, cohorts: Iterable[Cohort], *, today: date
) -> tuple[CohortPlan, ...]:
    """The cohorts with what their sessions must keep to, as the order's lines say."""
    return tuple(_plan(order_id, ordered, cohort, today) for cohort in cohorts)


def _plan(order_id: OrderId, ordered: Ordered, cohort: Cohort, today: date) -> CohortPlan:
    """Of a line that was amended away before the scheme is withdrawn, nothing is left to keep to."""
    line = next((each for each in ordered.lines if each.line == cohort.line), None)
    workers = frozenset(cohort.workers)
    trainees = line.trainees if line else ()
    crews = Counter(trainee.crew for trainee in trainees if trainee.worker_id in workers)
    return CohortPlan(
        cohort_id=cohort.cohort_id,
        order_id=order_id,
        enterprise_id=ordered.enterprise_id,
        line=cohort.line,
        letter=CohortPlan.name_of(cohort),
        crews={crew: crews[crew] for crew in cohort.crews},
        workers=workers,
        earliest=line.earliest if line else today,
        latest=line.latest if line else today,
        release_cap=line.release_cap_minutes if line else 0,
        bands=line.bands if line else (),
    )


def draft_in_force(
    scheme: Scheme,
    ordered: Ordered,
    cohorts: Sequence[CohortPlan],
    rows: Iterable[Timetabled],
    book: Rulebook,
) -> Draft:
    """The version that was confirmed, as its sessions stand on the timetable."""
    letters = {cohort.cohort_id: cohort.letter for cohort in cohorts}
    placed = [
        _as_drafted(row, book) for row in rows if row.told.cohort_id in letters and not row.is_cancelled
    ]
    placed.sort(key=lambda p: (letters[p.session.cohort_id], p.session.position))
    by_id, programme = {c.cohort_id: c for c in cohorts}, book.programmes.programmes[ordered.programme]
    cost = cost_of(
        sessions=[each.session for each in placed],
        placed=placed,
        cohorts=by_id,
        lines=ordered.lines,
        enterprise=ordered.enterprise,
        programme=programme,
        book=book,
    )
    examined = evaluations(ordered.lines, placed, by_id, ordered.enterprise, programme, book)
    return Draft(tuple(cohorts), tuple(placed), (), scheme.stages, cost, examined)


def _as_drafted(row: Timetabled, book: Rulebook) -> Placed:
    """Whom the planner proposed, whoever was asked since."""
    placed = as_placed(row, book)
    return Placed(placed.session, placed.day, placed.band, row.told.proposed, row.told.reasons)
