"""What a plan costs and brings, from rule data with its source."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from contracts.programme import Programme
from contracts.values import CohortId, Mode, OrderLine, Stage
from scheduling.planner.world import CohortPlan, Cost, Enterprise, Placed, Session
from staffing.costs import lecture_fees, travel_costs
from staffing.rulebook import Rulebook
from staffing.subsidies import certificate_allowance


def cost_of(
    *,
    sessions: Iterable[Session],
    placed: Iterable[Placed],
    cohorts: Mapping[CohortId, CohortPlan],
    lines: Iterable[OrderLine],
    enterprise: Enterprise,
    programme: Programme,
    book: Rulebook,
) -> Cost:
    """Fees by class-hour, travel flat by onsite session, allowances if everybody passes, working time lost."""
    funding, sessions = book.programmes.rules.funding, tuple(sessions)
    fee, travel = funding.lecture_fee_yuan_per_class_hour, funding.travel_yuan_per_onsite_session
    hours = sum(s.class_hours for s in sessions)
    subsidy, sources = _subsidy(lines, programme, book)
    return Cost(
        class_hours=hours,
        lecture_fees=lecture_fees(hours, book.programmes),
        travel=travel_costs(sum(s.mode is Mode.ONSITE for s in sessions), book.programmes),
        subsidy_expected=subsidy,
        release_minutes=sum(release_of(p, cohorts[p.session.cohort_id], enterprise, book) for p in placed),
        sources=(("lecture_fee", fee.source), ("travel", travel.source), *sources),
    )


def release_of(placed: Placed, cohort: CohortPlan, enterprise: Enterprise, book: Rulebook) -> int:
    """Working minutes that the session takes, times people."""
    span = book.span(placed.day, placed.band)
    return sum(
        (book.crews_release(enterprise.shift, (crew,), enterprise.anchor).minutes(span) or 0) * people
        for crew, people in cohort.crews.items()
    )


def _subsidy(
    lines: Iterable[OrderLine], programme: Programme, book: Rulebook
) -> tuple[Decimal, tuple[tuple[str, str], ...]]:
    total, sources = Decimal(0), set[tuple[str, str]]()
    evaluated = (line for line in lines if programme.services.get(line.service) is Stage.EVALUATION)
    for line in evaluated:
        allowance = certificate_allowance(line.level, book.programmes)
        if allowance is not None:
            total += allowance.yuan * len(line.trainees)
            sources.add(("certificate_allowance", allowance.source))
    return total, tuple(sorted(sources))
