"""The evaluation that a scheme leads to: parts by level, days after the last session, place, candidates, assessors."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from contracts.programme import Programme
from contracts.values import CohortId, OrderLine, Stage
from scheduling.planner.world import CohortPlan, Enterprise, EvaluationPlan, Placed
from staffing.people import assessors_for
from staffing.rulebook import Rulebook


def evaluations(
    lines: Iterable[OrderLine],
    placed: Iterable[Placed],
    cohorts: Mapping[CohortId, CohortPlan],
    enterprise: Enterprise,
    programme: Programme,
    book: Rulebook,
) -> tuple[EvaluationPlan, ...]:
    """One for each line that asks for an evaluation, by line."""
    lines = sorted(lines, key=lambda line: line.line)
    trades = {line.line: (line.occupation, line.level) for line in lines}
    last: dict[tuple[str, str], date] = {}
    for one in placed:
        trade = trades.get(cohorts[one.session.cohort_id].line)
        if trade is not None:
            last[trade] = max(one.day, last.get(trade, date.min))
    return tuple(
        _evaluation(line, last.get(trades[line.line]), enterprise, programme, book)
        for line in lines
        if programme.services.get(line.service) is Stage.EVALUATION
    )


def _evaluation(
    line: OrderLine, taught: date | None, enterprise: Enterprise, programme: Programme, book: Rulebook
) -> EvaluationPlan:
    """`taught` is the last session of the same occupation and level; without one, the line's own days count."""
    level, window = book.programmes.levels.get(line.level), programme.evaluation_window
    examined = level is not None and level.cert_level_code is not None
    earliest, latest = line.earliest, line.latest
    if taught is not None:
        earliest = max(earliest, taught + timedelta(days=window.earliest_days))
        latest = taught + timedelta(days=window.latest_days)
    figures = book.programmes.rules.evaluation.figures(line.occupation, earliest)
    assessors, groups = assessors_for(len(line.trainees), figures) if examined else (0, 0)
    return EvaluationPlan(
        line=line.line,
        occupation=line.occupation,
        level=line.level,
        parts=level.parts if level is not None and examined else (),
        candidates=len(line.trainees),
        assessors=assessors,
        groups=groups,
        earliest=earliest,
        latest=max(earliest, latest),
        division=enterprise.division,
        enterprise_id=enterprise.enterprise_id,
    )
